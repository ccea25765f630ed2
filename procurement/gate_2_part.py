"""The procurement request and gate 2 in the printed pack of a later gate: lead, route, effort, budget, answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casework.handled import answer_words
from casework.models import WorkItem
from casework.states import ItemState
from commissioning.dossier import Dossier
from commissioning.models import Gate
from commissioning.pack_parts import PackPart, register_pack_part
from documents.fact_tables import FactTable
from organisation.formatting import counted, day, money
from procurement.models import ProcurementRequest
from procurement.selectors.requests import agreed_route
from procurement.states import RequestState

S = RequestState
KEY, TITLE = "request", "Procurement request (gate 2)"
#: Asked at a gate, or on an activity: both have their own place beside the paper.
ELSEWHERE = ("gate_input", "activity_request")
PRIVILEGED = "What it says is privileged, and is read on the item's own page by those who may."


def gate_2_part(gate: Gate, dossier: Dossier) -> PackPart | None:
    """The newest request and what functions answered about buying; nothing before gate 3 or where nothing is bought."""
    if gate.number < 3 or not dossier.is_buying:
        return None
    rows = ProcurementRequest.objects.filter(commission=gate.commission_id)
    request = rows.select_related("case_file", "lead", "route", "budget_by", "submitted_by", "decided_by").last()
    if request is None:
        return PackPart(KEY, TITLE, ["No procurement request has been made, so gate 2 is open."])
    answers = _answers(gate, request)
    sentences = [] if answers else ["No function has been asked about buying."]
    return PackPart(KEY, TITLE, sentences, _rows(gate, request), [_answers_table(answers)] if answers else [])


def _rows(gate: Gate, request: ProcurementRequest) -> list[tuple[str, str]]:
    found = [("Request", f"{request.case_file.reference}: {request.get_state_display().lower()}")]
    if request.submitted_at and request.submitted_by:
        found.append(("Sent to CCPS", f"{request.submitted_by.name}, {day(request.submitted_at)}"))
    found.append(("Budget holder", _budget(request)))
    if request.state == S.ACCEPTED and request.lead is not None:
        by = f"{request.decided_by.name}, " if request.decided_by else ""
        found += [
            ("Accepted by CCPS", f"{by}{day(request.decided_at)}"),
            ("Lead officer", request.lead.label),
            ("Path", request.get_path_display()),
            ("Effort of CCPS", counted(request.effort_days or 0, "day")),
            ("Target date", day(request.target_on)),
        ]
        if request.legal_needed_by:
            found.append(("Legal's draft by", day(request.legal_needed_by)))
    found.append(("Route to market", _route(gate, request)))
    if request.state == S.DECLINED:
        found.append(("Declined because", f"{request.get_decline_ground_display()}. {request.decline_reason}"))
    if request.next_steps:
        found.append(("Next steps", request.next_steps))
    return found


def _budget(request: ProcurementRequest) -> str:
    who = request.budget_by.label if request.budget_by else ""
    if request.budget_refusal:
        return f"Refused by {who}, {day(request.budget_at)}: {request.budget_refusal}"
    if request.budget_ex_vat is None:
        return "Has not approved the budget yet"
    return f"{who}, approved up to {money(request.budget_ex_vat)}, excluding VAT, on {day(request.budget_at)}"


def _route(gate: Gate, request: ProcurementRequest) -> str:
    choice = agreed_route(gate.commission)
    if choice is not None and choice.agreed is not None:
        return f"{choice.agreed.route.name}, agreed {day(choice.agreed_on)}"
    return f"{request.route.name}, as suggested in the request" if request.route else "Not chosen yet"


def _answers(gate: Gate, request: ProcurementRequest) -> Sequence[Any]:
    """What functions were asked to advise on beside gates and activities: on the request, and on the commission."""
    files = [gate.commission.case_file_id, request.case_file_id]
    rows = WorkItem.objects.filter(case_file__in=files, asks="advise", queue__isnull=False).exclude(kind__in=ELSEWHERE)
    return list(rows.exclude(state=ItemState.CLOSED).select_related("queue", "settled_by").order_by("opened_at", "pk"))


def _answers_table(items: Sequence[Any]) -> FactTable:
    return FactTable(
        ("Function", "Asked", "On", "What it says"),
        [[item.queue.name, item.title, day(item.opened_at), _said(item)] for item in items],
        "What functions were asked and say",
    )


def _said(item: Any) -> str:
    if item.state != ItemState.ANSWERED:
        due = f", due {day(item.due_on)}" if item.due_on else ""
        return f"No answer yet{due}"
    by = f"{item.settled_by.name}, " if item.settled_by else ""
    words = f"{answer_words(item.kind, item.answer)} ({by}{day(item.settled_at)})"
    text = PRIVILEGED if item.is_privileged else item.answer_text
    return f"{words}\n{text}" if text else words


def register_own() -> None:
    """Add this room's part to the packs."""
    register_pack_part(gate_2_part)
