"""Browsers that somebody has signed in with before, told by a signed cookie.

They let wrong tries be counted apart, so that a stranger cannot lock a colleague out. They open nothing.
"""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

_SALT = "organisation.known_browsers"
_KEPT_FOR_SECONDS = 365 * 24 * 60 * 60
# A shared machine at a desk; more than this and the oldest is forgotten.
_MOST_PEOPLE = 8


def mark_of(request: HttpRequest, email: str) -> str:
    """Return this browser's mark if the person has signed in with it before, otherwise nothing."""
    known = _read(request)
    return str(known["mark"]) if _digest(email) in known["people"] else ""


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Note that this person has signed in with this browser."""
    known = _read(request)
    person = _digest(email)
    people = [*(other for other in known["people"] if other != person), person][-_MOST_PEOPLE:]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps({"mark": known["mark"], "people": people}, salt=_SALT),
        max_age=_KEPT_FOR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    sent = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        known: dict[str, Any] = signing.loads(sent, salt=_SALT, max_age=_KEPT_FOR_SECONDS)
    except signing.BadSignature:
        known = {"mark": token_urlsafe(12), "people": []}
    return known


def _digest(email: str) -> str:
    # The cookie lies on the machine; it should not list addresses.
    return sha256(email.encode()).hexdigest()[:16]
