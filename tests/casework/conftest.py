"""A council that follows the default framework, and the people of its Legal queue."""

from types import SimpleNamespace

import pytest

from organisation.roles import Role
from tests.factories import casework as make
from tests.factories import organisation as people


@pytest.fixture
def alder(db: None) -> SimpleNamespace:
    """Alder: Priya asks, Hal and Nina work for Legal, Lewis and Maria for CCPS; Olga works at another council."""
    council = make.council(name="Alder")
    other = people.organisation(name="Westmere", framework=council.framework)
    return SimpleNamespace(
        council=council,
        other=other,
        priya=make.commissioner(council, name="Priya Shah", team="Commissioning"),
        hal=make.lawyer(council, name="Hal Whitby", team="Legal"),
        nina=make.lawyer(council, name="Nina Rao", team="Legal"),
        lewis=people.person(Role.CCPS_OFFICER, at=council, name="Lewis Grant", team="CCPS"),
        maria=people.person(Role.CCPS_MANAGER, at=council, name="Maria Okafor", team="CCPS"),
        olga=people.person(Role.LEGAL, at=other, name="Olga Outside", team="Legal"),
        legal=make.queue(council, "legal"),
        ccps=make.queue(council, "ccps"),
    )
