"""Which dates have a reminder step falling now: the calendar of the sweep, without any deadline in sight.

A step is read backwards. Instead of asking of each deadline when its steps fall, each step says from which dates it
falls in the days being swept; the database then finds the deadlines that bear those dates. Pure: dates in, dates out.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from organisation.working_days import add_working_days, next_working_day

CALENDAR_DAYS, WORKING_DAYS, MONTHS = "calendar_days", "working_days", "months"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """When a reminder falls: ``offset`` units from a date, and again every ``repeat_every`` days if that is set."""

    offset: int
    unit: str
    repeat_every: int | None = None
    repeat_unit: str = CALENDAR_DAYS


@dataclass(frozen=True)
class Window:
    """The days being swept: after the last day that was swept, up to and including the day of the sweep."""

    after: date
    until: date


def dates_falling(step: Step, window: Window, earliest: date, holidays: AbstractSet[date]) -> dict[date, date]:
    """The dates, no earlier than ``earliest``, from which the step falls in the window, each with the day it falls.

    A step that lands on no working day falls on the next one. Where it would fall more than once, the last one counts:
    somebody who could not be reminded for a week is reminded once.
    """
    found: dict[date, date] = {}
    landing = window.after - _longest_closure(window.after, holidays)
    while landing <= window.until:
        falls = next_working_day(landing, holidays)
        if window.after < falls <= window.until:
            for first in _first_landings(step, landing, earliest, holidays):
                for base in _bases(step, first, holidays):
                    if base >= earliest and falls > found.get(base, date.min):
                        found[base] = falls
        landing += _ONE_DAY
    return found


def add_months(day: date, months: int) -> date:
    """The same day of a later month (earlier, when negative), or its last day where the month is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _longest_closure(day: date, holidays: AbstractSet[date]) -> timedelta:
    """How far before a day a landing may lie that falls after it: the closed days up to it."""
    length = timedelta(0)
    while next_working_day(day - length, holidays) > day:
        length += _ONE_DAY
    return length


def _first_landings(step: Step, landing: date, earliest: date, holidays: AbstractSet[date]) -> Iterator[date]:
    """Where the step may have landed first, if it lands here now or comes here again."""
    yield landing
    if not step.repeat_every:
        return
    # No first landing lies before that of the earliest date; a few days are added for the closures between.
    floor = _land(step, earliest, holidays) - timedelta(days=14)
    working = step.repeat_unit == WORKING_DAYS
    if working and next_working_day(landing, holidays) != landing:
        return
    hop = 1
    while True:
        back = hop * step.repeat_every
        first = add_working_days(landing, -back, holidays) if working else landing - timedelta(days=back)
        if first < floor:
            return
        yield first
        if working:
            # A first landing on closed days hops to the same working days as the one before them.
            closed = first + _ONE_DAY
            while next_working_day(closed, holidays) != closed:
                yield closed
                closed += _ONE_DAY
        hop += 1


def _bases(step: Step, landing: date, holidays: AbstractSet[date]) -> Iterator[date]:
    """The dates from which the step's offset lands here."""
    if step.unit == CALENDAR_DAYS:
        yield landing - timedelta(days=step.offset)
        return
    if step.unit == MONTHS:
        near = add_months(landing, -step.offset)
    elif step.offset == 0:
        near = landing
    else:
        near = add_working_days(landing, -step.offset, holidays)
    if _land(step, near, holidays) != landing:
        return
    # Later dates land no earlier, so those that land here lie together.
    yield near
    for direction in (_ONE_DAY, -_ONE_DAY):
        base = near + direction
        while _land(step, base, holidays) == landing:
            yield base
            base += direction


def _land(step: Step, base: date, holidays: AbstractSet[date]) -> date:
    """Where the offset leads from a date, before it waits for a working day."""
    if step.unit == CALENDAR_DAYS:
        return base + timedelta(days=step.offset)
    if step.unit == MONTHS:
        return add_months(base, step.offset)
    return add_working_days(base, step.offset, holidays)
