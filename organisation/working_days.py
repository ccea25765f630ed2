"""Working-day arithmetic, and the holidays it counts by.

The functions are pure: they take the holidays as a frozen set. ``holidays_of`` reads a calendar's set and remembers
it in this process for a minute, so most pages ask the database nothing; an edit forgets it at once in the process
that made it, and every other process reads it again within the minute.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from time import monotonic
from typing import Final

from django.db import transaction

from organisation.models.calendar import BankHoliday

ENGLAND: Final = "england"
UK_UNION: Final = "uk_union"

_REMEMBER_SECONDS: Final = 60.0
_ONE_DAY: Final = timedelta(days=1)
_remembered: dict[str, tuple[float, frozenset[date]]] = {}


def is_working_day(day: date, holidays: AbstractSet[date]) -> bool:
    """Say whether a day is neither at a weekend nor a holiday."""
    return day.weekday() < 5 and day not in holidays


def next_working_day(day: date, holidays: AbstractSet[date]) -> date:
    """Return the day itself when it is a working day, else the first one after it."""
    while not is_working_day(day, holidays):
        day += _ONE_DAY
    return day


def previous_working_day(day: date, holidays: AbstractSet[date]) -> date:
    """Return the day itself when it is a working day, else the last one before it."""
    while not is_working_day(day, holidays):
        day -= _ONE_DAY
    return day


def add_working_days(day: date, n: int, holidays: AbstractSet[date]) -> date:
    """Return the n-th working day after a day, or before it when n is negative.

    The day itself is never counted. With n = 0 the answer is the day itself, or the next working day.
    """
    if n == 0:
        return next_working_day(day, holidays)
    step = 1 if n > 0 else -1
    wanted = abs(n)
    while wanted:
        # Jump by weekdays alone, then make up for the holidays jumped over.
        landed = _add_weekdays(day, wanted * step)
        passed = (day + _ONE_DAY, landed) if step > 0 else (landed, day - _ONE_DAY)
        wanted = _weekday_holidays(*passed, holidays)
        day = landed
    return day


def working_days_between(a: date, b: date, holidays: AbstractSet[date]) -> int:
    """Count the working days after a, up to and including b; negative when b comes before a."""
    if b < a:
        return -working_days_between(b, a, holidays)
    return _weekdays_up_to(b) - _weekdays_up_to(a) - _weekday_holidays(a + _ONE_DAY, b, holidays)


def holidays_of(key: str) -> frozenset[date]:
    """Return the holidays of a calendar, with those of the calendar it includes."""
    known = _remembered.get(key)
    if known is not None and monotonic() - known[0] < _REMEMBER_SECONDS:
        return known[1]
    days = frozenset(BankHoliday.objects.counted_in(key).values_list("day", flat=True))
    # An empty answer is never kept: it means the calendars are not loaded yet.
    if days:
        _remembered[key] = (monotonic(), days)
    return days


def forget_holidays() -> None:
    """Read the calendars afresh from now on, and again once the present transaction has ended."""
    _remembered.clear()
    transaction.on_commit(_remembered.clear)


def _weekdays_up_to(day: date) -> int:
    """Count Mondays to Fridays from the first day of the calendar to a day."""
    # Day 1 of the calendar was a Monday, so whole weeks hold five each.
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def _add_weekdays(day: date, n: int) -> date:
    """Return the n-th Monday-to-Friday after a day (before it, when n is negative)."""
    if n > 0:
        if day.weekday() > 4:  # count on from the Friday before
            day -= timedelta(days=day.weekday() - 4)
        weeks, rest = divmod(day.weekday() + n, 5)
        return day - timedelta(days=day.weekday()) + timedelta(days=weeks * 7 + rest)
    if day.weekday() > 4:  # count back from the Monday after
        day += timedelta(days=7 - day.weekday())
    weeks, rest = divmod(day.weekday() + n, 5)
    return day - timedelta(days=day.weekday()) + timedelta(days=weeks * 7 + rest)


def _weekday_holidays(first: date, last: date, holidays: AbstractSet[date]) -> int:
    """Count the holidays from first to last that fall on Mondays to Fridays."""
    return sum(1 for day in holidays if first <= day <= last and day.weekday() < 5)
