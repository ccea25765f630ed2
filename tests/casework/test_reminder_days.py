"""When reminder steps fall, against a slow reading of the same rule: from each date forwards, step by step."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casework.reminder_days import Step, Window, add_months, dates_falling
from organisation.working_days import is_working_day

DAY = timedelta(days=1)
# Christmas and Easter, as England has them, and one closure of a whole week.
HOLIDAYS = frozenset(
    [date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)]
    + [date(2027, 2, 8) + DAY * n for n in range(5)]
)


def count_days(day: date, n: int, unit: str) -> date:
    """The obvious way: one day at a time."""
    if unit == "months":
        month = day.year * 12 + day.month - 1 + n
        while True:
            try:
                return date(month // 12, month % 12 + 1, day.day)
            except ValueError:
                day -= DAY
    if n == 0 and unit == "working_days":
        return rolled(day)
    while n:
        day += DAY if n > 0 else -DAY
        if unit == "calendar_days" or is_working_day(day, HOLIDAYS):
            n += -1 if n > 0 else 1
    return day


def rolled(day: date) -> date:
    while not is_working_day(day, HOLIDAYS):
        day += DAY
    return day


def slowly(step: Step, window: Window, base: date) -> date | None:
    last = None
    landing = first = count_days(base, step.offset, step.unit)
    hop = 0
    while rolled(landing) <= window.until:
        if rolled(landing) > window.after:
            last = rolled(landing)
        if not step.repeat_every:
            break
        hop += 1
        landing = count_days(first, hop * step.repeat_every, step.repeat_unit)
    return last


steps = st.one_of(
    st.builds(Step, st.integers(-25, 25), st.sampled_from(["calendar_days", "working_days"])),
    st.builds(Step, st.integers(-18, 3), st.just("months")),
    st.builds(
        Step,
        st.integers(-10, 10),
        st.sampled_from(["calendar_days", "working_days"]),
        st.integers(1, 12),
        st.sampled_from(["calendar_days", "working_days"]),
    ),
)
days = st.dates(date(2026, 11, 1), date(2027, 4, 30))


@settings(max_examples=150, deadline=None)
@given(steps, days, st.integers(1, 9))
@example(Step(0, "calendar_days"), date(2026, 12, 29), 5)  # Christmas rolls to the 29th
@example(Step(-3, "months"), date(2027, 3, 1), 4)  # 31 May, less three months, is the end of February
@example(Step(1, "working_days", 1, "working_days"), date(2027, 2, 15), 8)  # after a closure of a week
def test_dates_are_those_a_slow_reading_finds(step: Step, until: date, length: int) -> None:
    window = Window(until - DAY * length, until)
    earliest = until - DAY * 40
    latest = add_months(until, 19)
    # Any date of a far step, near ones all: the slow reading is slow.
    asked = {earliest + DAY * n for n in range(100)} | {latest - DAY * 7 * n for n in range(60)}

    found = dates_falling(step, window, earliest, HOLIDAYS)

    asked |= set(found)
    expected = {base: falls for base in asked if base >= earliest and (falls := slowly(step, window, base))}
    assert {base: falls for base, falls in found.items() if base in asked} == expected


def test_reminder_never_falls_on_a_closed_day() -> None:
    window = Window(date(2026, 12, 23), date(2027, 1, 4))

    for step in (Step(0, "calendar_days"), Step(-10, "working_days"), Step(-3, "months"), Step(7, "calendar_days", 7)):
        assert all(
            is_working_day(falls, HOLIDAYS)
            for falls in dates_falling(step, window, date(2026, 6, 1), HOLIDAYS).values()
        )


@pytest.mark.parametrize(
    ("day", "months", "lands"),
    [
        (date(2027, 5, 31), -3, date(2027, 2, 28)),
        (date(2029, 3, 31), -18, date(2027, 9, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_end_with_the_month(day: date, months: int, lands: date) -> None:
    assert add_months(day, months) == lands
