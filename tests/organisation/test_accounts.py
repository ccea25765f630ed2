"""Signing in and out, passwords, and what a stranger can and cannot learn."""

import re
import time
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from organisation.models import Person
from organisation.roles import Function, Role
from organisation.services import sessions
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


@pytest.fixture
def priya() -> Person:
    return make.person(Role.COMMISSIONER, name="Priya Shah", email="priya@example.org", password=make.PASSWORD)


def sign_in(client: Client, email: str = "priya@example.org", password: str = make.PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password} | more)


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def text(answer: Any) -> str:
    return str(answer.content.decode())


# --- In ---------------------------------------------------------------------------------------------------------------


def test_sign_in_by_email_however_it_is_capitalised(client: Client, priya: Person) -> None:
    answer = sign_in(client, " Priya@Example.org ")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_sign_in_makes_a_new_session(client: Client, priya: Person) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key

    sign_in(client)

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_sign_in_goes_to_the_page_asked_for(client: Client, priya: Person) -> None:
    assert client.get("/account/")["Location"] == "/accounts/login/?next=/account/"
    assert sign_in(client, next="/account/")["Location"] == "/account/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_sign_in_leads_nowhere_else(client: Client, priya: Person, elsewhere: str) -> None:
    assert sign_in(client, next=elsewhere)["Location"] == "/"


def test_wrong_password_and_unknown_account_read_the_same(client: Client, priya: Person) -> None:
    wrong = text(sign_in(client, password="wrong-horse-battery"))
    unknown = text(sign_in(Client(), email="nobody@example.org"))

    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", wrong) == strip.sub("", unknown)
    assert "The email address or the password is not right" in wrong
    assert "<title>Error: Sign in – Gatehouse</title>" in wrong
    assert 'value="priya@example.org"' in wrong


def test_closed_account_reads_like_an_unknown_one(client: Client, priya: Person) -> None:
    Person.objects.filter(pk=priya.pk).update(is_active=False)

    answer = sign_in(client)

    assert "The email address or the password is not right" in text(answer)
    assert not is_signed_in(client)


def test_address_of_another_table_opens_nothing(client: Client, priya: Person) -> None:
    """The sign-in package keeps a list of addresses of its own; an old one there must not open the account."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=priya, email="old@example.org", verified=True, primary=True)

    sign_in(client, "old@example.org")

    assert not is_signed_in(client)


def test_nothing_typed_is_a_message_by_each_field(client: Client) -> None:
    shown = text(sign_in(client, "", ""))

    assert '<a href="#id_login">Enter your email address</a>' in shown
    assert '<a href="#id_password">Enter your password</a>' in shown


def test_null_bytes_and_a_million_characters_are_refused_quietly(client: Client) -> None:
    assert sign_in(client, "a\x00@example.org", "x\x00").status_code == 200
    assert sign_in(Client(), "a" * 1_000_000, "x" * 1_000_000).status_code == 200


def test_nobody_signs_up(client: Client) -> None:
    fields = {"email": "new@example.org", "password1": make.PASSWORD, "password2": make.PASSWORD}

    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", fields)):
        assert "You have no Gatehouse account yet" in text(answer)
    assert not Person.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/sessions/", "/accounts/3rdparty/", "/accounts/2fa/webauthn/"]
)
def test_pages_of_the_package_that_we_do_not_use_are_not_there(client: Client, priya: Person, path: str) -> None:
    client.force_login(priya)

    assert client.get(path).status_code == 404


# --- Throttles --------------------------------------------------------------------------------------------------------


def test_wrong_tries_are_stopped_before_the_tenth(client: Client, priya: Person) -> None:
    for _ in range(8):
        sign_in(client, password="wrong-horse-battery")

    assert "Too many wrong tries. Wait 5 minutes, then try again" in text(sign_in(client))
    assert not is_signed_in(client)


def test_unknown_account_is_stopped_in_the_same_words(client: Client) -> None:
    for _ in range(8):
        sign_in(client, "nobody@example.org")

    assert "Too many wrong tries. Wait 5 minutes, then try again" in text(sign_in(client, "nobody@example.org"))


def test_stranger_cannot_lock_a_colleague_out(client: Client, priya: Person) -> None:
    sign_in(client)
    client.post("/accounts/logout/")
    stranger = Client(REMOTE_ADDR="192.0.2.7")
    for _ in range(8):
        sign_in(stranger, password="wrong-horse-battery")

    assert "Too many wrong tries" in text(sign_in(stranger))
    sign_in(client)
    assert is_signed_in(client)


def test_planted_cookie_does_not_escape_the_throttle(client: Client, priya: Person) -> None:
    for number in range(8):
        client.cookies["gatehouse_known"] = f"made-up-{number}"
        sign_in(client, password="wrong-horse-battery")

    assert "Too many wrong tries" in text(sign_in(client))


def test_throttle_outlives_the_process(client: Client, priya: Person) -> None:
    from django.db import connection

    sign_in(client, password="wrong-horse-battery")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM throttle_counts")
        assert cursor.fetchone()[0] > 0


# --- Out --------------------------------------------------------------------------------------------------------------


def test_sign_out_is_a_post_and_ends_the_session_on_the_server(client: Client, priya: Person) -> None:
    client.force_login(priya)
    key = client.session.session_key

    assert "Sign out of Gatehouse?" in text(client.get("/accounts/logout/"))
    assert is_signed_in(client)
    client.post("/accounts/logout/")

    assert not is_signed_in(client)
    assert not Session.objects.filter(session_key=key).exists()


def test_sign_out_needs_the_token_of_a_page(priya: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(priya)

    assert client.post("/accounts/logout/").status_code == 403
    assert is_signed_in(client)


def test_sign_out_everywhere(client: Client, priya: Person, changes: list[tuple]) -> None:
    phone, other = Client(), Client()
    for each in (client, phone):
        each.force_login(priya)
    other.force_login(make.person())

    answer = client.post("/account/sign-out-everywhere/", follow=True)

    assert "You are signed out on every device." in text(answer)
    assert phone.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 200
    assert [(actor, verb, subject) for actor, verb, subject, _ in changes] == [
        (priya, "signed_out_everywhere", priya),
    ]


def test_what_happens_to_an_account_is_written_down(client: Client, priya: Person, changes: list[tuple]) -> None:
    sign_in(client, password="wrong-horse-battery")
    sign_in(client)
    change(client)
    client.post("/accounts/demo/", {"person": priya.pk})

    assert [verb for _, verb, _, _ in changes] == ["signed_in", "password_changed", "signed_in"]
    assert all(actor == subject == priya for actor, _, subject, _ in changes)


def test_disabled_person_is_out_on_the_next_request(client: Client, priya: Person) -> None:
    client.force_login(priya)
    assert client.get("/account/").status_code == 200

    Person.objects.filter(pk=priya.pk).update(is_active=False)

    assert client.get("/account/").status_code == 302


# --- Passwords --------------------------------------------------------------------------------------------------------


def change(client: Client, old: str = make.PASSWORD, new: str = "violet-teapot-marathon", again: str = "") -> Any:
    return client.post(
        "/accounts/password/change/", {"oldpassword": old, "password1": new, "password2": again or new}, follow=True
    )


def test_password_change_keeps_this_session_and_ends_the_others(client: Client, priya: Person) -> None:
    phone = Client()
    for each in (client, phone):
        each.force_login(priya)

    answer = change(client)

    assert "Your password is changed. Every other device is signed out." in text(answer)
    assert answer.redirect_chain[-1][0] == "/account/"
    assert client.get("/account/").status_code == 200
    assert phone.get("/account/").status_code == 302
    assert sign_in(Client(), password="violet-teapot-marathon").status_code == 302
    assert [message.to for message in mail.outbox] == [["priya@example.org"]]
    assert mail.outbox[0].subject == "Your Gatehouse password was changed"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"old": "wrong"}, "That is not your password"),
        ({"new": "short"}, "This password is too short. It must contain at least 12 characters."),
        ({"new": "password1234"}, "This password is too common."),
        ({"new": "priya@example.org"}, "The password is too similar to the email address."),
        ({"again": "violet-teapot-sprint"}, "The two new passwords are not the same. Enter the new password again"),
    ],
)
def test_password_that_will_not_do(client: Client, priya: Person, given: dict[str, str], words: str) -> None:
    client.force_login(priya)

    assert words in text(change(client, **given))
    priya.refresh_from_db()
    assert priya.check_password(make.PASSWORD)


@pytest.mark.parametrize("new", ["x7 " * 40, "drei gelbe Fahrräder"])
def test_long_passwords_and_spaces_are_welcome(client: Client, priya: Person, new: str) -> None:
    client.force_login(priya)
    change(client, new=new)

    priya.refresh_from_db()
    assert priya.check_password(new)


def ask_for_link(client: Client, email: str) -> Any:
    return client.post(RESET, {"email": email}, follow=True)


def test_reset_sends_a_link_to_the_configured_address(client: Client, priya: Person, settings: Any) -> None:
    settings.SITE_URL = "https://gatehouse.example.gov.uk"
    settings.ALLOWED_HOSTS = ["evil.example", "testserver"]

    client.post(RESET, {"email": "priya@example.org"}, headers={"host": "evil.example"})

    assert len(mail.outbox) == 1
    body = str(mail.outbox[0].body)
    assert "https://gatehouse.example.gov.uk/accounts/password/reset/key/" in body
    assert "evil.example" not in body


def test_reset_by_the_link(client: Client, priya: Person) -> None:
    elsewhere = Client()
    elsewhere.force_login(priya)
    ask_for_link(client, "PRIYA@example.org")
    found = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[0].body))
    assert found is not None

    page = client.get(found.group(), follow=True)
    assert "Choose a new password" in text(page)
    # The key itself stands in no address that a link from the page could give away.
    assert page.redirect_chain[-1][0].endswith("-set-password/")
    done = client.post(
        page.redirect_chain[-1][0],
        {"password1": "violet-teapot-marathon", "password2": "violet-teapot-marathon"},
        follow=True,
    )

    assert "Your password is changed" in text(done)
    assert elsewhere.get("/account/").status_code == 302
    assert "This link no longer works" in text(Client().get(found.group(), follow=True))
    assert sign_in(client, password="violet-teapot-marathon").status_code == 302


def test_reset_says_the_same_to_everyone(client: Client, priya: Person) -> None:
    closed = make.person(password=make.PASSWORD, is_active=False)
    pages = {text(ask_for_link(Client(), email)) for email in (priya.email, "nobody@example.org", closed.email)}

    assert len(pages) == 1
    assert "Look in your email" in pages.pop()
    assert [message.to for message in mail.outbox] == [[priya.email]]


def test_reset_takes_as_long_for_an_unknown_account(client: Client, priya: Person, settings: Any) -> None:
    """A slow mail server must not tell who has an account: the mail leaves beside the request."""
    settings.ACCOUNT_MAIL_BESIDE_REQUEST = True
    settings.EMAIL_BACKEND = f"{__name__}.SlowBackend"

    began = time.monotonic()
    ask_for_link(client, priya.email)

    assert time.monotonic() - began < SlowBackend.TAKES
    for _ in range(100):
        if SlowBackend.sent:
            break
        time.sleep(0.05)
    assert SlowBackend.sent == [[priya.email]]


class SlowBackend:
    """A mail server that takes its time."""

    TAKES = 2.0
    sent: list[list[str]] = []

    def __init__(self, **_: Any) -> None: ...

    def send_messages(self, messages: list[Any]) -> int:
        time.sleep(self.TAKES)
        self.sent += [message.to for message in messages]
        return len(messages)


def test_reset_is_throttled_by_account(client: Client, priya: Person) -> None:
    answers = [ask_for_link(client, priya.email).status_code for _ in range(7)]

    assert answers == [200] * 5 + [429] * 2
    assert len(mail.outbox) == 5


# --- The account page -------------------------------------------------------------------------------------------------


def test_account_page_tells_roles_and_cover(client: Client, priya: Person) -> None:
    deputy = make.person(at=priya.organisation, name="Joel Hart")
    make.cover(priya, deputy)
    client.force_login(priya)

    shown = text(client.get("/account/"))

    assert "Commissioner" in shown
    assert Role.COMMISSIONER.describes in shown
    assert "Joel Hart covers for you" in shown
    assert "An administrator changes these." in shown


def test_account_page_asks_the_database_little(client: Client, priya: Person, queries_of: Any) -> None:
    make.membership(priya, Role.SERVICE_LEADER)
    client.force_login(priya)

    few = queries_of(lambda: client.get("/account/"))
    for _ in range(5):
        make.membership(priya, Role.BUDGET_HOLDER)
    many = queries_of(lambda: client.get("/account/"))

    assert len(few) == len(many) <= 8, many


def test_shortcuts_are_switched(client: Client, priya: Person) -> None:
    client.force_login(priya)

    off = text(client.post("/account/shortcuts/", {"shortcuts": "off"}, follow=True))
    priya.refresh_from_db()
    assert not priya.shortcuts_on
    assert "Keyboard shortcuts on queue pages are off." in off
    client.post("/account/shortcuts/", {"shortcuts": "on"})
    priya.refresh_from_db()
    assert priya.shortcuts_on


def test_sign_in_is_noted_so_that_it_can_be_ended(client: Client, priya: Person) -> None:
    sign_in(client)

    assert sessions.end_all_sessions(priya) == 1


# --- The demonstration ------------------------------------------------------------------------------------------------


def test_demonstration_signs_in_by_one_press(client: Client, priya: Person) -> None:
    page = text(client.get(LOGIN))
    assert "Try it as one of these people" in page
    assert f"<strong>{priya.name}</strong>" in page

    answer = client.post("/accounts/demo/", {"person": priya.pk, "next": "/account/"})

    assert answer["Location"] == "/account/"
    assert is_signed_in(client)


def test_demonstration_says_which_function_somebody_works_for(client: Client, priya: Person) -> None:
    make.membership(priya, Role.OTHER_FUNCTION, function=Function.HR)

    page = text(client.get(LOGIN))

    assert "Commissioner, HR" in page
    assert "Other function" not in page


def test_demonstration_shows_one_of_each_role_at_once_and_everybody_else_folded(client: Client, priya: Person) -> None:
    joel = make.person(Role.COMMISSIONER, at=priya.organisation, name="Joel Hart")
    tom = make.person(Role.SERVICE_LEADER, at=priya.organisation, name="Tom Hesketh")
    away = make.person(Role.COMMISSIONER, at=make.organisation(name="Westmere"), name="Ruth Calloway")

    at_once, *folded = text(client.get(LOGIN)).split("<details")

    assert [person.name in at_once for person in (priya, tom, joel, away)] == [True, True, False, False]
    assert [f"Everybody else at {priya.organisation}" in folded[0], joel.name in folded[0]] == [True, True]
    assert ["Everybody at Westmere" in folded[1], away.name in folded[1]] == [True, True]
    assert client.post("/accounts/demo/", {"person": away.pk})["Location"] == "/"


def test_demonstration_panel_needs_the_token_of_a_page(priya: Person) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/accounts/demo/", {"person": priya.pk}).status_code == 403


@pytest.mark.parametrize("chosen", ["", "x", "0", "-1", "9" * 30])
def test_demonstration_knows_only_its_people(client: Client, priya: Person, chosen: str) -> None:
    assert client.post("/accounts/demo/", {"person": chosen}).status_code == 404


def test_nothing_of_the_demonstration_outside_one(client: Client, priya: Person, settings: Any) -> None:
    settings.DEMO = False

    assert client.post("/accounts/demo/", {"person": priya.pk}).status_code == 404
    assert "Try it as" not in text(client.get(LOGIN))
    assert "Demonstration" not in text(client.get(LOGIN))
