"""The clock of a work item, computed from its events and the right calendar. Nothing is ever counted up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from organisation import clock
from organisation.working_days import add_working_days, working_days_between


@dataclass(frozen=True)
class Tick:
    """One thing that moved a clock, on a local day: "asked" a question, "replied" to it, or given "more_time"."""

    kind: str
    on: date
    new_due: date | None = None


@dataclass(frozen=True)
class Allowance:
    """How long an answer may take and what a question does to the clock.

    ``days`` are counted from the day after the start; None means that the item has no clock of its own.
    """

    days: int | None
    unit: str = "calendar_days"
    question_effect: str = "none"


@dataclass(frozen=True)
class Clock:
    """Where a clock stands: the due date, or the day since which it is paused with what is left."""

    due_on: date | None
    paused_since: date | None = None
    left_when_paused: int | None = None


def local_day(at: datetime) -> date:
    """The London day of an instant: clocks count the days people see."""
    return at.astimezone(clock.LONDON).date()


def _on(day: date, days: int, unit: str, holidays: frozenset[date]) -> date:
    """``days`` later (or earlier, when negative) in the clock's own unit."""
    return add_working_days(day, days, holidays) if unit == "working_days" else day + timedelta(days=days)


def days_between(start: date, end: date, unit: str, holidays: frozenset[date]) -> int:
    """Days from ``start`` (not counted) to ``end`` (counted), in the clock's own unit; negative when end is earlier."""
    return working_days_between(start, end, holidays) if unit == "working_days" else (end - start).days


def read_clock(started_on: date, allowance: Allowance, ticks: Iterable[Tick], holidays: frozenset[date]) -> Clock:
    """Where the clock stands after ``ticks`` in order.

    "pause": the time left when the question was asked runs on from the reply. "restart": the reply starts the whole
    allowance again (framework 6.2: resubmission starts a new week). "none": questions change nothing. More time sets
    the due date outright; a later pause keeps what is left of it.
    """
    if allowance.days is None:
        due: date | None = None
    else:
        due = _on(started_on, allowance.days, allowance.unit, holidays)
    paused_since: date | None = None
    left: int | None = None
    for tick in ticks:
        if tick.kind == "more_time":
            due = tick.new_due
            if paused_since is not None and due is not None:
                left = days_between(paused_since, due, allowance.unit, holidays)
        elif allowance.question_effect == "none" or due is None:
            continue
        elif tick.kind == "asked" and paused_since is None:
            paused_since = tick.on
            left = days_between(tick.on, due, allowance.unit, holidays)
        elif tick.kind == "replied" and paused_since is not None:
            restart = allowance.question_effect == "restart" and allowance.days is not None
            days = allowance.days if restart else left
            due = _on(tick.on, days or 0, allowance.unit, holidays)
            paused_since, left = None, None
    return Clock(due_on=None if paused_since else due, paused_since=paused_since, left_when_paused=left)
