"""The periods the dashboard can be asked for, in whole months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

FINANCIAL_YEAR_BEGINS = 4
PERIODS = {
    "year": "This financial year",
    "last_year": "Last financial year",
    "12": "Last 12 months",
    "3": "Last 3 months",
    "1": "This month",
}
DEFAULT_PERIOD = "year"


@dataclass(frozen=True)
class Period:
    """The first days of the first and last month."""

    first: date
    last: date

    @property
    def ends_on(self) -> date:
        """The last day."""
        return months_on(self.last, 1) - timedelta(days=1)

    @property
    def months(self) -> list[date]:
        """The first day of every month."""
        return [months_on(self.first, n) for n in range(_count(self.first, self.last) + 1)]


def period_of(key: str, today: date) -> Period:
    """A period as it is today; an unknown one is the financial year."""
    this = today.replace(day=1)
    begins = date(today.year - (today.month < FINANCIAL_YEAR_BEGINS), FINANCIAL_YEAR_BEGINS, 1)
    if key == "last_year":
        return Period(months_on(begins, -12), months_on(begins, -1))
    if key in ("12", "3", "1"):
        return Period(months_on(this, 1 - int(key)), this)
    return Period(begins, this)


def months_on(first: date, months: int) -> date:
    """The first day of the month so many months on."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _count(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
