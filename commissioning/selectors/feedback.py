"""The list of the public's feedback, as staff see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commissioning.models import PublicFeedback
from commissioning.states import FeedbackState
from organisation import clock
from organisation.models import Person

MOST = 200


@dataclass(frozen=True)
class FeedbackRow:
    """One line of the list."""

    url: str
    reference: str
    topic: str
    begins: str
    received_on: date
    days_open: int
    answer_by: date
    is_late: bool
    holder: str
    area: str
    state: str


def rows_for(person: Person, *, closed: bool = False) -> list[FeedbackRow]:
    """What waits, by the day of its answer, or what is closed, newest first; one statement."""
    rows = PublicFeedback.objects.workable_by(person).select_related(
        "case_file__holder", "case_file__service_area", "case_file__organisation"
    )
    if closed:
        rows = rows.filter(state=FeedbackState.CLOSED).order_by("-closed_at", "-pk")
    else:
        rows = rows.exclude(state=FeedbackState.CLOSED).order_by("answer_by", "pk")
    return [_row(row) for row in rows[:MOST]]


def is_late(row: PublicFeedback) -> bool:
    """Whether its answer is owed since a day that has passed."""
    return row.is_waiting and row.answer_by < clock.today()


def _row(row: PublicFeedback) -> FeedbackRow:
    case = row.case_file
    return FeedbackRow(
        url=row.get_absolute_url(),
        reference=case.reference,
        topic=str(row.get_topic_display()),
        begins=row.words,
        received_on=row.received_at.astimezone(clock.LONDON).date(),
        days_open=row.days_open(),
        answer_by=row.answer_by,
        is_late=is_late(row),
        holder=case.holder.name if case.holder else "Nobody yet",
        area=str(case.service_area) if case.service_area else "No area yet",
        state=str(row.get_state_display()),
    )
