"""Upcoming opportunities: what the council expects to buy, for staff and, line by line, for the public."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from casework.models import CaseFile
from casework.routing import Rules
from casework.services.rules import rules_of, version_in_force
from commissioning.models import Commission, DeliveryDecision, PlannedStep
from commissioning.states import CommissionState
from organisation import clock, statutory_figures
from organisation.formatting import money, money_in_prose, short_day
from organisation.models import Organisation, Person

S = CommissionState
BEFORE_TENDER = (S.DRAFT, S.ANALYSE, S.PLAN)
MOST = 500
COLUMNS = ("Title", "Category", "Kind", "Value", "Suppliers asked from", "Needed by")


def amounts_of(rules: Rules) -> list[Decimal]:
    """The amounts between which values are told, from the rules: no band is written here."""
    return sorted({figure.amount for figure in rules.figures.values() if figure.unit == "pounds" and figure.amount})


def band_words(value: Decimal | None, amounts: Iterable[Decimal]) -> str:
    """£100,000 to £500,000: never the estimate itself."""
    if value is None:
        return "Not known yet"
    below = Decimal(0)
    for amount in amounts:
        if value <= amount:
            return f"Up to {money(amount)}" if not below else f"{money(below)} to {money(amount)}"
        below = amount
    return f"Over {money(below)}"


def _lines(rows: Any) -> Any:
    """Commissions that may ask suppliers or grant seekers for something, before they do. One statement."""
    decided = DeliveryDecision.objects.filter(commission=OuterRef("commission"), superseded_at__isnull=True)
    tender = PlannedStep.objects.filter(commission=OuterRef("commission"), is_tender=True, left_out_reason="")
    rows = rows.filter(
        Q(commission__level__isnull=True) | Q(commission__level__buys=True),
        kind="commission", is_open=True, state__in=BEFORE_TENDER,
    ).annotate(
        delivers_by=Subquery(decided.values("model__key")[:1]),
        buys=Subquery(decided.values("model__buys")[:1]),
        asked_on=Subquery(tender.order_by("starts_on").values("starts_on")[:1]),
    )  # fmt: skip
    rows = rows.filter(Q(buys__isnull=True) | Q(buys=True) | Q(delivers_by__contains="grant"))
    return rows.order_by("commission__needed_by", "pk").values(
        "reference", "title", "path", "value_ex_vat", "value_inc_vat", "asked_on", "delivers_by",
        "commission__needed_by", "commission__category__name", "commission__shown_to", "service_area__name",
    )  # fmt: skip


def _shown(rows: Iterable[dict[str, Any]], amounts: list[Decimal]) -> list[dict[str, Any]]:
    today, floor = clock.today(), notice_floor()
    found = []
    for row in rows:
        asked_on, needed_by = row["asked_on"], row["commission__needed_by"]
        found.append(
            {
                "reference": row["reference"],
                "title": row["title"],
                "path": row["path"],
                "area": row["service_area__name"] or "",
                "category": row["commission__category__name"] or "Not stated yet",
                "kind": "Grant" if "grant" in (row["delivers_by"] or "") else "Contract",
                "band": band_words(row["value_ex_vat"], amounts),
                "asked": _when(asked_on, today),
                "needed": short_day(needed_by) if needed_by else "Not known yet",
                "is_public": row["commission__shown_to"] == Commission.ShownTo.PUBLIC,
                "in_notice": floor is not None and (row["value_inc_vat"] or 0) > floor,
            }
        )
    return found


def _when(day: Any, today: Any) -> str:
    if day is None:
        return "Not known yet"
    return "Soon" if day < today else short_day(day)


def for_staff(person: Person, organisation: Organisation | None) -> list[dict[str, Any]]:
    """Every line the person may see, soonest first; at most 500."""
    rows = _lines(CaseFile.objects.visible_to(person))[:MOST]
    return _shown(rows, amounts_in_force(organisation))


def for_public(organisation: Organisation) -> list[dict[str, Any]]:
    """The lines of a council that their commissioners mark for the public; at most 500. Names no person."""
    rows = CaseFile.objects.filter(organisation=organisation, commission__shown_to=Commission.ShownTo.PUBLIC)
    return _shown(_lines(rows)[:MOST], amounts_in_force(organisation))


def amounts_in_force(organisation: Organisation | None) -> list[Decimal]:
    """The amounts of the rules in force at a council."""
    return amounts_of(rules_of(version_in_force(organisation.framework))) if organisation else []


def notice_floor() -> Decimal | None:
    """The value with VAT above which a contract is in a pipeline notice (Procurement Act 2023, section 93)."""
    try:
        return statutory_figures.figure("pipeline.contract_floor", clock.today()).amount
    except statutory_figures.NoFigure:
        return None


def notice_words() -> str:
    """What the law asks of large councils, with today's figures; nothing where no figure is loaded."""
    today = clock.today()
    try:
        spend = statutory_figures.figure("pipeline.spend_floor", today)
        contract = statutory_figures.figure("pipeline.contract_floor", today)
    except statutory_figures.NoFigure:
        return ""
    return (
        f"A council that expects to spend more than {money_in_prose(spend.amount)} in a financial year on contracts "
        f"also publishes a pipeline notice of every contract of more than {money_in_prose(contract.amount)}, including "
        "VAT, within 56 days of 1 April (Procurement Act 2023, section 93). This list does not replace that notice."
    )
