"""Counting in months, as terms and options do."""

from __future__ import annotations

from datetime import date, timedelta

from organisation.formatting import counted

MONTHS_IN_YEAR = 12


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * MONTHS_IN_YEAR + day.month - 1 + months, MONTHS_IN_YEAR)
    following = date(year + month // 11, (month + 1) % MONTHS_IN_YEAR + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def end_after(ends_on: date, months: int) -> date:
    """The last day of a term made so many months longer: 31 March stays the last day of a March."""
    return months_after(ends_on + timedelta(days=1), months) - timedelta(days=1)


def months_between(first: date, last: date) -> int:
    """Whole months from the first day to the last, both counted: 1 April to 31 March is 12."""
    after = last + timedelta(days=1)
    months = (after.year - first.year) * MONTHS_IN_YEAR + after.month - first.month
    return months - 1 if months_after(first, months) > after else months


def length_words(first: date, last: date) -> str:
    """How long a term is: 3 years, 18 months, 10 days."""
    months = months_between(first, last)
    if months < 1:
        return counted((last - first).days + 1, "day")
    return months_words(months)


def months_words(months: int) -> str:
    """A number of months, in years where it comes out even."""
    if months % MONTHS_IN_YEAR == 0:
        return counted(months // MONTHS_IN_YEAR, "year")
    return counted(months, "month")
