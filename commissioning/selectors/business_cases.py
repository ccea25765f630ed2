"""The business cases that wait for a panel: what each asks for, what it brings, and each member's view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from casework.querysets import visible_cases
from commissioning.models import ApprovalView, Commission, GateRound, RankedCase
from commissioning.selectors.figures import amount_in
from commissioning.states import GateState, Outcome
from documents.comparing import plain
from documents.models import Revision
from organisation.formatting import counted, money
from organisation.models import Person

MOST = 60
NOT_GIVEN = "Not given"

Effort = Callable[[Collection[int]], Mapping[int, int]]
_effort: list[Effort] = []


def register_effort(loader: Effort) -> None:
    """Let another room say how many days of its people a commission has been promised: one statement, by commission."""
    _effort.append(loader)


@dataclass
class CaseLine:
    """One business case as its panel sees it. ``place`` is its rank, 0 while it has none; money in pounds, no VAT."""

    round_id: int
    gate_id: int
    number: int
    commission_id: int
    organisation_id: int
    organisation: str
    reference: str
    title: str
    area: str
    value: Decimal | None
    is_high_risk: bool
    priority: str
    needed_by: date | None
    submitted_at: datetime
    decide_by: date | None
    is_deferred: bool
    review_on: date | None
    whole_life: Decimal | None
    savings: Decimal | None
    effort: str
    benefits: list[str]
    why: str
    commits: str
    place: int = 0
    views: list[tuple[str, str]] = field(default_factory=list)
    view_ids: dict[int, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The gate's page."""
        return reverse("commissioning:gate", args=[self.commission_id, self.number])

    @property
    def decide_url(self) -> str:
        """Where a view is given."""
        return reverse("commissioning:gate_decide", args=[self.commission_id, self.number])

    def waits_for(self, person: Person) -> bool:
        """Whether this person is asked and has not said anything."""
        return not self.is_deferred and self.view_ids.get(person.pk) == ""


@dataclass(frozen=True)
class Order:
    """The order that stands in one organisation, and why."""

    organisation_id: int
    reason: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True)
class Waiting:
    """Every case that waits, in the panel's order, and the orders they come from."""

    cases: list[CaseLine]
    orders: list[Order]


def waiting_for(person: Person, *, organisation_id: int | None = None) -> Waiting:
    """The business cases of gates 3 and 4 that wait or are deferred, of the commissions this person may see.

    Four statements, and one for each room that promises effort. Ranked ones come first, then by the date they are due.
    """
    contents = Revision.objects.filter(paper=OuterRef("gate__paper"), number=OuterRef("revision_number"))
    rows = (
        GateRound.objects.filter(visible_cases(person, prefix="gate__commission__case_file__"), gate__number__in=(3, 4))
        .filter(Q(outcome="") | Q(outcome=Outcome.DEFERRED, gate__state=GateState.DEFERRED))
        .annotate(content=Subquery(contents.values("content")[:1]))
        .select_related("gate__commission__case_file__organisation", "gate__commission__case_file__service_area")
        .order_by("decide_by", "-number", "pk")
    )
    if organisation_id is not None:
        rows = rows.filter(gate__commission__case_file__organisation_id=organisation_id)
    found: dict[int, CaseLine] = {}
    for row in rows[:MOST]:
        found.setdefault(row.gate_id, _line(row))
    cases = list(found.values())
    orders = _rank(cases)
    _add_views(cases)
    for loader in _effort:
        promised = loader([case.commission_id for case in cases])
        for case in cases:
            if days := promised.get(case.commission_id):
                case.effort = ", ".join(filter(None, [case.effort, f"CCPS {counted(days, 'day')}"]))
    cases.sort(key=lambda case: (case.is_deferred, case.place or MOST + 1, case.decide_by or date.max, case.round_id))
    return Waiting(cases, orders)


def _line(row: GateRound) -> CaseLine:
    gate, commission = row.gate, row.gate.commission
    case = commission.case_file
    content: Mapping[str, Any] = row.content or {"sections": []}  # type: ignore[attr-defined]
    asked = {question["key"]: question for section in content["sections"] for question in section["questions"]}
    priority = Commission.Priority(commission.priority).label if commission.priority else NOT_GIVEN
    return CaseLine(
        round_id=row.pk,
        gate_id=gate.pk,
        number=gate.number,
        commission_id=commission.pk,
        organisation_id=case.organisation_id,
        organisation=case.organisation.name,
        reference=case.reference,
        title=case.title,
        area=case.service_area.name if case.service_area else "",
        value=case.value_ex_vat,
        is_high_risk=case.is_high_risk,
        priority=str(priority),
        needed_by=commission.needed_by,
        submitted_at=row.submitted_at,
        decide_by=row.decide_by,
        is_deferred=bool(row.outcome),
        review_on=gate.review_on,
        whole_life=amount_in(_value(asked, "whole_life_cost")),
        savings=amount_in(_value(asked, "savings")),
        effort=_days(asked),
        benefits=_benefits(asked),
        why=_words(asked, "preferred_why"),
        commits=_words(asked, "commits_effort") or _words(asked, "commits_contract"),
    )


def _value(asked: Mapping[str, Mapping[str, Any]], key: str) -> Any:
    return asked[key].get("value") if key in asked else None


def _words(asked: Mapping[str, Mapping[str, Any]], key: str) -> str:
    return plain(asked[key]["shown"]) if key in asked else ""


def _cells(asked: Mapping[str, Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    value = _value(asked, key)
    return [row.get("cells") or {} for row in value] if isinstance(value, list) else []


def _days(asked: Mapping[str, Mapping[str, Any]]) -> str:
    days = sum((amount_in(cells.get("days")) or Decimal(0) for cells in _cells(asked, "resources")), Decimal(0))
    return f"Service {days.normalize():f} {'day' if days == 1 else 'days'}" if days else ""


def _benefits(asked: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found = []
    for cells in _cells(asked, "benefits"):
        name, worth = str(cells.get("benefit") or "").strip(), amount_in(cells.get("worth"))
        if name:
            found.append(f"{name}, worth {money(worth)}" if worth else name)
    return found


def _rank(cases: list[CaseLine]) -> list[Order]:
    """Give each case its place in the newest order of its organisation: one statement."""
    places = (
        RankedCase.objects.filter(ranking__organisation_id__in={case.organisation_id for case in cases})
        .order_by("-ranking_id", "place")
        .values_list(
            "ranking_id",
            "round_id",
            "place",
            "ranking__organisation_id",
            "ranking__reason",
            "ranking__made_by__name",
            "ranking__made_at",
        )
    )
    newest: dict[int, int] = {}
    orders: list[Order] = []
    by_round = {case.round_id: case for case in cases}
    for ranking, round_id, place, organisation_id, reason, who, at in places[: MOST * 2]:
        if organisation_id not in newest:
            newest[organisation_id] = ranking
            orders.append(Order(organisation_id, reason, who, at))
        if newest[organisation_id] == ranking and round_id in by_round:
            by_round[round_id].place = place
    return orders


def _add_views(cases: list[CaseLine]) -> None:
    """What each member of the panels has said so far, in one statement."""
    by_round = {case.round_id: case for case in cases}
    rows = (
        ApprovalView.objects.filter(step__round_id__in=list(by_round))
        .annotate(who=F("person__name"), in_round=F("step__round_id"))
        .order_by("step__order", "person__name")
        .values_list("in_round", "person_id", "who", "outcome")
    )
    for round_id, person_id, who, outcome in rows:
        case = by_round[round_id]
        case.views.append((who, str(Outcome(outcome).label) if outcome else "No view yet"))
        case.view_ids[person_id] = outcome
