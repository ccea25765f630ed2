"""The days of the demonstration, all counted in working days from the day it is loaded."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from organisation import clock
from organisation.clock import LONDON
from organisation.working_days import ENGLAND, add_working_days, holidays_of, working_days_between


@dataclass(frozen=True)
class Days:
    """Turns "30 working days ago" into a date.

    Nothing may happen before the framework's first rules are in force. Where they are younger than the longest story,
    all of them are told in the time there is (``scale`` below 1).
    """

    today: date
    scale: float = 1.0

    @classmethod
    def fitting(cls, today: date, furthest: int, not_before: date) -> Days:
        """Days on which ``furthest`` working days ago is not before a date."""
        there_are = working_days_between(not_before, today, holidays_of(ENGLAND)) - 1
        return cls(today, min(1.0, max(0, there_are) / furthest) if furthest else 1.0)

    def day(self, ago: int) -> date:
        """The date so many working days ago, yesterday at the latest; negative counts ahead and is never shortened."""
        steps = -ago if ago < 0 else -max(1, round(ago * self.scale))
        return add_working_days(self.today, steps, holidays_of(ENGLAND))

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
