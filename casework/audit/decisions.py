"""Decisions out of the audit trail: who decided what, when, with which reasons, on which version of which document.

The trail is append-only and chained, so what is shown here cannot be edited afterwards. A room names the verbs of its
decisions once::

    register_decisions("gate.approve", "gate.refuse")

and puts the document decided on, and reasons that stand on the record itself, into the event's changes under
``DOCUMENT`` and ``REASONS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.audit.sentences import (
    Names,
    actor_words,
    change_words,
    done_words,
    events_of_case,
    names_in,
    registered_verbs,
    role_words,
)
from casework.models import AuditEvent, CaseFile
from organisation.formatting import sentence_start
from organisation.models import Person

DOCUMENT, REASONS = "document", "reasons"

_verbs: set[str] = set()


def register_decisions(*verbs: str) -> None:
    """Name verbs of the trail that are decisions. Called from ``AppConfig.ready``."""
    _verbs.update(verbs)


@dataclass(frozen=True)
class Decision:
    """One decision as its page shows it. ``document`` is what was decided on, with its version."""

    at: datetime
    what: str
    who: str
    role: str
    reasons: str
    document: str
    more: tuple[str, ...]


def decisions_of(case_file: CaseFile, viewer: Person, limit: int = 200) -> list[Decision]:
    """The decisions on a case and everything under it, newest first: two statements at most."""
    rows = events_of_case(case_file, viewer).filter(verb__in=_verbs, is_refusal=False)[:limit]
    events = list(rows)
    names = names_in(events)
    return [_decision(event, names, case_file) for event in events]


def _decision(event: AuditEvent, names: Names, case_file: CaseFile) -> Decision:
    what = done_words(event, names, case_file)
    said = [event.reason, _plain(event.changes.get(REASONS))]
    told = () if event.verb in registered_verbs() else sorted(event.changes.items())
    return Decision(
        at=event.at,
        what=sentence_start(what),
        who=actor_words(event).rstrip(","),
        role=role_words(event.role) if event.role else "",
        reasons="\n".join(dict.fromkeys(words for words in said if words)),
        document=_plain(event.changes.get(DOCUMENT)),
        more=tuple(change_words(key, value, names) for key, value in told if key not in (DOCUMENT, REASONS)),
    )


def _plain(value: object) -> str:
    return str(value[-1] if isinstance(value, list) and value else value or "")
