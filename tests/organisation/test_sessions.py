import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from organisation.models import PersonSession
from organisation.roles import Role
from organisation.services.sessions import end_all_sessions, note_session
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("organisation:cover")).status_code == 200


def test_sign_in_is_noted_and_sign_out_forgets_it():
    person = make.person(Role.LEGAL)
    client = signed_in(person)
    key = client.session.session_key

    assert list(PersonSession.objects.values_list("person_id", "session_key")) == [(person.pk, key)]

    client.logout()
    assert not PersonSession.objects.exists()


def test_ending_all_sessions_signs_out_everywhere_but_for_others():
    person, other = make.person(Role.LEGAL), make.person(Role.LEGAL)
    phone, desk, elsewhere = signed_in(person), signed_in(person), signed_in(other)
    assert is_in(phone)

    assert end_all_sessions(person) == 2

    assert [is_in(client) for client in (phone, desk, elsewhere)] == [False, False, True]
    assert list(PersonSession.objects.values_list("person_id", flat=True)) == [other.pk]
    assert Session.objects.count() == 1


def test_session_that_is_to_be_kept_is_kept():
    person = make.person(Role.LEGAL)
    phone, desk = signed_in(person), signed_in(person)

    assert end_all_sessions(person, except_key=desk.session.session_key) == 1

    assert [is_in(phone), is_in(desk)] == [False, True]


def test_session_kept_under_a_new_key_is_noted_under_it():
    person = make.person(Role.LEGAL)
    client = signed_in(person)
    session = client.session
    session.cycle_key()  # as a password change does
    session.save()

    end_all_sessions(person, except_key=session.session_key)

    assert list(PersonSession.objects.values_list("session_key", flat=True)) == [session.session_key]
    assert end_all_sessions(person) == 1


def test_signing_in_forgets_sessions_that_ended_by_themselves():
    person = make.person(Role.LEGAL)
    signed_in(person)
    Session.objects.all().delete()

    client = signed_in(person)

    assert [row.session_key for row in PersonSession.objects.all()] == [client.session.session_key]


def test_key_that_becomes_somebody_else_s_is_theirs():
    one, other = make.person(), make.person()
    note_session(one, "k" * 32)

    note_session(other, "k" * 32)

    assert PersonSession.objects.get().person == other


def test_disabled_person_is_out_on_the_next_request():
    person = make.person(Role.LEGAL)
    client = signed_in(person)
    assert is_in(client)

    person.is_active = False
    person.save()

    assert not is_in(client)


@pytest.mark.parametrize("how_many", [1, 4])
def test_ending_sessions_asks_the_same_number_of_statements(how_many: int, django_assert_num_queries):
    person = make.person(Role.LEGAL)
    for _ in range(how_many):
        signed_in(person)

    # savepoint, keys, sessions, notes (found, then deleted) and release
    with django_assert_num_queries(5):
        assert end_all_sessions(person) == how_many
