"""What binds the council asks for the password again: an open session on an unwatched screen is not enough."""

import time
import uuid

import pytest
from django.test import Client

from organisation.models import Person
from procurement.models import Exercise
from tests.factories import organisation as people
from tests.factories import procurement as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def exercise() -> Exercise:
    people.calendars()
    where = make.place()
    made = make.decided(where)
    make.authority(made.commission)
    where.priya.set_password("three small boats at anchor")
    where.priya.save()
    return made


def client_of(person: Person, *, password_given_at: float | None = None) -> Client:
    client = Client()
    client.force_login(person)
    if password_given_at is not None:
        session = client.session
        record = {"method": "password", "at": password_given_at, "reauthenticated": True}
        session["account_authentication_methods"] = [record]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return client


def test_award_asks_for_the_password_and_then_goes_on_with_what_was_sent(exercise: Exercise) -> None:
    client = client_of(exercise.case_file.holder)
    address = f"/exercises/{exercise.pk}/do/award/"

    page = client.get(address)
    assert (page.status_code, page.url.partition("?")[0]) == (302, "/accounts/reauthenticate/")

    sent = client.post(address, {"act_id": str(uuid.uuid4())})
    assert sent.url.partition("?")[0] == "/accounts/reauthenticate/"
    assert Exercise.objects.get(pk=exercise.pk).state == "decided"

    wrong = client.post(sent.url, {"password": "not this one"})
    assert wrong.status_code == 200
    assert Exercise.objects.get(pk=exercise.pk).state == "decided"

    client.post(sent.url, {"password": "three small boats at anchor"})
    assert Exercise.objects.get(pk=exercise.pk).state == "awarded"


def test_award_asks_nobody_twice_within_a_quarter_of_an_hour(exercise: Exercise) -> None:
    holder = exercise.case_file.holder
    address = f"/exercises/{exercise.pk}/do/award/"

    assert client_of(holder, password_given_at=time.time() - 14 * 60).get(address).status_code == 200
    assert client_of(holder, password_given_at=time.time() - 16 * 60).get(address).status_code == 302
