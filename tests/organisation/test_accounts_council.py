"""Signing in with the council's own account (OpenID Connect): who is let in, and what the sign-in page offers."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import include, path

from organisation.adapters import CouncilAccountAdapter
from organisation.models import Person
from organisation.roles import Role
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

urlpatterns = [
    path("accounts/", include("organisation.account_urls")),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("", include("organisation.urls")),
]


@pytest.fixture(autouse=True)
def _council_account(settings: Any) -> None:
    app = {"provider_id": "entra", "name": "Entra", "client_id": "x", "secret": "y", "settings": {"server_url": ""}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/accounts/entra/login/callback/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    return request


def arrival(email: str, verified: bool = True) -> SocialLogin:
    """Somebody comes back from the council's sign-in page."""
    return SocialLogin(
        provider=CouncilAccountAdapter().get_provider(None, "entra"),
        user=Person(email=email),
        account=SocialAccount(provider="entra", uid=f"uid-of-{email}"),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
    )


def come_in(request: HttpRequest, login: SocialLogin) -> Person | None:
    """Return who is let in."""
    login.lookup()
    try:
        CouncilAccountAdapter(request).pre_social_login(request, login)
    except ImmediateHttpResponse:
        return None
    return login.user


def test_person_is_found_by_the_address_the_council_vouches_for(request_: HttpRequest) -> None:
    person = make.person(Role.COMMISSIONER, email="priya@example.org")

    assert come_in(request_, arrival("Priya@Example.org")) == person
    # From then on by the account itself, whatever becomes of the address.
    Person.objects.filter(pk=person.pk).update(email="priya.new@example.org")
    assert come_in(request_, arrival("Priya@Example.org")) == person


@pytest.mark.parametrize("email", ["nobody@example.org", "closed@example.org"])
def test_nobody_else_is_let_in(request_: HttpRequest, email: str) -> None:
    make.person(email="closed@example.org", is_active=False)

    assert come_in(request_, arrival(email)) is None
    with pytest.raises(ImmediateHttpResponse) as refused:
        CouncilAccountAdapter(request_).pre_social_login(request_, arrival(email))
    assert refused.value.response.status_code == 403
    assert b"You have no Gatehouse account yet" in refused.value.response.content
    assert Person.objects.filter(email=email, is_active=True).count() == 0


def test_address_that_nobody_vouches_for_opens_nothing(request_: HttpRequest) -> None:
    make.person(email="priya@example.org")

    assert come_in(request_, arrival("priya@example.org", verified=False)) is None


def test_account_closed_meanwhile_opens_nothing(request_: HttpRequest) -> None:
    person = make.person(email="priya@example.org")
    come_in(request_, arrival("priya@example.org"))
    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert come_in(request_, arrival("priya@example.org")) is None


@pytest.mark.urls(__name__)
def test_council_account_comes_first_where_there_is_one(client: Client) -> None:
    shown = client.get("/accounts/login/?next=/account/").content.decode()

    assert shown.index("Sign in with your council account") < shown.index("Email address")
    assert 'action="/accounts/oidc/entra/login/"' in shown
    assert shown.count('name="next" value="/account/"') >= 2


def test_without_one_the_page_does_not_speak_of_it(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {}

    assert b"council account" not in client.get("/accounts/login/").content
