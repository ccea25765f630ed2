"""What a commission's page shows of its buying."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, OuterRef, QuerySet
from django.urls import reverse

from casework.models import CaseFile
from casework.panels import Panel, register_panel
from commissioning.dossier import GateLine
from commissioning.market_contact import register_closing
from commissioning.models import Commission
from commissioning.selectors.business_cases import register_effort
from commissioning.selectors.gates import register_gate_line
from commissioning.selectors.step_records import register_step_records
from commissioning.shifts import GATES
from commissioning.states import CommissionState
from organisation.models import Person
from organisation.permissions import may
from procurement import step_records
from procurement.models import Exercise, ProcurementRequest
from procurement.selectors.dossiers import needs_of
from procurement.selectors.under_commission import buying_of, files_under, is_past_gate_3, other_delivery_of
from procurement.states import ENDED, RequestState, RunBy


def buying(case_file: CaseFile, person: Person) -> Panel | None:
    """The requests and exercises of a commission, and the way to open either. One statement."""
    found = buying_of(case_file, person)
    lines = [*found.requests, *found.exercises]
    may_buy = case_file.commission.may_buy and not other_delivery_of(case_file)
    in_secure = may_buy and case_file.state == CommissionState.SECURE
    in_plan = may_buy and case_file.state == CommissionState.PLAN
    act = "exercise.open_for_ccps" if found.is_accepted else "exercise.open"
    may_open = in_secure and not found.has_live_exercise and may(person, act, case_file)
    may_ask = in_plan and not found.has_live_request and may(person, "request.open", case_file)
    waits = (in_plan or in_secure) and _waits_for_gate_3(case_file)
    if not lines and not in_secure and not may_ask and not waits:
        return None
    pk = case_file.commission.pk
    return Panel(
        "Buying",
        "procurement/_buying_panel.html",
        {
            "lines": lines,
            "open_url": reverse("procurement:open_exercise", args=[pk]) if may_open else "",
            "request_url": reverse("procurement:request_open", args=[pk]) if may_ask else "",
            "waits_url": reverse("commissioning:gate", args=[pk, 3]) if waits else "",
        },
    )


def _waits_for_gate_3(case_file: CaseFile) -> bool:
    """Whether the tender waits for the outline business case: due by value or risk, neither approved nor waived."""
    needs = needs_of(case_file.commission)
    return needs is not None and needs.gate(3) in ("required", "expected") and not is_past_gate_3(case_file)


def gate_2(commission: Commission) -> GateLine | None:
    """How the newest procurement request stands, for the strip of gates. One statement, shared with the panel."""
    needs = needs_of(commission)
    need = needs.gate(2) if needs and commission.may_buy else "not_required"
    files = files_under(commission.case_file)
    other = other_delivery_of(commission.case_file)
    row = next((case.procurement_request for case in files if case.kind == "request"), None)
    if row is None and other:
        return GateLine(2, GATES[2], "not_required", f"Nothing is bought: {other}", "not_required", "")
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


def exercises_by_ccps(commission: OuterRef) -> QuerySet[Exercise]:
    """What CCPS buys for a commission now: from its opening to the award, nobody talks to bidders outside of it."""
    rows = Exercise.objects.filter(commission=commission, run_by=RunBy.CCPS).exclude(state__in=ENDED)
    return rows.order_by("pk").annotate(closed_at=F("case_file__opened_at"))


def promised_days(commissions: Collection[int]) -> dict[int, int]:
    """How many days of its officers CCPS has promised to commissions, in one statement."""
    rows = ProcurementRequest.objects.filter(commission__in=commissions, state=RequestState.ACCEPTED)
    return dict(rows.values_list("commission_id", "effort_days"))


def register_own() -> None:
    """Register the panels of this room."""
    register_panel("commission", 20, buying)
    register_gate_line(2, gate_2)
    register_effort(promised_days)
    register_closing(exercises_by_ccps)
    register_step_records(step_records.load)
