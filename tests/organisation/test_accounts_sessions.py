"""How long a session lasts, and that a form which comes too late is kept for the person who sent it."""

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client

from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from organisation.services import unsent_forms
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

COVER = "/account/cover/"
# What a person typed into the form of a page, over several lines and in another script.
TYPED = {"deputy": "7", "note": "First line\r\n\r\n“Second” <b>line</b> हिन्दी", "starts_on_0": "1", "flags": ["a", "b"]}


@pytest.fixture
def priya() -> Person:
    return make.person(Role.COMMISSIONER, name="Priya Shah", password=make.PASSWORD)


@pytest.fixture
def client(priya: Person) -> Client:
    """Her browser, signed in."""
    browser = Client()
    browser.force_login(priya)
    return browser


def age(client: Client, idle: float = 0, altogether: float = 0) -> None:
    session = client.session
    session["gatehouse_seen_at"] -= idle
    session["gatehouse_signed_in_at"] -= altogether
    session.save()


def sign_in(client: Client, person: Person, next_: str = "") -> Any:
    return client.post("/accounts/login/", {"login": person.email, "password": make.PASSWORD, "next": next_})


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def text(answer: Any) -> str:
    return str(answer.content.decode())


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_session_ends_after_half_an_hour_of_nothing(client: Client) -> None:
    age(client, idle=29 * 60)
    assert client.get("/account/").status_code == 200

    age(client, idle=31 * 60)
    assert client.get("/account/")["Location"] == "/accounts/login/?next=/account/"
    assert not is_signed_in(client)


def test_session_ends_after_twelve_hours_however_busy(client: Client) -> None:
    age(client, altogether=12 * 3600 - 60)
    assert client.get("/account/").status_code == 200

    age(client, altogether=120)
    assert client.get("/account/").status_code == 302


def test_ended_session_holds_nothing_of_the_person(client: Client) -> None:
    session = client.session
    session["something_private"] = "x"
    session.save()
    before = session.session_key
    age(client, idle=3600)

    client.get("/account/")

    assert "something_private" not in client.session
    assert client.session.session_key != before


def test_moving_the_clock_signs_nobody_out(client: Client) -> None:
    clock.move_to(clock.today().replace(year=clock.today().year + 2))

    assert client.get("/account/").status_code == 200


def test_session_without_a_beginning_is_over(client: Client) -> None:
    session = client.session
    del session["gatehouse_signed_in_at"]
    session.save()

    assert client.get("/account/").status_code == 302


def test_page_says_how_long_is_left(client: Client) -> None:
    age(client, idle=25 * 60)

    shown = text(client.get("/help/"))

    # Opening the page is activity, so the whole half hour is left again.
    assert re.search(r'data-session-seconds="(1799|1800)" data-session-url="/account/session/"', shown)
    assert "data-session-seconds" not in text(Client().get("/help/"))


def test_asking_how_long_is_left_does_not_prolong_it(client: Client) -> None:
    age(client, idle=25 * 60)

    left = client.get("/account/session/").json()["seconds_left"]

    assert 290 <= left <= 300
    assert client.get("/account/session/").json()["seconds_left"] <= left


def test_staying_signed_in_prolongs_it(client: Client) -> None:
    age(client, idle=25 * 60)

    assert client.post("/account/session/").json()["seconds_left"] >= 1795


def test_script_of_an_ended_session_gets_words_and_not_a_page(client: Client) -> None:
    age(client, idle=3600)

    answer = client.post(COVER, TYPED, headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 401
    assert "you have been signed out" in json.loads(answer.content)["words"]


# --- Answers kept -----------------------------------------------------------------------------------------------------


def sent_again(page: str) -> list[tuple[str, str]]:
    """What the page's form would send, as a browser reads it."""
    from html import unescape

    found = re.findall(r'<textarea name="([^"]*)" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    return [(unescape(name), unescape(value)) for name, value in found]


def test_late_form_waits_for_the_same_person(client: Client, priya: Person) -> None:
    age(client, idle=3 * 24 * 3600)

    asked = client.post(f"{COVER}?from=my-work", TYPED)
    assert asked["Location"] == "/accounts/login/?next=/account/answers/"
    assert "they are kept for 30 minutes" in text(client.get(asked["Location"]))
    back = sign_in(client, priya, "/account/answers/")
    page = text(client.get(back["Location"]))

    assert "Your answers are here. Send them now?" in page
    assert f'action="{COVER}?from=my-work"' in page
    shown = page.split("What you wrote</h2>")[1].split("<form")[0]
    assert "First line<br><br>“Second” &lt;b&gt;line&lt;/b&gt; हिन्दी" in shown
    assert shown.count("<p>") == 1
    assert sent_again(page) == [
        ("deputy", "7"),
        ("note", "First line\r\n\r\n“Second” <b>line</b> हिन्दी"),
        ("starts_on_0", "1"),
        ("flags", "a"),
        ("flags", "b"),
    ]


def test_sent_answers_reach_their_page_and_are_forgotten(client: Client, priya: Person) -> None:
    age(client, idle=3600)
    client.post(COVER, TYPED)
    sign_in(client, priya)
    page = text(client.get("/account/answers/"))

    answer = client.post(COVER, dict(sent_again(page)))

    assert "“Second” &lt;b&gt;line&lt;/b&gt; हिन्दी" in text(answer)
    assert client.get("/account/answers/").status_code == 302


def test_another_person_never_sees_them(client: Client, priya: Person) -> None:
    other = make.person(password=make.PASSWORD)
    age(client, idle=3600)
    client.post(COVER, TYPED)

    sign_in(client, other)

    assert client.get("/account/answers/")["Location"] == "/"
    assert "Second" not in json.dumps(dict(client.session.items()))
    client.post("/accounts/logout/")
    sign_in(client, priya)
    assert client.get("/account/answers/")["Location"] == "/"


def test_password_changed_elsewhere_keeps_them_too(client: Client, priya: Person) -> None:
    elsewhere = Client()
    elsewhere.force_login(priya)
    new = "violet-teapot-marathon"
    elsewhere.post("/accounts/password/change/", {"oldpassword": make.PASSWORD, "password1": new, "password2": new})

    client.post(COVER, TYPED)
    client.post("/accounts/login/", {"login": priya.email, "password": new})

    assert "Your answers are here" in text(client.get("/account/answers/"))


def test_they_wait_half_an_hour(client: Client, priya: Person) -> None:
    age(client, idle=3600)
    client.post(COVER, TYPED)
    session = client.session
    session["gatehouse_held_answers"]["at"] -= 30 * 60 + 1
    session.save()

    sign_in(client, priya)

    assert client.get("/account/answers/")["Location"] == "/"


def test_form_of_a_stranger_is_not_kept() -> None:
    stranger = Client()

    answer = stranger.post(COVER, TYPED)

    assert answer["Location"] == f"/accounts/login/?next={COVER}"
    assert not stranger.session.keys()


def test_passwords_are_never_kept(client: Client, priya: Person) -> None:
    age(client, idle=3600)

    sign_in(client, make.person(password="another-horse-battery"))

    assert make.PASSWORD not in json.dumps(dict(client.session.items()))


@pytest.mark.parametrize("path", ["/accounts/password/change/", COVER])
def test_passwords_typed_into_any_page_are_never_kept(client: Client, path: str) -> None:
    age(client, idle=3600)

    client.post(path, {"oldpassword": make.PASSWORD, "password1": "violet-teapot-marathon"})

    assert "violet" not in json.dumps(dict(client.session.items()))


def test_form_beyond_all_measure_is_not_kept(client: Client, priya: Person) -> None:
    age(client, idle=3600)

    client.post(COVER, {"note": "x" * (unsent_forms.MOST_CHARACTERS + 1)})
    sign_in(client, priya)

    assert client.get("/account/answers/")["Location"] == "/"


def test_files_are_asked_for_again(client: Client, priya: Person) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    age(client, idle=3600)
    client.post(COVER, TYPED | {"paper": SimpleUploadedFile("Business case.pdf", b"%PDF")})
    sign_in(client, priya)

    page = text(client.get("/account/answers/"))

    assert "Choose your files again." in page
    assert "Business case.pdf" in page


def test_signing_out_oneself_keeps_nothing(client: Client, priya: Person) -> None:
    client.post("/accounts/logout/")

    client.post(COVER, TYPED)
    sign_in(client, priya)

    assert client.get("/account/answers/")["Location"] == "/"


# --- A form opened before signing in again in another tab -------------------------------------------------------------


def old_form(client: Client, **headers: str) -> Any:
    return client.post(COVER, TYPED | {"csrfmiddlewaretoken": "x" * 64}, headers=headers)


@pytest.fixture
def strict(priya: Person) -> Client:
    """A browser whose session ended and in which she has signed in again."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(priya)
    age(browser, idle=3600)
    browser.get("/account/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text(browser.get("/accounts/login/")))
    assert token is not None
    browser.post(
        "/accounts/login/",
        {"login": priya.email, "password": make.PASSWORD, "csrfmiddlewaretoken": token.group(1)},
    )
    assert is_signed_in(browser)
    browser.get("/account/")
    return browser


def test_form_from_before_signing_in_again_offers_its_answers(strict: Client) -> None:
    answer = old_form(strict, origin="http://testserver")

    assert answer.status_code == 403
    assert "Your answers are here. Send them now?" in text(answer)
    assert ("note", TYPED["note"]) in sent_again(text(answer))


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_form_of_another_site_offers_nothing(strict: Client, origin: str) -> None:
    answer = old_form(strict, origin=origin) if origin else old_form(strict)

    assert answer.status_code == 403
    assert "Second" not in text(answer)
    assert "This page was open too long" in text(answer)


def test_form_left_open_by_somebody_else_offers_nothing(priya: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(priya)
    browser.get("/account/")

    answer = old_form(browser, origin="http://testserver")

    assert answer.status_code == 403
    assert "Second" not in text(answer)


# --- The session is gone without a trace ------------------------------------------------------------------------------


def test_form_sent_after_signing_out_in_another_tab_waits_for_the_same_person(client: Client, priya: Person) -> None:
    client.get("/account/")
    client.post("/accounts/logout/")

    asked = client.post(COVER, TYPED)
    assert asked["Location"] == "/accounts/login/?next=/account/answers/"
    sign_in(client, priya)

    assert ("note", "First line\r\n\r\n“Second” <b>line</b> हिन्दी") in sent_again(text(client.get("/account/answers/")))


def test_form_sent_after_the_session_cookie_was_lost_waits_too(client: Client, priya: Person) -> None:
    client.get("/account/")
    del client.cookies[settings.SESSION_COOKIE_NAME]

    client.post(COVER, TYPED)
    sign_in(client, priya)

    assert "Your answers are here" in text(client.get("/account/answers/"))


def test_form_sent_after_signing_out_is_nobody_elses(client: Client, priya: Person) -> None:
    client.get("/account/")
    client.post("/accounts/logout/")
    client.post(COVER, TYPED)

    sign_in(client, make.person(password=make.PASSWORD))

    assert client.get("/account/answers/")["Location"] == "/"
    assert "Second" not in json.dumps(dict(client.session.items()))


def test_forged_last_person_keeps_nothing(client: Client, priya: Person) -> None:
    stranger = Client()
    stranger.cookies[settings.LAST_PERSON_COOKIE_NAME] = f"{priya.pk}:forged"

    stranger.post(COVER, TYPED)

    assert "gatehouse_held_answers" not in stranger.session


def test_whoever_cannot_be_known_is_told_that_nothing_was_kept() -> None:
    stranger = Client()

    asked = stranger.post(COVER, TYPED)
    by_script = stranger.post(COVER, TYPED, headers={"X-Requested-With": "fetch"})

    assert "nothing was saved" in text(stranger.get(asked["Location"]))
    assert "Copy what you typed" in json.loads(by_script.content)["words"]


def test_page_open_while_signing_in_again_elsewhere_gives_its_answers_back(client: Client, priya: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    strict.get("/account/")
    client.post("/accounts/logout/")
    sign_in(client, priya)

    answer = strict.post(COVER, TYPED | {"csrfmiddlewaretoken": "x" * 64}, headers={"Origin": "http://testserver"})

    assert answer.status_code == 403
    assert ("deputy", "7") in sent_again(text(answer))
