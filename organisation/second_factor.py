"""Who must give a second proof when signing in, and whether they have."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from organisation.models.person import Person
from organisation.roles import Role
from organisation.standing import standing_of

# Those who open accounts, move money or hold privileged papers.
ROLES = (Role.ADMINISTRATOR, Role.FINANCE, Role.LEGAL)

_DONE = "gatehouse_second_factor"


def is_asked_of(person: Person) -> bool:
    """Say whether this person's roles ask for a second factor in this installation."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    standing = standing_of(person)
    return any(standing.holds_anywhere(role) for role in ROLES)


def has_one(person: Person) -> bool:
    """Say whether this person has set up an authenticator app."""
    return Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.TOTP).exists()


def is_done(request: HttpRequest, person: Person) -> bool:
    """Say whether this session has a second factor behind it. Asks the database once a session."""
    if request.session.get(_DONE) == person.pk:
        return True
    # An authenticator that exists was asked for at sign-in; one set up in this session has just been proved.
    done = has_one(person) or _council_account_vouches(request, person)
    if done:
        request.session[_DONE] = person.pk
    return done


def forget(request: HttpRequest) -> None:
    """Ask again, after an authenticator was removed."""
    request.session.pop(_DONE, None)


def _council_account_vouches(request: HttpRequest, person: Person) -> bool:
    """Say whether the council's own sign-in was used, where the council has said that it asks for a second factor."""
    if not settings.COUNCIL_ACCOUNT_HAS_SECOND_FACTOR:
        return False
    return any(record["method"] == "socialaccount" for record in get_authentication_records(request, person))
