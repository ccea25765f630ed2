"""What papers may show of a commission: facts already held, confirmed rather than asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from casework.models import CaseFile
from commissioning.models import Commission, DeliveryDecision, Gate, Objective
from commissioning.selectors.dossiers import rules_of
from documents.facts import FactValue, pks_of, register_facts
from organisation.formatting import day, listed, money
from organisation.prepared import Prepared

LABELS = {
    "title": "Title",
    "reference": "Reference",
    "value": "Value over the whole term, excluding VAT",
    "band": "Tier",
    "high_risk": "High risk",
    "service_area": "Service area",
    "needed_by": "Needed by",
    "purpose": "Purpose",
    "category": "Category",
    "delivery_model": "Delivery decision",
    "statutory_duty": "Statutory duty",
    "serves_vulnerable": "Serves people who may be vulnerable",
    "is_internal_use": "Used by staff only",
    "resources": "People and money set aside",
    "case_version": "Version of the business case",
}


def load_commission_facts(case_files: Sequence[CaseFile]) -> dict[int, dict[str, FactValue]]:
    """The facts of several commissions in one statement."""
    rows = _ROWS.rows(case_files=pks_of(case_files))
    return {row.case_file_id: _facts(row) for row in rows}


def _rows(case_files: tuple[int, ...]) -> Any:
    standing = DeliveryDecision.objects.filter(commission=OuterRef("pk"), superseded_at__isnull=True)
    return (
        Commission.objects.filter(case_file__in=case_files)
        .select_related("case_file__service_area", "category", "rules_version")
        .annotate(
            delivery_key=Subquery(standing.values("model__key")[:1]),
            delivery_name=Subquery(standing.values("model__name")[:1]),
            wants_full=Exists(Gate.objects.filter(commission=OuterRef("pk"), number=3, wants_full=True)),
        )
    )


_ROWS: Prepared[Any] = Prepared(_rows)


def _facts(row: Any) -> dict[str, FactValue]:
    case = row.case_file
    source = f"Commission record {case.reference}"
    changed = case.changed_at.date()
    facts_page = reverse("commissioning:facts", args=[row.pk])

    def fact(value: Any, shown: str, change: str = facts_page, detail: str = "") -> FactValue:
        return FactValue(value, shown, source, changed, change, detail)

    found = {
        "title": fact(case.title, case.title),
        "reference": fact(case.reference, case.reference, ""),
        "high_risk": fact(case.is_high_risk, "Yes" if case.is_high_risk else "No", _page(row, "risk")),
        "purpose": fact(row.purpose, row.purpose or "Not recorded"),
    }
    for name in ("serves_vulnerable", "is_internal_use"):
        is_so = bool(getattr(row, name))
        found[name] = fact(is_so, "Yes" if is_so else "No")
    for name in ("statutory_duty", "resources"):
        if words := getattr(row, name):
            found[name] = fact(words, words)
    if case.value_ex_vat is not None:
        with_vat = f"{money(case.value_inc_vat)} including VAT" if case.value_inc_vat is not None else ""
        found["value"] = fact(case.value_ex_vat, money(case.value_ex_vat), _page(row, "value"), with_vat)
    if row.band_key:
        keys = [row.band_key, "high_risk"] if case.is_high_risk else [row.band_key]
        names = {band.key: band.name for band in rules_of(row.rules_version).bands} if row.rules_version else {}
        shown = names.get(row.band_key, row.band_key.replace("_", " ").capitalize())
        shown += ", high risk" if case.is_high_risk else ""
        found["band"] = replace(fact(keys, shown, _page(row, "value")), names=names)
    short = is_short_enough(row)
    version = "short" if short and not row.wants_full else "full"
    why = {"short": "enough at this value and risk", "full": "chosen by its authors" if short else "by value and risk"}
    found["case_version"] = fact(version, f"{version.capitalize()}: {why[version]}", "")
    if case.service_area:
        found["service_area"] = fact(case.service_area.name, case.service_area.name)
    if row.needed_by:
        found["needed_by"] = fact(row.needed_by, day(row.needed_by))
    if row.category:
        found["category"] = fact(row.category.key, row.category.name)
    if row.delivery_key:
        found["delivery_model"] = fact(row.delivery_key, row.delivery_name, _page(row, "delivery"))
    return found


def is_short_enough(row: Commission) -> bool:
    """Whether the short outline business case is enough: gate 3 is not expected at this value and risk.

    Nothing is known of a commission without a band, so it is not.
    """
    if not row.band_key or row.rules_version is None:
        return False
    keys = {row.band_key, "high_risk"} if row.case_file.is_high_risk else {row.band_key}
    bands = [band for band in rules_of(row.rules_version).bands if band.key in keys]
    return bool(bands) and all(band.gate_3 in ("optional", "not_required") for band in bands)


def _page(row: Commission, name: str) -> str:
    return reverse(f"commissioning:{name}", args=[row.pk])


def load_objectives(case_files: Sequence[CaseFile]) -> dict[int, dict[str, FactValue]]:
    """The strategic objectives of several commissions in one statement."""
    found: dict[int, list[str]] = {}
    rows = Objective.objects.filter(commissions__case_file__in=case_files).order_by("order")
    for case_id, name in rows.values_list("commissions__case_file_id", "name"):
        found.setdefault(case_id, []).append(name)
    return {
        case_id: {"objectives": FactValue(names, listed(names), "Commission record")}
        for case_id, names in found.items()
    }


def register_own() -> None:
    """Register the facts of this room."""
    register_facts(LABELS, load_commission_facts)
    register_facts({"objectives": "Strategic objectives"}, load_objectives)
