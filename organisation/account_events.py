"""What happens to accounts goes into the audit trail: signing in, passwords, the second step."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from organisation import second_factor
from organisation.change_log import note_change
from organisation.models.person import Person

SIGNED_IN = "signed_in"
SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
PASSWORD_CHANGED = "password_changed"  # noqa: S105  a verb
PASSWORD_RESET = "password_reset"  # noqa: S105  a verb
SECOND_STEP_ON = "second_step_on"
SECOND_STEP_OFF = "second_step_off"
RECOVERY_CODES_MADE = "recovery_codes_made"


def note(person: Person, verb: str) -> None:
    """Write down that a person did this to their own account."""
    note_change(person, verb, person, {})


def connect() -> None:
    """Listen to the sign-in package."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="organisation.account.signed_in")
    account.password_changed.connect(_password_changed, dispatch_uid="organisation.account.password_changed")
    account.password_set.connect(_password_changed, dispatch_uid="organisation.account.password_set")
    account.password_reset.connect(_password_reset, dispatch_uid="organisation.account.password_reset")
    mfa.authenticator_added.connect(_added, dispatch_uid="organisation.account.added")
    mfa.authenticator_removed.connect(_removed, dispatch_uid="organisation.account.removed")
    mfa.authenticator_reset.connect(_reset, dispatch_uid="organisation.account.reset")


def _signed_in(user: Person, **_: Any) -> None:
    note(user, SIGNED_IN)


def _password_changed(user: Person, **_: Any) -> None:
    note(user, PASSWORD_CHANGED)


def _password_reset(user: Person, **_: Any) -> None:
    note(user, PASSWORD_RESET)


def _added(user: Person, authenticator: Authenticator, **_: Any) -> None:
    # The recovery codes come with the app and are no event of their own.
    if authenticator.type == Authenticator.Type.TOTP:
        note(user, SECOND_STEP_ON)


def _removed(user: Person, authenticator: Authenticator, request: HttpRequest, **_: Any) -> None:
    second_factor.forget(request)
    if authenticator.type == Authenticator.Type.TOTP:
        note(user, SECOND_STEP_OFF)


def _reset(user: Person, **_: Any) -> None:
    note(user, RECOVERY_CODES_MADE)
