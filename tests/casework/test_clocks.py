"""The clock of a work item against a slow, obvious simulation that lives through every day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.clocks import Allowance, Clock, Tick, days_between, local_day, read_clock

DAY = timedelta(days=1)
NONE: frozenset[date] = frozenset()
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})


# --- The reference: one day after another -----------------------------------------------------------------------------


def signed_count(first: date, last: date, counts: Callable[[date], bool]) -> int:
    """Count the days after `first` up to `last`, one by one; below zero when `last` comes first."""
    if last < first:
        return -signed_count(last, first, counts)
    number = 0
    while first < last:
        first += DAY
        number += counts(first)
    return number


def slow_clock(  # noqa: C901 - one day after another, told in one piece
    start: date, allowance: Allowance, ticks: list[Tick], holidays: frozenset[date]
) -> Clock:
    """Live through each day: in the morning a running clock loses one; in the evening what happened is taken in."""

    def counts(day: date) -> bool:
        return allowance.unit == "calendar_days" or (day.weekday() < 5 and day not in holidays)

    def first_that_counts(day: date) -> date:
        while not counts(day):
            day += DAY
        return day

    left = allowance.days  # None: no clock
    ran_out_on = first_that_counts(start) if left == 0 else None
    set_outright: date | None = None
    paused_since: date | None = None
    day = start
    waiting = list(ticks)
    while waiting or (paused_since is None and left is not None and left > 0):
        while waiting and waiting[0].on == day:
            tick = waiting.pop(0)
            if tick.kind == "more_time":
                assert tick.new_due is not None
                left = signed_count(paused_since or day, tick.new_due, counts)
                set_outright = tick.new_due
            elif left is None or allowance.question_effect == "none":
                pass
            elif tick.kind == "asked" and paused_since is None:
                paused_since = day
            elif tick.kind == "replied" and paused_since is not None:
                paused_since = set_outright = None
                if allowance.question_effect == "restart" and allowance.days is not None:
                    left = allowance.days
                if left == 0:
                    ran_out_on = first_that_counts(day)
                elif left < 0:
                    # As late as it was when the question was asked, counted back from the reply.
                    ran_out_on, late = day, -left
                    while late:
                        ran_out_on -= DAY
                        late -= counts(ran_out_on)
        if not waiting and (paused_since is not None or left is None or left <= 0):
            break
        day += DAY
        if paused_since is None and left is not None and counts(day):
            left -= 1
            if left == 0:
                ran_out_on = day
    if paused_since is not None:
        return Clock(None, paused_since, left)
    if left is None:
        return Clock(None)
    return Clock(set_outright or ran_out_on)


# --- Any history ------------------------------------------------------------------------------------------------------

starts = st.dates(date(2026, 1, 1), date(2027, 12, 31))
some_holidays = st.frozensets(st.dates(date(2026, 1, 1), date(2028, 6, 30)), max_size=25).map(
    lambda days: days | CHRISTMAS
)
allowances = st.builds(
    Allowance,
    st.one_of(st.none(), st.integers(0, 40)),
    st.sampled_from(["calendar_days", "working_days"]),
    st.sampled_from(["none", "pause", "restart"]),
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[date, list[Tick]]:
    start = draw(starts)
    day, ticks = start, []
    for _ in range(draw(st.integers(0, 6))):
        day += timedelta(days=draw(st.integers(0, 20)))
        kind = draw(st.sampled_from(["asked", "replied", "more_time"]))
        later = day + timedelta(days=draw(st.integers(1, 40)))
        ticks.append(Tick(kind, day, later if kind == "more_time" else None))
    return start, ticks


@given(histories(), allowances, some_holidays)
def test_clock_agrees_with_living_through_every_day(
    history: tuple[date, list[Tick]], allowance: Allowance, holidays: frozenset[date]
) -> None:
    start, ticks = history

    assert read_clock(start, allowance, ticks, holidays) == slow_clock(start, allowance, ticks, holidays)


@given(starts, st.integers(-200, 200), st.sampled_from(["calendar_days", "working_days"]), some_holidays)
def test_days_between_counts_each_day(start: date, apart: int, unit: str, holidays: frozenset[date]) -> None:
    end = start + timedelta(days=apart)

    def counts(day: date) -> bool:
        return unit == "calendar_days" or (day.weekday() < 5 and day not in holidays)

    assert days_between(start, end, unit, holidays) == signed_count(start, end, counts)


@given(histories(), st.integers(0, 40), st.sampled_from(["calendar_days", "working_days"]), some_holidays)
def test_question_never_shortens_what_is_left(
    history: tuple[date, list[Tick]], days: int, unit: str, holidays: frozenset[date]
) -> None:
    """With or without questions: a paused or restarted clock never falls due before one that was not asked."""
    start, ticks = history
    ticks = [tick for tick in ticks if tick.kind != "more_time"]
    plain = read_clock(start, Allowance(days, unit, "none"), ticks, holidays).due_on

    for effect in ("pause", "restart"):
        read = read_clock(start, Allowance(days, unit, effect), ticks, holidays)
        assert read.paused_since is not None or (read.due_on is not None and plain is not None and read.due_on >= plain)


# --- Days one can check by hand ---------------------------------------------------------------------------------------

MONDAY = date(2026, 11, 2)


def clock(days: int | None, unit: str, effect: str, *ticks: Tick, start: date = MONDAY) -> Clock:
    return read_clock(start, Allowance(days, unit, effect), list(ticks), CHRISTMAS)


def asked(day: int) -> Tick:
    return Tick("asked", date(2026, 11, day))


def replied(day: int) -> Tick:
    return Tick("replied", date(2026, 11, day))


@pytest.mark.parametrize(
    ("days", "unit", "due"),
    [
        (7, "calendar_days", date(2026, 11, 9)),
        (5, "working_days", date(2026, 11, 9)),
        (10, "working_days", date(2026, 11, 16)),
        (0, "working_days", MONDAY),
        (None, "working_days", None),
    ],
)
def test_due_date_counts_from_the_day_after_the_start(days: int | None, unit: str, due: date | None) -> None:
    assert clock(days, unit, "none").due_on == due


def test_working_days_pass_over_christmas() -> None:
    assert clock(3, "working_days", "none", start=date(2026, 12, 23)).due_on == date(2026, 12, 30)


def test_question_pauses_with_what_is_left() -> None:
    assert clock(7, "calendar_days", "pause", asked(4)) == Clock(None, date(2026, 11, 4), 5)


def test_reply_goes_on_with_what_was_left() -> None:
    assert clock(7, "calendar_days", "pause", asked(4), replied(10)) == Clock(date(2026, 11, 15))


def test_reply_starts_a_new_week_where_the_rule_says_so() -> None:
    assert clock(7, "calendar_days", "restart", asked(4), replied(10)) == Clock(date(2026, 11, 17))


def test_question_changes_nothing_where_the_rule_says_so() -> None:
    assert clock(7, "calendar_days", "none", asked(4), replied(10)) == Clock(date(2026, 11, 9))


def test_second_question_pauses_again() -> None:
    read = clock(7, "calendar_days", "pause", asked(4), replied(10), asked(12), replied(20))

    assert read == Clock(date(2026, 11, 23))


def test_question_asked_twice_counts_once() -> None:
    assert clock(7, "calendar_days", "pause", asked(4), asked(6)) == Clock(None, date(2026, 11, 4), 5)


def test_more_time_sets_the_date_outright() -> None:
    more = Tick("more_time", date(2026, 11, 5), date(2026, 11, 21))

    assert clock(5, "working_days", "pause", more) == Clock(date(2026, 11, 21))


def test_question_after_more_time_keeps_what_is_left_of_it() -> None:
    more = Tick("more_time", date(2026, 11, 5), date(2026, 11, 20))

    assert clock(7, "calendar_days", "pause", more, asked(10), replied(12)) == Clock(date(2026, 11, 22))


def test_overdue_question_stays_as_late_as_it_was() -> None:
    assert clock(1, "calendar_days", "pause", asked(5), replied(10)) == Clock(date(2026, 11, 8))


def test_reply_on_a_saturday_with_nothing_left_is_due_on_monday() -> None:
    assert clock(2, "working_days", "pause", asked(4), replied(7)) == Clock(date(2026, 11, 9))


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), date(2026, 12, 1)),
    ],
)
def test_clocks_count_london_days(instant: datetime, day: date) -> None:
    assert local_day(instant) == day
