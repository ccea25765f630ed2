"""Dates the law sets: standstills, notices, tender periods, key decisions.

Every function is pure. The number of days comes from ``organisation.statutory_figures`` and the holidays from
``organisation.working_days``: procurement under the Act counts the United Kingdom's, health under the Provider
Selection Regime counts England's alone.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from organisation.clock import LONDON
from organisation.working_days import add_working_days, next_working_day

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Standstill:
    """The days on which no contract may be entered, the first and the last included."""

    starts_on: date
    last_day: date

    @property
    def entry_from(self) -> date:
        """The first day the contract may be entered."""
        return self.last_day + _ONE_DAY

    @property
    def ends_at(self) -> datetime:
        """The midnight at which the last day ends, in London."""
        return datetime.combine(self.entry_from, time.min, tzinfo=LONDON)

    def covers(self, day: date) -> bool:
        """Say whether the standstill still binds on a day; from publication on, so before it starts too."""
        return day <= self.last_day


def mandatory_standstill(published: date, working_days: int, holidays: AbstractSet[date]) -> Standstill:
    """Return the standstill of a contract award notice (Procurement Act 2023, section 51).

    Its first day is the day of publication if that is a working day, else the next one; that day counts.
    """
    first = next_working_day(published, holidays)
    last = first if working_days == 1 else add_working_days(first, working_days - 1, holidays)
    return Standstill(first, last)


def psr_standstill(intention_published: date, working_days: int, holidays: AbstractSet[date]) -> Standstill:
    """Return the standstill after a notice of intention under the Provider Selection Regime.

    It starts the day after the notice, working day or not. Representations may come until midnight at the end of
    the last of the working days after that start.
    """
    starts_on = intention_published + _ONE_DAY
    return Standstill(starts_on, add_working_days(starts_on, working_days, holidays))


def psr_standstill_after_representations(
    standstill: Standstill, last_decision: date, working_days: int, holidays: AbstractSet[date]
) -> Standstill:
    """Return the standstill as prolonged by representations: some working days after the last decision on them."""
    prolonged = add_working_days(last_decision, working_days, holidays)
    return Standstill(standstill.starts_on, max(standstill.last_day, prolonged))


def notice_due(trigger: date, days: int) -> date:
    """Return the last day for a notice due in a period 'beginning with' a day: that day is day 1.

    Nothing in the Act moves the date when it falls at a weekend.
    """
    return trigger + timedelta(days=days - 1)


def earliest_tender_deadline(invited: date, days: int) -> date:
    """Return the earliest deadline for tenders or requests to take part: the period starts the day after."""
    return invited + timedelta(days=days)


def earliest_key_decision(published: date, clear_days: int) -> date:
    """Return the first day a key decision may be taken: neither the notice's day nor the decision's counts."""
    return published + timedelta(days=clear_days + 1)
