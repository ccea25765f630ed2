"""What is typed and not sent: kept while it is typed, given back to its writer alone, gone once it was sent."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organisation import clock
from organisation.models import Person, UnsentForm
from organisation.roles import Role
from organisation.services import unsent_forms
from organisation.tasks import forget_old_unsent_forms
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

COVER = "/account/cover/"
TYPED = {"deputy": "7", "note": "First line\r\n“Second” <b>line</b>", "flags": ["a", "b"]}


@pytest.fixture
def priya() -> Person:
    return make.person(Role.COMMISSIONER, name="Priya Shah", password=make.PASSWORD)


@pytest.fixture
def client(priya: Person) -> Client:
    browser = Client()
    browser.force_login(priya)
    return browser


def address(path: str = COVER) -> str:
    return f"{reverse('organisation:unsent')}?path={path}"


def kept(client: Client, path: str = COVER) -> Any:
    return json.loads(client.get(address(path)).content)


def test_what_is_typed_is_given_back_field_by_field(client: Client) -> None:
    said = client.post(address(), TYPED)

    assert "saved_at" in json.loads(said.content)
    assert kept(client)["fields"] == [
        ["deputy", "7"],
        ["note", "First line\r\n“Second” <b>line</b>"],
        ["flags", "a"],
        ["flags", "b"],
    ]
    assert kept(client, "/account/") == {}


def test_nobody_else_gets_it(client: Client) -> None:
    client.post(address(), TYPED)
    other = Client()
    other.force_login(make.person())

    assert kept(other) == {}
    assert Client().get(address()).status_code == 302


def test_it_lies_sealed_in_the_database(client: Client) -> None:
    client.post(address(), TYPED)

    assert "Second" not in UnsentForm.objects.get().sealed


def test_the_last_words_count(client: Client) -> None:
    client.post(address(), TYPED)
    client.post(address(), {"note": "Other words"})

    assert kept(client)["fields"] == [["note", "Other words"]]


def test_it_is_forgotten_when_asked(client: Client) -> None:
    client.post(address(), TYPED)
    client.post(address(), {"forget": "1"})

    assert kept(client) == {}


def test_it_is_forgotten_once_the_form_was_taken(client: Client, priya: Person) -> None:
    client.post(address("/account/shortcuts/"), {"note": "x"})

    taken = client.post("/account/shortcuts/", {"unsent": "/account/shortcuts/"})

    assert taken.status_code == 302
    assert kept(client, "/account/shortcuts/") == {}


def test_a_form_that_comes_back_with_errors_is_kept_as_it_was_sent(client: Client) -> None:
    client.post(address(), TYPED)

    refused = client.post(COVER, {"note": "As sent", "unsent": COVER})

    assert refused.status_code == 200
    assert ["note", "As sent"] in kept(client)["fields"]


def test_passwords_are_never_kept(client: Client) -> None:
    said = client.post(address(), {"oldpassword": make.PASSWORD})

    assert said.status_code == 422
    assert not UnsentForm.objects.exists()


def test_a_form_beyond_all_measure_is_not_kept(client: Client) -> None:
    said = client.post(address(), {"note": "x" * (unsent_forms.MOST_CHARACTERS + 1)})

    assert "Send it before you leave" in json.loads(said.content)["words"]
    assert kept(client) == {}


def test_the_oldest_makes_room(client: Client) -> None:
    for number in range(unsent_forms.MOST_FORMS + 1):
        clock.move_to(clock.now() + timedelta(minutes=1))
        client.post(address(f"/forms/{number}/"), TYPED)

    assert kept(client, "/forms/0/") == {}
    assert kept(client, "/forms/1/") != {}


def test_it_waits_two_weeks(client: Client) -> None:
    client.post(address(), TYPED)
    began = clock.now()
    clock.move_to(began + timedelta(days=13, hours=23))
    assert kept(client) != {}
    assert forget_old_unsent_forms() == 0

    clock.move_to(began + timedelta(days=14, minutes=1))

    assert kept(client) == {}
    assert forget_old_unsent_forms() == 1
