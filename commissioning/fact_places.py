"""Where each fact of a commission is given: what a paper links to while nothing is recorded yet."""

from __future__ import annotations

from django.urls import resolve, reverse

from casework.models import CaseFile
from commissioning.sheets import Sheet
from documents.facts import Place, register_place

FACTS_PAGE = "commissioning:facts"
#: Each fact and the name of the address, of a commission, that records it.
ADDRESSES = {
    **dict.fromkeys(
        (
            *("title", "service_area", "needed_by", "purpose", "category", "statutory_duty", "serves_vulnerable"),
            *("is_internal_use", "resources", "objectives"),
        ),
        FACTS_PAGE,
    ),
    "value": "commissioning:value",
    "band": "commissioning:value",
    "case_version": "commissioning:value",
    "high_risk": "commissioning:risk_form",
    "risk": "commissioning:risk_form",
    "delivery_model": "commissioning:delivery",
    "success_measures": "commissioning:success_measures",
    "planned_indicators": "commissioning:indicators",
    "impact_result": "commissioning:impact",
    "authority": "commissioning:authority",
    "specification_state": "commissioning:specification",
    "spend_summary": "commissioning:spend",
    "end_user_feedback": "commissioning:engagement",
    "options_appraisal": "commissioning:options",
    "whole_life_costs": "commissioning:options",
    "preferred_option": "commissioning:options",
    "preferred_cost_by_year": "commissioning:options",
    "value_for_money": "commissioning:tasks",
}


def in_commission(address: str, *more: str) -> Place:
    """The page of a commission by the name of its address; nowhere for the file of another record."""

    def place(case_file: CaseFile) -> str:
        if case_file.kind != "commission":
            return ""
        return reverse(address, args=[resolve(case_file.path).kwargs["pk"], *more])

    return place


def register_sheet_place(fact: str, sheet: Sheet) -> None:
    """A sheet is given on the page of its rows."""
    register_place(fact, in_commission("commissioning:sheet", sheet.key))


def register_own() -> None:
    """Register them."""
    for fact, address in ADDRESSES.items():
        register_place(fact, in_commission(address))
