"""What functions were asked about a gate's paper or an activity, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casework.handled import answer_words
from casework.models import WorkItem
from casework.states import ItemState
from commissioning.models import CommissionActivity, Gate
from organisation.formatting import day


@dataclass(frozen=True)
class InputLine:
    """What one function was asked, and what it says; its text is left out where it is privileged.

    ``said`` names who answered or withdrew it, and when.
    """

    function: str
    title: str
    url: str
    asked_at: datetime
    needed_by: date | None
    words: str
    tone: str
    text: str
    is_answered: bool
    submission: int
    question: str = ""
    said: str = ""


def inputs_of(gate: Gate) -> list[InputLine]:
    """Every input asked for on a gate, the newest submission first, in one statement."""
    rows = WorkItem.objects.filter(
        case_file_id=gate.commission.case_file_id, kind="gate_input", key__contains=f":gate:{gate.pk}:"
    )
    lines = [_input(row) for row in rows.select_related("queue", "settled_by").order_by("pk")]
    return sorted(lines, key=lambda line: -line.submission)


def asked_about(activity: CommissionActivity) -> list[InputLine]:
    """Everything that was asked of functions about an activity, and what its answers asked, in one statement."""
    rows = WorkItem.objects.filter(
        case_file_id=activity.commission.case_file_id, key__contains=f":activity:{activity.pk}:"
    )
    return [_input(row) for row in rows.select_related("queue", "settled_by").order_by("pk")]


def _input(row: WorkItem) -> InputLine:
    answered = row.state == ItemState.ANSWERED
    if answered:
        words, tone = answer_words(row.kind, row.answer), "red" if row.answer == "cannot_agree" else "green"
    elif row.state == ItemState.CLOSED:
        words, tone = "No input: withdrawn", "grey"
    elif row.state == ItemState.WAITING:
        words, tone = "No input yet: has a question for you", "amber"
    else:
        words, tone = "No input yet", "amber"
    text = row.answer_text if answered and not row.is_privileged else ""
    if answered and row.is_privileged:
        text = "What it says is privileged and is read on the item's own page by those who may."
    return InputLine(
        function=row.queue.name if row.queue else "",
        title=row.title,
        url=row.get_absolute_url(),
        asked_at=row.opened_at,
        needed_by=row.needed_by,
        words=words,
        tone=tone,
        text=text,
        is_answered=answered,
        submission=int(last) if (last := row.key.rpartition(":")[2]).isdecimal() else 0,
        question="" if row.is_privileged else row.question,
        said=_said(row),
    )


def _said(row: WorkItem) -> str:
    """Answered by Priya Shah, 3 March 2026."""
    if row.settled_at is None:
        return ""
    did = "Answered" if row.state == ItemState.ANSWERED else "Withdrawn"
    by = f" by {row.settled_by.name}" if row.settled_by else ""
    return f"{did}{by}, {day(row.settled_at)}"
