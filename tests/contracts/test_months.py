"""Terms in months: a term made longer ends where people expect, and never before it starts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.months import end_after, length_words, months_after, months_between, months_words

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2150, 12, 31))
lengths = st.integers(min_value=1, max_value=240)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 4, 1), 24, date(2028, 4, 1)),
        (date(2026, 10, 31), 0, date(2026, 10, 31)),
    ],
)
def test_months_after(day, months, after) -> None:
    assert months_after(day, months) == after


@pytest.mark.parametrize(
    ("ends_on", "months", "until"),
    [
        (date(2027, 3, 31), 12, date(2028, 3, 31)),
        (date(2027, 2, 28), 12, date(2028, 2, 29)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 9, 14), 1, date(2026, 10, 14)),
    ],
)
def test_end_after(ends_on, months, until) -> None:
    assert end_after(ends_on, months) == until


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 4, 1), date(2029, 3, 31), "3 years"),
        (date(2026, 4, 1), date(2027, 9, 30), "18 months"),
        (date(2026, 4, 1), date(2026, 4, 30), "1 month"),
        (date(2026, 4, 1), date(2026, 4, 1), "1 day"),
        (date(2026, 4, 1), date(2026, 4, 10), "10 days"),
        (date(2026, 4, 1), date(2027, 4, 15), "1 year"),
    ],
)
def test_length_words(first, last, words) -> None:
    assert length_words(first, last) == words


def test_months_words() -> None:
    assert [months_words(number) for number in (1, 11, 12, 18, 24)] == [
        "1 month",
        "11 months",
        "1 year",
        "18 months",
        "2 years",
    ]


def slow_months_after(day: date, months: int) -> date:
    """The obvious way: one month at a time, then back to a day that exists."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, number))
        except ValueError:
            continue
    raise AssertionError


@given(days, st.integers(min_value=0, max_value=240))
def test_agrees_with_the_obvious_way(day: date, months: int) -> None:
    assert months_after(day, months) == slow_months_after(day, months)


@given(days, lengths)
def test_a_longer_term_always_ends_later(ends_on: date, months: int) -> None:
    assert end_after(ends_on, months) > ends_on
    assert end_after(ends_on, months + 1) > end_after(ends_on, months)


@given(days, lengths)
def test_a_term_of_so_many_months_is_counted_as_so_many(first: date, months: int) -> None:
    last = end_after(first - timedelta(days=1), months)

    assert months_between(first, last) == months
