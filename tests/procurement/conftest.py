"""What every test of this room stands on."""

from types import SimpleNamespace

import pytest

from organisation.roles import Role
from tests.factories import organisation as people
from tests.factories import procurement as factories
from tests.factories import requests


@pytest.fixture
def where(db: None) -> factories.Place:
    """A council with the people of framework 22."""
    people.calendars()
    return factories.place()


@pytest.fixture
def ccps(where: factories.Place) -> SimpleNamespace:
    """CCPS's officer and manager, a lawyer, and the form that a request is written on."""
    requests.form_template(where)
    return SimpleNamespace(
        lewis=requests.officer(where),
        dan=requests.officer(where, "Dan Pryce"),
        maria=requests.officer(where, "Maria Okafor", Role.CCPS_MANAGER),
        hal=people.person(Role.LEGAL, at=where.organisation, name="Hal Winter", team="Legal"),
    )
