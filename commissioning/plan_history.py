"""How the history tells an agreed plan: its activities in one line that opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from casework.audit.folding import register_fold
from casework.models import AuditEvent
from organisation.formatting import counted, listed

TAKEN, LEFT = "commissionactivity.take_in", "commissionactivity.leave_out"
WORDS = {TAKEN: "relevant", LEFT: "not needed"}


def plan_words(events: Sequence[AuditEvent]) -> str:
    """Marked 18 activities as relevant and 5 activities as not needed."""
    count = Counter(event.verb for event in events)
    said = [f"{counted(count[verb], 'activity', 'activities')} as {words}" for verb, words in WORDS.items()]
    return f"marked {listed([words for verb, words in zip(WORDS, said, strict=True) if count[verb]])}"


def register_own() -> None:
    """Register it."""
    register_fold(WORDS, plan_words)
