"""How long a session may last: idle, and altogether.

Counted in real time, never by the movable clock: moving a demonstration to next year must not sign people out.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

_SIGNED_IN_AT = "gatehouse_signed_in_at"
_SEEN_AT = "gatehouse_seen_at"
# The session record is written at most this often, not on every page.
_SEEN_EVERY_SECONDS = 60


def begin(session: SessionBase) -> None:
    """Start counting; called when somebody signs in."""
    session[_SIGNED_IN_AT] = session[_SEEN_AT] = time.time()


def seconds_left(session: SessionBase) -> int:
    """Return how long the session still has if nothing is done; nothing or less when it is over."""
    now = time.time()
    idle = session.get(_SEEN_AT, 0) + settings.SESSION_IDLE_SECONDS - now
    altogether = session.get(_SIGNED_IN_AT, 0) + settings.SESSION_LONGEST_SECONDS - now
    return int(min(idle, altogether))


def note_activity(session: SessionBase) -> None:
    """Count a page as activity, writing it down only now and then."""
    if time.time() - session.get(_SEEN_AT, 0) > _SEEN_EVERY_SECONDS:
        session[_SEEN_AT] = time.time()


def prolong(session: SessionBase) -> int:
    """Count this as activity at once, and return how long the session now has."""
    session[_SEEN_AT] = time.time()
    return seconds_left(session)
