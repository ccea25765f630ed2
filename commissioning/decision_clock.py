"""The clocks of a formal decision: when it may be taken, and when what it decides may be done. Pure functions of dates.

Executive Arrangements Regulations 2012: a key decision waits for its clear days after notice. Call-in is the
council's own rule: working days, England's calendar, counted from the day after publication.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from organisation.statutory_dates import earliest_key_decision
from organisation.working_days import add_working_days

FORWARD_PLAN, GENERAL_EXCEPTION, SPECIAL_URGENCY = "forward_plan", "general_exception", "special_urgency"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Periods:
    """The clear days of the law, by the figures in force."""

    notice: int
    general_exception: int


def earliest_decision(notice: str, published_on: date | None, agreed_on: date | None, periods: Periods) -> date | None:
    """The first day on which it may be decided; None where no notice has to run, or none has been given.

    The forward plan and the general exception wait for their clear days: neither the notice's day nor the decision's
    counts. Special urgency waits for nothing but the chair's agreement.
    """
    if notice == FORWARD_PLAN and published_on is not None:
        return earliest_key_decision(published_on, periods.notice)
    if notice == GENERAL_EXCEPTION and published_on is not None:
        return earliest_key_decision(published_on, periods.general_exception)
    if notice == SPECIAL_URGENCY:
        return agreed_on
    return None


def notice_ends(earliest: date | None) -> date | None:
    """The last day of the notice."""
    return earliest - _ONE_DAY if earliest else None


def call_in_ends(published_on: date, working_days: int, holidays: AbstractSet[date]) -> date:
    """The last day on which a published decision may be called in."""
    return add_working_days(published_on, working_days, holidays)


def implement_from(
    decided_on: date,
    published_on: date | None,
    call_in_days: int | None,
    *,
    call_in_waived: bool,
    called_in_on: date | None,
    settled_on: date | None,
    holidays: AbstractSet[date],
) -> date | None:
    """The first day on which the decision may be put into effect; None while nobody can say.

    Without call-in (``call_in_days`` is None, or it was waived) that is the day of the decision. With it, the day
    after the last day of call-in. Called in, it waits until that is settled.
    """
    if called_in_on is not None:
        return settled_on
    if call_in_days is None or call_in_waived:
        return decided_on
    if published_on is None:
        return None
    return call_in_ends(published_on, call_in_days, holidays) + _ONE_DAY
