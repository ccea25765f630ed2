"""What every test of this room stands on."""

import pytest

from tests.factories import organisation as people
from tests.factories import procurement as factories


@pytest.fixture
def where(db: None) -> factories.Place:
    """A council with the people of framework 22."""
    people.calendars()
    return factories.place()
