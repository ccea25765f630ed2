"""Every role of the framework is there, and each sees the entries of the menu that it needs."""

from __future__ import annotations

import re

import pytest

from organisation.roles import Role
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db
EVERYBODY = ["My work", "Commissions", "Requests", "Contracts", "Search"]
MORE = {
    Role.CCPS_MANAGER: ["Dashboard"],
    Role.SERVICE_LEADER: ["Dashboard"],
    Role.LEADERSHIP_APPROVER: ["Dashboard"],
    Role.AUDITOR: ["Dashboard", "Audit trail", "Admin"],
    Role.ADMINISTRATOR: ["Dashboard", "Audit trail", "Admin"],
}


def menu(page: str) -> set[str]:
    """The entries of the wide navigation."""
    wide = page.split('<nav class="gh-nav__wide"')[1].split("</nav>")[0]
    return {re.sub(r"\s+", " ", label).strip() for label in re.findall(r'<a href="[^"]+"[^>]*>([^<]+)</a>', wide)}


@pytest.mark.requirement("N-294")
@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_the_menus_it_needs(council, signed_in, role):
    """Commissioner, contract manager, budget holder, leaders, CCPS, Legal, Finance, other functions, administrators."""
    page = signed_in(people.person(role, at=council)).get("/").content.decode()

    for label in EVERYBODY:
        assert label in menu(page)
    only_some = {label for labels in MORE.values() for label in labels}
    assert menu(page) & only_some == set(MORE.get(role, []))
