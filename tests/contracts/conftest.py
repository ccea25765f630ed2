"""What every test of this room stands on."""

import pytest

from tests.factories import organisation as people
from tests.factories import procurement as buying


@pytest.fixture
def where(db: None) -> buying.Place:
    """A council with the people of framework 22."""
    people.calendars()
    return buying.place()
