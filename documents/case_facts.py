"""The facts that every case file has, whatever record it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casework.models import CaseFile
from documents.facts import FactValue, Values, register_facts
from organisation import formatting

LABELS = {
    "case_reference": "Reference",
    "case_title": "Title",
    "case_service_area": "Service area",
    "case_holder": "Who holds it",
    "case_value_ex_vat": "Value, excluding VAT",
    "case_value_inc_vat": "Value, including VAT",
    "case_high_risk": "High risk",
}


def register() -> None:
    """Offer them to templates."""
    register_facts(LABELS, load)


def load(case_files: Sequence[CaseFile]) -> Values:
    """One statement for all the files."""
    rows = CaseFile.objects.filter(pk__in=[file.pk for file in case_files]).select_related("service_area", "holder")
    return {file.pk: _facts_of(file) for file in rows}


def _facts_of(file: CaseFile) -> dict[str, FactValue]:
    source = f"{file.kind.capitalize().replace('_', ' ')} record"
    on = file.changed_at.astimezone(formatting.LONDON).date()

    def fact(value: object, shown: str) -> FactValue:
        return FactValue(value, shown, source=source, on=on, change_url=file.path)

    def amount(value: object) -> FactValue:
        return fact(value, formatting.money(value))  # type: ignore[arg-type]

    holder: dict[str, Any] | None = {"id": file.holder.pk, "name": file.holder.label} if file.holder else None
    return {
        "case_reference": fact(file.reference, file.reference),
        "case_title": fact(file.title, file.title),
        "case_service_area": fact(
            file.service_area.name if file.service_area else None,
            file.service_area.name if file.service_area else formatting.NOT_RECORDED,
        ),
        "case_holder": fact(holder, holder["name"] if holder else formatting.NOT_RECORDED),
        "case_value_ex_vat": amount(file.value_ex_vat),
        "case_value_inc_vat": amount(file.value_inc_vat),
        "case_high_risk": fact(file.is_high_risk, "Yes" if file.is_high_risk else "No"),
    }
