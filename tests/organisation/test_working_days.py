from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from organisation import working_days
from organisation.models import BankHoliday
from organisation.services.reference_data import Loaded, load_calendars
from organisation.working_days import (
    add_working_days,
    forget_holidays,
    holidays_of,
    is_working_day,
    next_working_day,
    previous_working_day,
    working_days_between,
)
from tests.factories import organisation as make

DAYS = st.dates(date(2024, 12, 1), date(2027, 3, 1))
HOLIDAYS = st.frozensets(DAYS, max_size=60)
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})


def slowly_add(day: date, n: int, holidays: frozenset[date]) -> date:
    """Walk one day at a time: the reference no one can misread."""
    step = timedelta(days=1 if n >= 0 else -1)
    if n == 0:
        while day.weekday() >= 5 or day in holidays:
            day += step
    while n:
        day += step
        if day.weekday() < 5 and day not in holidays:
            n -= step.days
    return day


def slowly_count(a: date, b: date, holidays: frozenset[date]) -> int:
    """Look at every day after the earlier one, up to the later one."""
    if b < a:
        return -slowly_count(b, a, holidays)
    count = 0
    while a < b:
        a += timedelta(days=1)
        count += a.weekday() < 5 and a not in holidays
    return count


@given(DAYS, st.integers(-120, 120), HOLIDAYS)
@example(date(2026, 11, 28), 8, frozenset({date(2026, 11, 30)}))
@example(date(2026, 11, 29), -1, frozenset({date(2026, 11, 27)}))
def test_add_working_days_agrees_with_walking(day: date, n: int, holidays: frozenset[date]):
    assert add_working_days(day, n, holidays) == slowly_add(day, n, holidays)


@given(DAYS, DAYS, HOLIDAYS)
def test_working_days_between_agrees_with_walking(a: date, b: date, holidays: frozenset[date]):
    assert working_days_between(a, b, holidays) == slowly_count(a, b, holidays)


@given(DAYS, st.integers(1, 90), HOLIDAYS)
def test_counting_back_what_was_added_gives_the_same_number(day: date, n: int, holidays: frozenset[date]):
    assert working_days_between(day, add_working_days(day, n, holidays), holidays) == n


@given(DAYS, HOLIDAYS)
def test_next_and_previous_working_day_are_the_nearest(day: date, holidays: frozenset[date]):
    after, before = next_working_day(day, holidays), previous_working_day(day, holidays)

    assert is_working_day(after, holidays)
    assert is_working_day(before, holidays)
    assert working_days_between(day, after, holidays) == (0 if after == day else 1)
    assert before <= day <= after
    assert (before == day) == (after == day) == is_working_day(day, holidays)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 12, 27), False),
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
    ],
)
def test_is_working_day_over_christmas(day: date, working: bool):
    assert is_working_day(day, CHRISTMAS) is working


@pytest.mark.django_db
def test_holidays_of_the_union_hold_england_and_more():
    make.calendars()

    england, union = holidays_of("england"), holidays_of("uk_union")

    assert len(england) == 48
    assert england < union
    assert sorted(union - england)[:5] == [
        date(2025, 1, 2),
        date(2025, 3, 17),
        date(2025, 7, 14),
        date(2025, 8, 4),
        date(2025, 12, 1),
    ]


@pytest.mark.django_db
def test_holidays_of_asks_the_database_once(django_assert_num_queries):
    make.calendars()

    with django_assert_num_queries(1):
        holidays_of("england")
        holidays_of("england")


@pytest.mark.django_db
def test_holidays_of_leaves_out_a_day_that_was_withdrawn():
    calendar = make.working_calendar()
    make.bank_holiday(calendar, date(2026, 6, 15))
    make.bank_holiday(calendar, date(2026, 6, 16), withdrawn=True)

    assert holidays_of(calendar.key) == {date(2026, 6, 15)}


@pytest.mark.django_db
def test_an_edit_is_forgotten_at_once_by_the_process_that_made_it(django_capture_on_commit_callbacks):
    calendar = make.working_calendar()
    make.bank_holiday(calendar, date(2026, 6, 15))
    holidays_of(calendar.key)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        make.bank_holiday(calendar, date(2026, 6, 16))
        forget_holidays()

    assert holidays_of(calendar.key) == {date(2026, 6, 15), date(2026, 6, 16)}


@pytest.mark.django_db
def test_another_process_reads_again_after_a_minute(monkeypatch: pytest.MonkeyPatch):
    seconds = [1000.0]
    monkeypatch.setattr(working_days, "monotonic", lambda: seconds[0])
    calendar = make.working_calendar()
    make.bank_holiday(calendar, date(2026, 6, 15))
    holidays_of(calendar.key)
    make.bank_holiday(calendar, date(2026, 6, 16))

    seconds[0] += 59
    assert len(holidays_of(calendar.key)) == 1
    seconds[0] += 2
    assert len(holidays_of(calendar.key)) == 2


@pytest.mark.django_db
def test_an_empty_calendar_is_not_remembered():
    assert holidays_of("england") == frozenset()

    make.calendars()

    assert len(holidays_of("england")) == 48


@pytest.mark.django_db
def test_loading_again_adds_nothing_and_keeps_corrections():
    make.calendars()
    BankHoliday.objects.filter(day=date(2028, 8, 28)).update(withdrawn=True)

    assert load_calendars() == Loaded(added=0, there=79)
    assert BankHoliday.objects.filter(day=date(2028, 8, 28), withdrawn=True).exists()
