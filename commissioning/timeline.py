"""The timeline of a commission, worked back from the day it is needed by. Pure: steps and dates in, dates out.

Steps form a net: each names those that must be over before it begins. Steps that do not wait for each other run at the
same time. Worked back, every step gets the last days on which it can run; worked forward, the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta

from organisation.working_days import add_working_days, next_working_day, previous_working_day

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """One step: how many days it takes (at least one), working days or calendar days, and what it waits for."""

    key: str
    name: str
    stage: str
    lane: str
    days: int
    is_working: bool = True
    after: tuple[str, ...] = ()
    gate: int = 0
    order: int = 0
    may_leave_out: bool = False
    is_milestone: bool = False
    is_tender: bool = False
    shown_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """The first and the last day of a step."""

    starts_on: date
    ends_on: date


def without(steps: Sequence[Step], left_out: AbstractSet[str]) -> list[Step]:
    """The steps that are taken. What waited for one that is left out waits for what that one waited for."""
    known = {step.key: step for step in steps}

    def before(key: str, seen: frozenset[str]) -> set[str]:
        if key in seen or key not in known:
            return set()
        if key not in left_out:
            return {key}
        return {found for earlier in known[key].after for found in before(earlier, seen | {key})}

    return [
        replace(step, after=tuple(sorted({found for key in step.after for found in before(key, frozenset())})))
        for step in steps
        if step.key not in left_out
    ]


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Every step after those it waits for. Raises ``ValueError`` where steps wait for each other in a circle."""
    waiting = {step.key: step for step in steps}
    ordered: list[Step] = []
    while waiting:
        free = [step for step in waiting.values() if not any(key in waiting for key in step.after)]
        if not free:
            raise ValueError(f"These steps wait for each other: {', '.join(sorted(waiting))}")
        ordered += free
        for step in free:
            del waiting[step.key]
    return ordered


def back_from(needed_by: date, steps: Sequence[Step], holidays: AbstractSet[date]) -> dict[str, Span]:
    """The last days on which each step can run, so that all are over before the day it is needed by."""
    found: dict[str, Span] = {}
    last: dict[str, date] = {}
    for step in reversed(in_order(steps)):
        span = _ending_by(last.get(step.key, needed_by - _ONE_DAY), step, holidays)
        found[step.key] = span
        for key in step.after:
            last[key] = min(last.get(key, date.max), span.starts_on - _ONE_DAY)
    return found


def forward_from(
    begins: date,
    steps: Sequence[Step],
    holidays: AbstractSet[date],
    *,
    none_over_before: date | None = None,
    not_before: Mapping[str, date] | None = None,
) -> dict[str, Span]:
    """The first days on which each step can run from a day on.

    ``none_over_before`` is today where the work began earlier: what is not done by now is not over before today.
    ``not_before`` is the first day of steps that could not begin with the others: what they waited for came later.
    """
    found: dict[str, Span] = {}
    floors = not_before or {}
    for step in in_order(steps):
        earlier = [found[key].ends_on + _ONE_DAY for key in step.after if key in found]
        span = _beginning_on(max([begins, floors.get(step.key, begins), *earlier]), step, holidays)
        if none_over_before is not None and span.ends_on < none_over_before:
            span = Span(span.starts_on, none_over_before)
        found[step.key] = span
    return found


def ready_on(spans: Mapping[str, Span], otherwise: date) -> date:
    """The first day on which everything is over."""
    return max((span.ends_on + _ONE_DAY for span in spans.values()), default=otherwise)


def _ending_by(last: date, step: Step, holidays: AbstractSet[date]) -> Span:
    if not step.is_working:
        return Span(last - timedelta(days=step.days - 1), last)
    ends = previous_working_day(last, holidays)
    return Span(_moved(ends, 1 - step.days, holidays), ends)


def _beginning_on(first: date, step: Step, holidays: AbstractSet[date]) -> Span:
    if not step.is_working:
        return Span(first, first + timedelta(days=step.days - 1))
    starts = next_working_day(first, holidays)
    return Span(starts, _moved(starts, step.days - 1, holidays))


def _moved(day: date, count: int, holidays: AbstractSet[date]) -> date:
    return add_working_days(day, count, holidays) if count else day


@dataclass(frozen=True)
class Verdict:
    """Whether the day can be kept: the first day that is possible, and what should have been done by now."""

    needed_by: date
    earliest: date
    missed: Step | None
    missed_span: Span | None

    @property
    def is_met(self) -> bool:
        """Whether everything can be over in time."""
        return self.earliest <= self.needed_by


def judge(
    needed_by: date,
    remaining: Sequence[Step],
    began: date,
    today: date,
    holidays: AbstractSet[date],
    not_before: Mapping[str, date] | None = None,
) -> Verdict:
    """Hold the day it is needed by against what is still to do. ``began`` is the day the present stage began.

    Steps of later stages begin today at the earliest. Of what should have been over, a gate is named before anything.
    """
    spans = forward_from(began, remaining, holidays, none_over_before=today, not_before=not_before)
    earliest = ready_on(spans, today)
    planned = back_from(needed_by, remaining, holidays)
    late = sorted(
        (step for step in remaining if planned[step.key].ends_on < today),
        key=lambda step: (not step.gate, planned[step.key].ends_on, step.order),
    )
    if not late and earliest > needed_by:
        late = sorted(
            (step for step in remaining if planned[step.key].starts_on < today),
            key=lambda step: (planned[step.key].starts_on, step.order),
        )
    missed = late[0] if late else None
    return Verdict(needed_by, earliest, missed, planned[missed.key] if missed else None)
