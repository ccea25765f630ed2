"""What the tests of this room share."""

import pytest
from django.test import Client

from organisation.models import Organisation, Person
from tests.factories import commissioning as make
from tests.factories import organisation as people


@pytest.fixture
def council(db: None) -> Organisation:
    """A council that follows the default framework."""
    people.calendars()
    return make.council(name="Alder County Council")


@pytest.fixture
def area(council: Organisation):
    """One of its service areas."""
    return people.service_area(council, name="Home and Community Care")


@pytest.fixture
def priya(council: Organisation, area) -> Person:
    """A commissioner of that area."""
    return make.commissioner(council, area, name="Priya Shah", team="Commissioning")


@pytest.fixture
def outsider(council: Organisation) -> Person:
    """A commissioner of another council under the same framework."""
    elsewhere = people.organisation(name="Westmere Borough Council", framework=council.framework)
    return make.commissioner(elsewhere, name="Ruth Calloway")


@pytest.fixture
def signed_in(client: Client):
    """Sign somebody in: ``signed_in(person)`` returns the client."""

    def sign_in(person: Person) -> Client:
        client.force_login(person)
        return client

    return sign_in
