"""The days of the demonstration, all counted in working days from the day it is loaded."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from organisation import clock
from organisation.clock import LONDON
from organisation.working_days import ENGLAND, add_working_days, holidays_of


@dataclass(frozen=True)
class Days:
    """Turns "30 working days ago" into a date."""

    today: date

    def day(self, ago: int) -> date:
        """The date so many working days ago, yesterday at the latest; negative counts ahead."""
        return add_working_days(self.today, -ago if ago < 0 else -max(1, ago), holidays_of(ENGLAND))

    def soon(self, ahead: int) -> date:
        """The date so many working days from the moment the clock shows, in the middle of a story."""
        return add_working_days(clock.today(), ahead, holidays_of(ENGLAND))

    def moment(self, ago: int, at: str) -> datetime:
        """An instant of that day, in London."""
        return datetime.combine(self.day(ago), time.fromisoformat(at), tzinfo=LONDON)

    def months_after(self, start: date, months: int) -> date:
        """The last day of a term of so many months."""
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        day = min(start.day, monthrange(year, month + 1)[1])
        return date(year, month + 1, day) - timedelta(days=1)
