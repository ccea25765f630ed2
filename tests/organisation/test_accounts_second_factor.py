"""The second step of signing in: who must have it, how it is set up, and that it cannot be walked around."""

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client

from organisation.models import Person
from organisation.roles import Role
from organisation.sealing import seal, unseal
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

ACTIVATE = "/accounts/2fa/totp/activate/"
AUTHENTICATE = "/accounts/2fa/authenticate/"
CODES = "/accounts/2fa/recovery-codes/"


@pytest.fixture(autouse=True)
def _asked_for(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def totp(secret: str) -> str:
    """What an authenticator app shows; at the very end of a code's half minute, the next one."""
    if time.time() % 30 > 28:
        time.sleep(2.1)
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def sign_in(client: Client, person: Person) -> Any:
    return client.post("/accounts/login/", {"login": person.email, "password": make.PASSWORD})


def set_up(client: Client) -> tuple[str, list[str]]:
    """Go through the set-up as a person does; return the app's secret and the recovery codes."""
    page = client.get(ACTIVATE)
    if page.status_code == 302:
        again = client.post("/accounts/reauthenticate/", {"password": make.PASSWORD, "next": ACTIVATE})
        page = client.get(again["Location"])
    secret = re.search(r'class="gh-key">(\w+)<', text(page))
    assert secret is not None
    done = client.post(ACTIVATE, {"code": totp(secret.group(1))}, follow=True)
    codes = re.findall(r"<li><code>(\w+)</code></li>", text(done))
    assert len(codes) == 10
    return secret.group(1), codes


def newcomer(*roles: Role) -> Person:
    return make.person(*roles, password=make.PASSWORD)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FINANCE, Role.LEGAL])
def test_role_that_needs_it_reaches_nothing_before(client: Client, role: Role) -> None:
    sign_in(client, newcomer(role))

    for path in ("/", "/account/", "/account/cover/", "/admin/", "/accounts/password/change/"):
        assert client.get(path)["Location"] == ACTIVATE, path
        assert client.post(path)["Location"] == ACTIVATE, path
    assert "Your role asks for a second step at sign-in." in text(client.get("/", follow=True))


@pytest.mark.parametrize("role", [set(), {Role.COMMISSIONER}, {Role.LEADERSHIP_APPROVER, Role.AUDITOR}])
def test_other_roles_are_not_asked(client: Client, role: set[Role]) -> None:
    sign_in(client, newcomer(*role))

    assert client.get("/account/").status_code == 200


def test_role_that_is_over_is_not_asked(client: Client) -> None:
    person = newcomer()
    make.membership(person, Role.FINANCE, ends_on=make.LONG_AGO.replace(year=2021))
    sign_in(client, person)

    assert client.get("/account/").status_code == 200


def test_role_given_during_a_session_asks_on_the_next_page(client: Client) -> None:
    person = newcomer(Role.COMMISSIONER)
    sign_in(client, person)
    assert client.get("/account/").status_code == 200

    make.membership(person, Role.LEGAL)

    assert client.get("/account/")["Location"] == ACTIVATE


def test_public_pages_and_signing_out_stay_open(client: Client) -> None:
    sign_in(client, newcomer(Role.LEGAL))

    assert client.get("/accessibility/").status_code == 200
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_set_up_opens_everything(client: Client, django_capture_on_commit_callbacks: Any, changes: list[tuple]) -> None:
    person = newcomer(Role.FINANCE)
    sign_in(client, person)

    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)

    assert [verb for _, verb, _, _ in changes] == ["signed_in", "second_step_on"]

    assert client.get("/account/").status_code == 200
    assert [message.subject for message in mail.outbox] == ["The second step of your Gatehouse sign-in is on"]


def test_from_then_on_the_password_alone_does_not_sign_in(client: Client) -> None:
    person = newcomer(Role.FINANCE)
    sign_in(client, person)
    secret, _ = set_up(client)
    client.post("/accounts/logout/")

    assert sign_in(client, person)["Location"] == AUTHENTICATE
    assert not is_signed_in(client)
    assert client.get("/account/").status_code == 302
    wrong = client.post(AUTHENTICATE, {"code": "000000"})
    assert "That code is not right, or it is too old. Enter the one shown now" in text(wrong)
    assert "<title>Error: Enter your code – Gatehouse</title>" in text(wrong)
    client.post(AUTHENTICATE, {"code": totp(secret)})
    assert is_signed_in(client)


def test_code_opens_once(client: Client) -> None:
    person = newcomer(Role.FINANCE)
    sign_in(client, person)
    secret, _ = set_up(client)
    code = totp(secret)
    for browser, opens in ((Client(), True), (Client(), False)):
        sign_in(browser, person)
        browser.post(AUTHENTICATE, {"code": code})
        assert is_signed_in(browser) is opens


def test_recovery_code_opens_once(client: Client) -> None:
    person = newcomer(Role.FINANCE)
    sign_in(client, person)
    _, codes = set_up(client)
    for browser, opens in ((Client(), True), (Client(), False)):
        sign_in(browser, person)
        browser.post(AUTHENTICATE, {"code": codes[0]})
        assert is_signed_in(browser) is opens


def test_guessing_codes_is_stopped(client: Client) -> None:
    person = newcomer(Role.FINANCE)
    sign_in(client, person)
    secret, _ = set_up(client)
    thief = Client()
    sign_in(thief, person)
    for _ in range(8):
        thief.post(AUTHENTICATE, {"code": "000000"})

    thief.post(AUTHENTICATE, {"code": totp(secret)})

    assert not is_signed_in(thief)


def test_it_cannot_be_turned_off_where_the_role_asks_for_it(client: Client) -> None:
    person = newcomer(Role.LEGAL)
    sign_in(client, person)
    set_up(client)

    for answer in (client.get("/accounts/2fa/totp/deactivate/"), client.post("/accounts/2fa/totp/deactivate/")):
        assert "so it cannot be turned off" in text(answer)
    assert Authenticator.objects.filter(user=person).count() == 2


def test_it_can_be_turned_off_by_others_after_the_password(client: Client) -> None:
    person = newcomer(Role.COMMISSIONER)
    sign_in(client, person)
    set_up(client)
    session = client.session
    del session["account_authentication_methods"]
    session.save()

    assert client.post("/accounts/2fa/totp/deactivate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=person).exists()
    assert mail.outbox[-1].subject == "The second step of your Gatehouse sign-in is off"


def test_new_recovery_codes_replace_the_old(client: Client) -> None:
    person = newcomer(Role.COMMISSIONER)
    sign_in(client, person)
    _, old = set_up(client)

    client.post(f"{CODES}generate/")
    new = re.findall(r"<li><code>(\w+)</code></li>", text(client.get(CODES)))

    assert len(new) == 10
    assert not set(new) & set(old)


def test_secret_is_unreadable_in_the_database(client: Client) -> None:
    person = newcomer(Role.COMMISSIONER)
    sign_in(client, person)
    secret, codes = set_up(client)

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_sealed_secret_survives_a_new_key(settings: Any) -> None:
    sealed = seal("JBSWY3DP")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-key-" * 6

    assert unseal(sealed) == "JBSWY3DP"
    assert unseal(seal("JBSWY3DP")) == "JBSWY3DP"


def test_demonstration_asks_nobody(client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client, newcomer(Role.ADMINISTRATOR))

    assert client.get("/account/").status_code == 200
