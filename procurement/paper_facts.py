"""What papers may show of a commission's buying, and what this room says on its own paper's pages."""

from __future__ import annotations

from collections.abc import Sequence

from casework.models import CaseFile
from documents.facts import FactValue, register_facts, register_place
from documents.models import Paper
from documents.next_steps import NextStep
from documents.purposes import FilePurpose, PaperPages, register_file_purpose, register_paper_pages
from documents.states import Classification
from organisation.formatting import day, money
from procurement.models import Exercise, ProcurementRequest
from procurement.selectors.dossiers import DRAFT_CONTRACT
from procurement.services.requests import TEMPLATE
from procurement.states import ExerciseState, RequestState


def load_winner(case_files: Sequence[CaseFile]) -> dict[int, dict[str, FactValue]]:
    """The supplier chosen for several commissions and its price, in one statement."""
    decided = (ExerciseState.DECIDED, ExerciseState.AWARDED)
    rows = Exercise.objects.filter(commission__case_file__in=case_files, state__in=decided).select_related(
        "case_file", "commission", "chosen__supplier"
    )
    found: dict[int, dict[str, FactValue]] = {}
    for row in rows:
        if row.chosen is None:
            continue
        source, on, page = row.case_file.reference, row.case_file.changed_at.date(), row.get_absolute_url()
        with_vat = f"{money(row.chosen.amount_inc_vat)} including VAT"
        name, amount = row.chosen.supplier.name, row.chosen.amount_ex_vat
        found[row.commission.case_file_id] = {
            "winner": FactValue(name, name, source, on, page),
            "winning_price": FactValue(amount, money(amount), source, on, page, with_vat),
        }
    return found


def load_requests(case_files: Sequence[CaseFile]) -> dict[int, dict[str, FactValue]]:
    """What CCPS answered to the newest request of several commissions, in one statement."""
    rows = ProcurementRequest.objects.filter(commission__case_file__in=case_files).select_related(
        "case_file", "commission", "lead"
    )
    found: dict[int, dict[str, FactValue]] = {}
    for row in rows.order_by("pk"):
        shown = row.get_state_display()
        if row.state == RequestState.ACCEPTED and row.lead:
            shown = f"Accepted, {row.get_path_display().lower()}, led by {row.lead.name}, by {day(row.target_on)}"
        case = row.case_file
        found[row.commission.case_file_id] = {
            "request_outcome": FactValue(row.state, shown, case.reference, case.changed_at.date(), case.path)
        }
    return found


def next_steps(paper: Paper) -> Sequence[str]:
    """The form is sent from the request's own page."""
    request = ProcurementRequest.objects.filter(paper=paper).select_related("case_file").first()
    if request is None:
        return []
    if request.is_being_written:
        words = f"Submit {request.case_file.reference} to CCPS from its own page, once the budget is approved."
        return [NextStep(words, request.case_file.path)]
    words = f"{request.case_file.reference} is with CCPS, which answers within a week."
    return [NextStep(words, request.case_file.path)]


def register_own() -> None:
    """Register the facts, the paper's words and the file purpose of this room."""
    register_facts({"winner": "Winning supplier", "winning_price": "Winning price, excluding VAT"}, load_winner)
    for fact in ("winner", "winning_price"):
        register_place(fact, lambda case_file: case_file.path)
    register_facts({"request_outcome": "Procurement request"}, load_requests)
    register_paper_pages(PaperPages(TEMPLATE, stage=lambda _: "Gate 2", next_steps=next_steps))
    register_file_purpose(
        FilePurpose(
            DRAFT_CONTRACT,
            "Draft contract",
            add_act="exercise.attach",
            classification=Classification.COMMERCIAL,
        )
    )
