"""Who was signed in with this browser last, told by a signed cookie that outlives the session.

A form may arrive after its session is gone without a trace: signed out in another tab, or ended elsewhere. The cookie
says for whom it is kept (`held_answers`). It opens nothing: whoever it names must still sign in.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

_SALT = "organisation.last_person"


def of(request: HttpRequest) -> str | None:
    """Return the number of the person, as a session holds it; nothing when no such person is known."""
    sent = request.COOKIES.get(settings.LAST_PERSON_COOKIE_NAME, "")
    try:
        # Nobody's form is older than the longest session.
        found: str = signing.loads(sent, salt=_SALT, max_age=settings.SESSION_LONGEST_SECONDS)
    except signing.BadSignature:
        return None
    return found


def note(request: HttpRequest, response: HttpResponseBase, person_id: str) -> None:
    """Tell the browser who is signed in, unless it says so already."""
    if of(request) == person_id:
        return
    response.set_cookie(
        settings.LAST_PERSON_COOKIE_NAME,
        signing.dumps(person_id, salt=_SALT),
        max_age=settings.SESSION_LONGEST_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
