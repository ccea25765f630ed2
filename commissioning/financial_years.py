"""The council's financial years, from 1 April, named by the calendar year in which they begin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

#: How far ahead a cost may lie: the Green Book's rate for the first years holds for thirty.
YEARS_AHEAD = 30


def year_of(day: date) -> int:
    """The financial year of a day: 2026 for 31 March 2027."""
    return day.year if day.month >= 4 else day.year - 1


def year_words(year: int) -> str:
    """2026/27."""
    return f"{year}/{(year + 1) % 100:02d}"


def years_words(first: int, last: int) -> str:
    """2026/27 to 2029/30, or the one year."""
    return year_words(first) if first == last else f"{year_words(first)} to {year_words(last)}"


def year_choices(today: date, kept: Iterable[int] = ()) -> list[tuple[int, str]]:
    """The years that can be chosen: from the last one on, and those chosen before."""
    now = year_of(today)
    years = {*range(now - 1, now + YEARS_AHEAD), *kept}
    return [(year, year_words(year)) for year in sorted(years)]
