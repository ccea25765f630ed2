"""Answers that arrived after the session had ended. They wait until the same person has signed in again.

They lie in the server's session record, never in a cookie, and only for a browser that had a person's session before,
as the ended session or `last_person` tells: a stranger's POST is not kept at all.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from organisation import last_person
from organisation.services import unsent_forms

KEPT_FOR_SECONDS = 30 * 60

WAS = "gatehouse_was"
CONTINUES = "gatehouse_continues"
_HELD = "gatehouse_held_answers"
_NOT_ANSWERS = ("csrfmiddlewaretoken",)


@dataclass(frozen=True)
class HeldAnswers:
    """One form as it was sent."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files_lost: tuple[str, ...]

    @property
    def is_sendable(self) -> bool:
        """Whether there is anything to send again."""
        return bool(self.fields)

    @property
    def written(self) -> tuple[str, ...]:
        """What was put into words, by which its writer knows it: a ticked box or a chosen number says nothing alone."""
        return tuple(value for _, value in self.fields if len(value.split()) > 1)


def remember_who(session: SessionBase, person_id: str) -> None:
    """Note whose session this browser had, so that only that person gets back what was sent."""
    session[WAS] = person_id


def note_return(request: HttpRequest, person_id: str) -> None:
    """At a sign-in: note that this person was the last one here, whose open pages may still send what they hold."""
    if last_person.of(request) == person_id:
        request.session[CONTINUES] = True


def is_anybody_known(request: HttpRequest) -> bool:
    """Say whether what this browser sends could be kept for somebody."""
    return _whose(request) is not None


def settle_who(session: SessionBase, person_id: str) -> None:
    """After a sign-in: keep what is held for this very person and drop everybody else's."""
    was = session.pop(WAS, None)
    if was is not None:
        session[CONTINUES] = was == person_id
    held = session.get(_HELD)
    if held is not None and (held["person"] != person_id or held["at"] + KEPT_FOR_SECONDS < time.time()):
        del session[_HELD]


def hold(request: HttpRequest) -> bool:
    """Keep what was sent for the person whose session has ended; say whether it was kept."""
    person_id = _whose(request)
    if person_id is None:
        return False
    answers = read(request)
    if not unsent_forms.may_be_kept(answers.fields):
        return False
    request.session[WAS] = person_id
    request.session[_HELD] = {
        "person": person_id,
        "at": time.time(),
        "path": answers.path,
        "fields": [list(pair) for pair in answers.fields],
        "files": list(answers.files_lost),
    }
    return True


def _whose(request: HttpRequest) -> str | None:
    found: str | None = request.session.get(WAS) or last_person.of(request)
    return found


def read(request: HttpRequest) -> HeldAnswers:
    """Read the form out of a request. Uploads cannot be kept; their names are, to ask for them again."""
    fields = [
        (name, str(value)) for name, values in request.POST.lists() if name not in _NOT_ANSWERS for value in values
    ]
    files = [upload.name or "" for _, uploads in request.FILES.lists() for upload in uploads]
    return HeldAnswers(request.get_full_path(), tuple(fields), tuple(files))


def held_for(session: SessionBase) -> HeldAnswers | None:
    """Return what waits in this session, if it is not too old. `settle_who` has seen to whose it is."""
    held: dict[str, Any] | None = session.get(_HELD)
    if held is None or held["at"] + KEPT_FOR_SECONDS < time.time():
        return None
    return HeldAnswers(held["path"], tuple((name, value) for name, value in held["fields"]), tuple(held["files"]))


def let_go(session: SessionBase) -> None:
    """Forget what was held: it has been sent, or is not wanted."""
    session.pop(_HELD, None)
