"""The periods an indicator is read in: counted from the contract's start, by its interval. Pure functions of dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.months import MONTHS_IN_YEAR, months_after
from contracts.states import Interval
from organisation.formatting import date_range

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One stretch of time that one result stands for; both days belong to it. The first one has number 1."""

    number: int
    starts_on: date
    ends_on: date

    def __str__(self) -> str:
        return period_words(self.starts_on, self.ends_on)

    def due_on(self, days: int) -> date:
        """The day the results are wanted, so many calendar days after the period has ended."""
        return self.ends_on + timedelta(days=days)


def period(first: date, interval: str, number: int, last: date | None = None) -> Period:
    """The ``number``-th period of a contract that starts on ``first``; the last one ends with the contract.

    Every period is counted from the first day, so a start on the 31st does not creep forward after a short month.
    """
    months = Interval(interval).months
    starts_on = months_after(first, (number - 1) * months)
    ends_on = months_after(first, number * months) - ONE_DAY
    return Period(number, starts_on, min(ends_on, last) if last else ends_on)


def periods_begun(first: date, last: date | None, interval: str, today: date) -> list[Period]:
    """Every period that has begun by today, the oldest first; none starts after the contract's last day."""
    until = min(today, last) if last else today
    found = []
    number = 1
    while (one := period(first, interval, number, last)).starts_on <= until:
        found.append(one)
        number += 1
    return found


def latest_ended(begun: list[Period], today: date) -> Period | None:
    """The last period that is wholly past: the one whose results are wanted now."""
    return next((one for one in reversed(begun) if one.ends_on < today), None)


def period_words(starts_on: date, ends_on: date) -> str:
    """Name a period: April 2026, April to June 2026, or its two dates where it is not made of whole months."""
    whole = starts_on.day == 1 and (ends_on + ONE_DAY).day == 1
    months = (ends_on.year - starts_on.year) * MONTHS_IN_YEAR + ends_on.month - starts_on.month
    if not whole:
        return date_range(starts_on, ends_on)
    if months == 0:
        return f"{starts_on:%B %Y}"
    if starts_on.year == ends_on.year:
        return f"{starts_on:%B} to {ends_on:%B %Y}"
    return f"{starts_on:%B %Y} to {ends_on:%B %Y}"
