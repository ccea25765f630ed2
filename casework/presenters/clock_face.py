"""The clock of a work item in words and boxes."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.clocks import days_between
from casework.handled import answer_words
from casework.states import SETTLED, ItemState
from organisation import clock
from organisation.drawing import clock_boxes
from organisation.formatting import counted, day, sentence_start, short_day
from organisation.working_days import ENGLAND, holidays_of, is_working_day, previous_working_day

# Without an allowance nobody knows what half of the time is; two days are soon.
_SOON_WITHOUT_ALLOWANCE = 2
SATURDAY = 5


@dataclass(frozen=True)
class ClockFace:
    """What a clock shows: ``words`` in bold, ``boxes`` beside ``due``, and what a screen reader adds.

    ``tone`` is calm, soon, overdue, paused or none; colour only repeats what the words say.
    """

    words: str
    due: str = ""
    tone: str = "none"
    boxes: str = ""
    spoken: str = ""

    @property
    def deadline_tone(self) -> str:
        """The same in the tones of a deadline block."""
        return {"overdue": "late", "soon": "soon"}.get(self.tone, "calm")


def face_of(item: Any, today: date | None = None, holidays: AbstractSet[date] | None = None) -> ClockFace:
    """The face of an item's clock; ``item`` is a row of values or the record itself."""
    read = item.get if isinstance(item, dict) else lambda name: getattr(item, name)
    today = today or clock.today()
    known = frozenset(holidays_of(ENGLAND) if holidays is None else holidays)
    state = read("state")
    if state in SETTLED:
        settled = read("settled_at")
        answer = read("answer")
        words = answer_words(str(read("kind")), str(answer)) or ItemState(state).label
        return ClockFace(words, short_day(settled) if settled else "")
    allowance, unit = read("allowance"), read("unit")
    # A queue has clocks of both kinds side by side, so each says which days it counts.
    thing = "working day" if unit == "working_days" else "calendar day"
    if read("paused_since"):
        left = read("left_when_paused") or 0
        return ClockFace(
            "Paused since",
            short_day(read("paused_since")),
            "paused",
            clock_boxes(left, allowance) if allowance else "",
            f"{counted(max(0, left), thing)} left when it was paused",
        )
    due = read("due_on")
    if due is None:
        return ClockFace("No time limit")
    return _running(due, allowance, unit, thing, today, known, read("soon_days"))


def _running(
    due: date,
    allowance: int | None,
    unit: str | None,
    thing: str,
    today: date,
    holidays: frozenset[date],
    soon: int | None,
) -> ClockFace:
    shown = f"{short_day(due)}{_no_working_day(due, holidays)}"
    left = days_between(today, due, unit or "calendar_days", holidays)
    if due < today:
        words = f"{counted(max(1, -left), thing)} overdue"
        return ClockFace(words, shown, "overdue", clock_boxes(0, allowance or 1))
    if due == today:
        return ClockFace("Due today", shown, "soon", clock_boxes(0, allowance) if allowance else "")
    if not allowance:
        tone = "soon" if left <= _SOON_WITHOUT_ALLOWANCE else "calm"
        return ClockFace(f"{counted(left, thing)} left", shown, tone)
    # Less than half, unless a figure of the rules says when.
    is_soon = left <= soon if soon is not None else left * 2 < allowance
    tone = "soon" if is_soon else "calm"
    if left > allowance:  # more time was agreed
        return ClockFace(f"{counted(left, thing)} left", shown, tone, clock_boxes(allowance, allowance))
    of_all = f"{left} of {counted(allowance, thing)} left"
    return ClockFace(of_all, shown, tone, clock_boxes(left, allowance))


def _no_working_day(due: date, holidays: AbstractSet[date]) -> str:
    """Clocks in calendar days may end on a day on which nobody works: it is said, because the answer comes before."""
    if is_working_day(due, holidays):
        return ""
    return f", a {due:%A}" if due.weekday() >= SATURDAY else ", a bank holiday"


def deadline_of(item: Any, face: ClockFace) -> dict[str, str] | None:
    """The deadline block of an item's page; None when it has no clock."""
    if item.state in SETTLED or face.tone == "none":
        return None
    if face.tone == "paused":
        return {
            "label": "Paused since",
            "day": day(item.paused_since),
            "words": sentence_start(face.spoken),
            "tone": "calm",
        }
    known = frozenset(holidays_of(ENGLAND))
    words = face.words
    if item.due_on > clock.today() and not is_working_day(item.due_on, known):
        words += f". Not a working day: answer by {day(previous_working_day(item.due_on, known))}"
    return {"label": "Due", "day": day(item.due_on), "words": words, "tone": face.deadline_tone}
