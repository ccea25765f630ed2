"""A council with its people, and a browser that walks through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from casework import framework_loading
from casework.audit import audited
from organisation import clock
from organisation.actors import System
from organisation.models import CommissioningFramework, Organisation, Person, ServiceArea, Supplier
from organisation.roles import Function, Role
from tests.factories import organisation as org
from tests.journeys.walking import Walker

FRAMEWORK = Path(__file__).parents[2] / "fixtures" / "frameworks" / "default"


@dataclass
class Council:
    """The people of worked example 22.2, and those who must see nothing of it."""

    organisation: Organisation
    area: ServiceArea
    priya: Person
    tom: Person
    ann: Person
    sam: Person
    lewis: Person
    maria: Person
    jo: Person
    outsider: Person
    supplier: Supplier
    other_supplier: Supplier


@pytest.fixture
def council(transactional_db: None) -> Council:
    """Alder County Council under the default framework, on Monday 7 September 2026."""
    clock.move_to(date(2026, 9, 7))
    org.calendars()
    content = framework_loading.read(FRAMEWORK)
    with audited(by=System("The framework was loaded for a test")):
        framework_loading.load(content)
    framework = CommissioningFramework.objects.get(key=content["key"])
    alder = org.organisation(key="alder", name="Alder County Council", framework=framework)
    area = org.service_area(directorate=org.directorate(alder, name="Adult Services"), name="Learning and Skills")

    def person(name: str, team: str, role: Role, everywhere: bool = False, **more: Any) -> Person:
        email = f"{name.lower().replace(' ', '.')}@alder.example"
        made = org.person(at=alder, name=name, team=team, email=email)
        org.membership(made, role, at=alder, area=None if everywhere else area, **more)
        return made

    return Council(
        organisation=alder,
        area=area,
        priya=person("Priya Shah", "Commissioning", Role.COMMISSIONER),
        tom=person("Tom Hesketh", "Adult Services", Role.SERVICE_LEADER),
        ann=person("Ann Doyle", "Adult Services", Role.BUDGET_HOLDER),
        sam=person("Sam Birtles", "Contracts", Role.CONTRACT_MANAGER),
        lewis=person("Lewis Grant", "CCPS", Role.CCPS_OFFICER, everywhere=True),
        maria=person("Maria Okafor", "CCPS", Role.CCPS_MANAGER, everywhere=True),
        jo=person(
            "Jo Lindley",
            "Information Governance",
            Role.OTHER_FUNCTION,
            everywhere=True,
            function=Function.INFORMATION_GOVERNANCE,
        ),
        outsider=org.person(Role.COMMISSIONER, name="Olive Outside"),
        supplier=org.supplier(alder, name="Safe Hands Training Ltd"),
        other_supplier=org.supplier(alder, name="Lift Well CIC"),
    )


@pytest.fixture
def walk(page: Any, live_server: Any, sign_in_browser: Callable[[Person], None], council: Council) -> Walker:
    """A browser at the council's address."""
    page.set_default_timeout(15_000)
    return Walker(page, live_server.url, sign_in_browser)


@pytest.fixture
def plain_walk(browser: Any, browser_context_args: Any, live_server: Any, council: Council) -> Iterator[Walker]:
    """The same with scripts off."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)

    def sign_in(person: Person) -> None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.clear_cookies()
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    yield Walker(page, live_server.url, sign_in, has_scripts=False)
    context.close()
