"""Notes of sign-ins, so that a person's sessions can be found and ended."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from organisation import held_answers, session_limits
from organisation.models.person import Person
from organisation.services import sessions


def connect() -> None:
    """Listen for sign-ins and sign-outs."""
    user_logged_in.connect(_signed_in, dispatch_uid="organisation.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="organisation.signed_out")


def _signed_in(sender: Any, request: HttpRequest, user: Person, **_: Any) -> None:
    session_limits.begin(request.session)
    held_answers.note_return(request, str(user.pk))
    if request.session.session_key is None:
        request.session.save()
    key = request.session.session_key
    if key is not None:
        sessions.note_session(user, key)


def _signed_out(sender: Any, request: HttpRequest, **_: Any) -> None:
    if request.session.session_key is not None:
        sessions.forget_session(request.session.session_key)
