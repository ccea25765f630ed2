"""The forward plan: what is needed when, by whom, with how much effort of each function, and which contracts end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncQuarter

from casework.clocks import local_day
from casework.models import CaseFile
from casework.querysets import visible_cases
from casework.reminder_days import add_months
from commissioning.models import Gate, LikelyDuplicate, Objective, WorkTime
from commissioning.own_money import Whose, shares_in_total, whose
from commissioning.states import ENDED
from contracts.models import Contract
from contracts.states import ContractState
from organisation import clock
from organisation.formatting import money
from organisation.models import Person
from procurement.models import ProcurementRequest
from procurement.states import RequestState
from reporting.orders import address
from reporting.selectors.marks import is_reactive

WINDOWS = (12, 24, 36)
FUNCTIONS = {"ccps": "CCPS", "legal": "Legal", "finance": "Finance"}
MOST_CONTRACTS = 100
MOST_LINES = 200
RUNNING = (ContractState.SIGNED, ContractState.MOBILISING, ContractState.LIVE, ContractState.ENDING)
LINKED = LikelyDuplicate.Finding.LINKED


@dataclass(frozen=True)
class Window:
    """The months looked at: from the first of this month on."""

    months: int

    @property
    def first(self) -> date:
        """The first day."""
        return clock.today().replace(day=1)

    @property
    def last(self) -> date:
        """The last day."""
        return add_months(self.first, self.months) - timedelta(days=1)

    def months_of(self) -> list[date]:
        """The first day of each month."""
        return [add_months(self.first, number) for number in range(self.months)]


@dataclass
class QuarterLine:
    """What is needed in one quarter."""

    first: date
    last: date
    list_url: str
    count: int = 0
    value: Whose = field(default_factory=Whose)
    planned: int = 0
    reactive: int = 0
    directorates: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def url(self, **more: str) -> str:
        """The workplan's rows behind a figure."""
        query = {"stage": "open", "needed_from": self.first.isoformat(), "needed_to": self.last.isoformat()}
        return address(self.list_url, query, more)


def quarters(person: Person, window: Window, list_url: str) -> tuple[list[QuarterLine], dict[int, str]]:
    """Open commissions by the quarter they are needed in, and the directorates among them. One statement."""
    rows = _open(person).filter(commission__needed_by__range=(window.first, window.last))
    grouped = (
        rows.annotate(
            quarter=TruncQuarter("commission__needed_by"),
            reactive=ExpressionWrapper(is_reactive(), output_field=BooleanField()),
            started=ExpressionWrapper(Q(commission__started_at__isnull=False), output_field=BooleanField()),
        )
        .order_by()
        .values("quarter", "reactive", "started", "service_area__directorate", "service_area__directorate__name")
        .annotate(found=Count("pk"), **shares_in_total("value_ex_vat"))
    )
    lines: dict[date, QuarterLine] = {}
    names: dict[int, str] = {}
    for row in grouped:
        first: date = row["quarter"]
        line = lines.setdefault(
            first,
            QuarterLine(max(first, window.first), min(add_months(first, 3) - timedelta(days=1), window.last), list_url),
        )
        line.count += row["found"]
        line.value += whose(row)
        if row["started"]:
            line.reactive += row["found"] if row["reactive"] else 0
            line.planned += 0 if row["reactive"] else row["found"]
        directorate = row["service_area__directorate"]
        if directorate:
            line.directorates[directorate] += row["found"]
            names[directorate] = row["service_area__directorate__name"]
    return [lines[key] for key in sorted(lines)], dict(sorted(names.items(), key=lambda pair: pair[1]))


def _open(person: Person) -> QuerySet[CaseFile]:
    return CaseFile.objects.visible_to(person).filter(kind="commission", is_open=True)


def objectives(person: Person) -> list[tuple[str, str, int]]:
    """Key, name and count of open commissions of each objective. One statement."""
    rows = Objective.objects.filter(commissions__case_file__in=_open(person).order_by().values("pk"))
    counted = rows.values("key", "name").annotate(found=Count("commissions")).order_by("name")
    return [(row["key"], row["name"], row["found"]) for row in counted]


# --- effort -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Effort:
    """Days that one commission asks of one function in one month, and where the figure comes from."""

    function: str
    month: date
    days: Decimal
    case_id: int
    source: str


def function_of(team: str) -> str:
    """The function that a team's name stands for; empty where it is another team."""
    words = team.casefold()
    return next((key for key in FUNCTIONS if key in words), "")


def efforts(person: Person, window: Window) -> list[Effort]:
    """What open commissions ask of CCPS, Legal and Finance, month by month. Two statements.

    Time entered month by month counts first; for CCPS, the effort named when a request was accepted counts where no
    time is entered, spread evenly from the acceptance to its target. A deferred gate 3 gives that effort back.
    """
    of_case = visible_cases(person, "commission__case_file__")
    entered = (
        WorkTime.objects.filter(of_case, removed_at__isnull=True, month__range=(window.first, window.last))
        .exclude(commission__state__in=ENDED)
        .values_list("team", "month", "days", "commission__case_file_id")
    )
    found: list[Effort] = []
    with_time: set[int] = set()
    for team, month, days, case_id in entered:
        function = function_of(team)
        if function:
            found.append(Effort(function, month.replace(day=1), days, case_id, "People's time"))
        if function == "ccps":
            with_time.add(case_id)
    deferred = Gate.objects.filter(commission=OuterRef("commission"), number=3, state="deferred")
    accepted = (
        ProcurementRequest.objects.filter(
            of_case, ~Exists(deferred), state=RequestState.ACCEPTED, effort_days__gt=0, target_on__gte=window.first
        )
        .exclude(commission__state__in=ENDED)
        .values_list("effort_days", "decided_at", "target_on", "commission__case_file_id")
    )
    for days, decided_at, target_on, case_id in accepted:
        if case_id in with_time:
            continue
        begins = local_day(decided_at).replace(day=1) if decided_at else window.first
        found += [
            Effort("ccps", month, share, case_id, "Accepted request")
            for month, share in spread(Decimal(days), begins, target_on)
            if window.first <= month <= window.last
        ]
    return found


def spread(days: Decimal, begins: date, ends: date) -> list[tuple[date, Decimal]]:
    """Days given evenly to the months from the first to the last; tenths that are left go to the last."""
    first, last = begins.replace(day=1), max(begins, ends).replace(day=1)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    share = (days / count).quantize(Decimal("0.1"))
    return [
        (add_months(first, number), share if number < count - 1 else days - share * (count - 1))
        for number in range(count)
    ]


def effort_table(found: list[Effort], window: Window) -> list[tuple[date, list[tuple[str, Decimal]]]]:
    """Each month with the days of each function."""
    sums: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for one in found:
        sums[one.month, one.function] += one.days
    return [
        (month, [(function, sums.get((month, function), Decimal(0))) for function in FUNCTIONS])
        for month in window.months_of()
    ]


def effort_lines(person: Person, function: str, month: date) -> list[dict[str, Any]]:
    """The commissions behind one figure of the table, most days first. Three statements."""
    window = Window((month.year - clock.today().year) * 12 + month.month - clock.today().month + 1)
    mine = [one for one in efforts(person, window) if one.function == function and one.month == month]
    cases = CaseFile.objects.visible_to(person).filter(pk__in={one.case_id for one in mine})
    known: dict[int, dict[str, Any]] = {
        row["pk"]: dict(row) for row in cases.values("pk", "reference", "title", "path", name=F("holder__name"))
    }
    lines: list[dict[str, Any]] = [
        known[one.case_id] | {"days": one.days, "source": one.source} for one in mine if one.case_id in known
    ]
    return sorted(lines, key=lambda line: (-line["days"], line["reference"]))[:MOST_LINES]


# --- contracts that end -----------------------------------------------------------------------------------------------


def ending(person: Person, window: Window) -> list[dict[str, Any]]:
    """Contracts that end in the window, the soonest first, with the commission that comes next. One statement."""
    after = LikelyDuplicate.objects.filter(other=OuterRef("case_file"), finding=LINKED).order_by("-pk")
    follower = CaseFile.objects.filter(commission__follows=OuterRef("commission"), kind="commission").order_by("-pk")
    rows = (
        Contract.objects.filter(
            visible_cases(person), state__in=RUNNING, ends_on__range=(clock.today(), window.last)
        )
        .annotate(
            next_path=Subquery(after.values("commission__case_file__path")[:1]),
            next_reference=Subquery(after.values("commission__case_file__reference")[:1]),
            follow_path=Subquery(follower.values("path")[:1]),
            follow_reference=Subquery(follower.values("reference")[:1]),
        )
        .order_by("ends_on", "pk")
        .values(
            "pk", "ends_on", "next_path", "next_reference", "follow_path", "follow_reference",
            reference=F("case_file__reference"), title=F("case_file__title"), path=F("case_file__path"),
            value=F("case_file__value_ex_vat"), supplier_name=F("supplier__name"),
            council_id=F("case_file__organisation"), area_id=F("case_file__service_area"),
        )[:MOST_CONTRACTS]
    )  # fmt: skip
    return [
        row
        | {
            "next_path": row["next_path"] or row["follow_path"],
            "next_reference": row["next_reference"] or row["follow_reference"],
            "worth": money(row["value"]),
        }
        for row in rows
    ]
