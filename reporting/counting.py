"""What counts where on the dashboard: pure rules over the columns of one record.

Ages, quarters and months are the dashboard's own steps; dates by which something is late stand on the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from casework.states import OUTSTANDING, ItemState
from commissioning.own_money import apart_of, parts
from commissioning.states import GATE_IN_HAND, GateState
from contracts.states import OVER
from organisation import clock
from organisation.working_days import add_working_days, working_days_between

STAGE, RISK, GATE, WAY, ENDING, WAITING, PERSON, REQUEST, EARLY, LATE_ASK = (
    "stage",
    "risk",
    "gate",
    "way",
    "ending",
    "waiting",
    "person",
    "request",
    "early",
    "late_ask",
)
REQUEST_KIND = "procurement_request"
# Gates whose papers commissions write (gate 2 is the procurement request), and what a gate in hand can be doing.
GATES = (1, 3, 4)
GATE_STEPS: dict[str, tuple[GateState, ...]] = {
    "preparing": GATE_IN_HAND,
    "waiting": (GateState.SUBMITTED,),
    "deferred": (GateState.DEFERRED,),
}

# Working days that an item has stood; the last step has no end.
AGES = {"0-2": (0, 2), "3-5": (3, 5), "6": (6, None)}
# Weeks between being asked and the day the service is needed; the first step has no end.
LEADS = {"26": (26, None), "13": (13, 26), "4": (4, 13), "0": (0, 4), "after": (None, 0)}


@dataclass(frozen=True)
class Counts:
    """One thing a record counts for. ``month`` is set where the period on the page narrows it."""

    organisation_id: int
    service_area_id: int | None
    category: str
    root_case_id: int
    record_id: int
    cube: str
    key: str
    amount: Decimal = Decimal(0)
    month: date | None = None
    until: date | None = None


def of_case(row: Mapping[str, Any]) -> Iterator[Counts]:
    """What a commission's or a contract's file counts for. Of a commission's value only our own share is an amount of
    the figure; what partners pay and what is managed for others are figures of their own, by ``own_money``'s names.
    """
    where = (row["organisation_id"], row["service_area_id"])
    root, pk = row["root_id"] or row["pk"], row["pk"]
    if row["kind"] == "commission":
        category = row["category"] or ""
        money = parts(row["value_ex_vat"], row["partners_ex_vat"], row["managed_ex_vat"])
        for cube, key in _commission_keys(row):
            yield Counts(*where, category, root, pk, cube, key, money.own)
            for name, amount in apart_of(money):
                yield Counts(*where, category, root, pk, name, f"{cube}:{key}", amount)
    elif row["ends_on"] is not None and row["state"] not in OVER:
        key = f"{quarter_of(row['ends_on'])}:{'decided' if row['is_decided'] else 'undecided'}"
        value = row["value_ex_vat"] or Decimal(0)
        yield Counts(*where, row["contract_category"] or "", root, pk, ENDING, key, value)


def _commission_keys(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every figure in which a commission counts, each with its own share of the value."""
    yield STAGE, row["state"]
    if row["is_open"] and row["is_high_risk"]:
        yield RISK, "high"
    if row["started_at"] is not None:
        way = "reactive" if row["is_reactive"] else "planned"
        yield WAY, f"{quarter_of(local_day(row['started_at']))}:{way}"
    if row["is_open"]:
        for key in _gate_keys({number: row[f"gate_{number}"] for number in GATES}):
            yield GATE, key


def _gate_keys(states: Mapping[int, str | None]) -> Iterator[str]:
    """Every gate in hand with its step, and each step once for the commission."""
    found = {number: step_of(state) for number, state in states.items() if state}
    yield from (f"{number}-{step}" for number, step in found.items() if step)
    yield from (f"any-{step}" for step in sorted({step for step in found.values() if step}))


def step_of(state: str) -> str:
    """The step of a gate that is in hand; nothing for one that is settled or not begun."""
    return next((step for step, states in GATE_STEPS.items() if state in states), "")


def of_item(row: Mapping[str, Any], today: date, holidays: AbstractSet[date]) -> Iterator[Counts]:
    """What a work item counts for."""
    where = (row["organisation_id"], row["service_area_id"], row["category"] or "", row["root_id"], row["pk"])
    opened = local_day(row["opened_at"])
    month, queue = opened.replace(day=1), row["queue_key"]
    if row["state"] in OUTSTANDING:
        late, falls_late = _lateness(row["due_on"], today)
        if queue:
            age, ages_on = age_of(opened, today, holidays)
            until = min(filter(None, [falls_late, ages_on]), default=None)
            yield Counts(*where, WAITING, f"{queue}:{age}:{late}", until=until)
        if row["assignee_id"]:
            yield Counts(*where, PERSON, f"{row['assignee_id']}:{late}", until=falls_late)
    if row["kind"] == REQUEST_KIND and (answered := answered_of(row, today)):
        until = _lateness(row["due_on"], today)[1] if answered == "open" else None
        yield Counts(*where, REQUEST, answered, month=month, until=until)
    if row["kind"] == REQUEST_KIND and row["is_late_ask"] and row["state"] != ItemState.CLOSED:
        yield Counts(*where, LATE_ASK, str(row["service_area_id"] or 0), month=month)
    if queue and row["needed"] and row["state"] != ItemState.CLOSED:
        yield Counts(*where, EARLY, f"{queue}:{lead_of(opened, row['needed'])}", month=month)


def answered_of(row: Mapping[str, Any], today: date) -> str:
    """How a request stands against its date: in_time, missed, late (open and past it) or open; withdrawn: nothing."""
    if row["state"] == ItemState.ANSWERED:
        is_missed = row["due_on"] is not None and local_day(row["settled_at"]) > row["due_on"]
        return "missed" if is_missed else "in_time"
    if row["state"] == ItemState.CLOSED:
        return ""
    return "late" if row["due_on"] is not None and row["due_on"] < today else "open"


def age_of(opened: date, today: date, holidays: AbstractSet[date]) -> tuple[str, date | None]:
    """The step of age an item is in, and the day on which it enters the next."""
    stood = working_days_between(opened, today, holidays)
    key = next(key for key, (_, last) in AGES.items() if last is None or stood <= last)
    last = AGES[key][1]
    return key, add_working_days(opened, last + 1, holidays) if last is not None else None


def opened_between(key: str, today: date, holidays: AbstractSet[date]) -> tuple[date | None, date]:
    """The first and last day on which an item was opened that is in a step of age today: age_of turned round."""
    first_age, last_age = AGES[key]
    # Days of opening from which so many working days have gone by: the day before the n-th working day back ends it.
    latest = today if not first_age else _opened_at_least(today, first_age, holidays)
    earliest = None if last_age is None else _opened_at_least(today, last_age + 1, holidays) + timedelta(days=1)
    return earliest, latest


def _opened_at_least(today: date, stood: int, holidays: AbstractSet[date]) -> date:
    """The last day of opening since which ``stood`` working days have gone by."""
    return add_working_days(today + timedelta(days=1), -stood, holidays) - timedelta(days=1)


def lead_of(opened: date, needed: date) -> str:
    """The step of notice: whole weeks between being asked and the day of need."""
    if opened > needed:
        return "after"
    weeks = (needed - opened).days // 7
    return next(key for key, (least, _) in LEADS.items() if least is not None and weeks >= least)


def lead_days(key: str) -> tuple[int | None, int | None]:
    """The least days of notice in a step, and the days at which it ends (not in it)."""
    least, end = LEADS[key]
    return (least * 7 if least is not None else None), (end * 7 if end is not None else None)


def quarter_of(day: date) -> str:
    """The calendar quarter of a day, like 2027Q1."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def quarter_days(quarter: str) -> tuple[date, date]:
    """The first and last day of a quarter."""
    year, number = int(quarter[:4]), int(quarter[5:])
    first = date(year, 3 * number - 2, 1)
    return first, date(year + number // 4, 3 * number % 12 + 1, 1) - timedelta(days=1)


def local_day(moment: datetime) -> date:
    """The day of a moment in London."""
    return moment.astimezone(clock.LONDON).date()


def _lateness(due_on: date | None, today: date) -> tuple[str, date | None]:
    if due_on is None:
        return "due", None
    if due_on < today:
        return "late", None
    return "due", due_on + timedelta(days=1)
