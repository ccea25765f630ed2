"""What a commission's page shows of its buying."""

from __future__ import annotations

from django.urls import reverse

from casework.models import CaseFile
from casework.panels import Panel, register_panel
from commissioning.dossier import GateLine
from commissioning.models import Commission
from commissioning.selectors.gates import register_gate_line
from commissioning.shifts import GATES
from commissioning.states import CommissionState
from organisation.models import Person
from organisation.permissions import may
from procurement.selectors.dossiers import needs_of
from procurement.selectors.under_commission import buying_of, files_under
from procurement.states import RequestState


def buying(case_file: CaseFile, person: Person) -> Panel | None:
    """The requests and exercises of a commission, and the way to open either. One statement."""
    found = buying_of(case_file, person)
    lines = [*found.requests, *found.exercises]
    in_secure = case_file.state == CommissionState.SECURE
    in_plan = case_file.state == CommissionState.PLAN
    act = "exercise.open_for_ccps" if found.is_accepted else "exercise.open"
    may_open = in_secure and not found.has_live_exercise and may(person, act, case_file)
    may_ask = in_plan and not found.has_live_request and may(person, "request.open", case_file)
    if not lines and not in_secure and not may_ask:
        return None
    pk = case_file.commission.pk
    return Panel(
        "Buying",
        "procurement/_buying_panel.html",
        {
            "lines": lines,
            "open_url": reverse("procurement:open_exercise", args=[pk]) if may_open else "",
            "request_url": reverse("procurement:request_open", args=[pk]) if may_ask else "",
        },
    )


def gate_2(commission: Commission) -> GateLine | None:
    """How the newest procurement request stands, for the strip of gates. One statement, shared with the panel."""
    needs = needs_of(commission)
    need = needs.gate(2) if needs else "not_required"
    files = files_under(commission.case_file)
    row = next((case.procurement_request for case in files if case.kind == "request"), None)
    if row is None:
        url = reverse("procurement:request_open", args=[commission.pk])
        return GateLine(2, GATES[2], "not_required", "Not begun", need, url)
    state = RequestState(row.state)
    return GateLine(
        2,
        GATES[2],
        "approved" if state == RequestState.ACCEPTED else state.value,
        str(state.label),
        need,
        reverse("procurement:request", args=[row.pk]),
        pk=row.pk,
        paper_id=row.paper_id,
        since=row.decided_at,
    )


def register_own() -> None:
    """Register the panels of this room."""
    register_panel("commission", 20, buying)
    register_gate_line(2, gate_2)
