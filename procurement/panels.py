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
from organisation.formatting import money
from organisation.models import Person
from organisation.permissions import may
from procurement.models import ProcurementRequest
from procurement.selectors.dossiers import needs_of
from procurement.selectors.exercises import exercises_of
from procurement.selectors.pages import TONES
from procurement.selectors.requests import requests_of
from procurement.states import ExerciseState, RequestState


def buying(case_file: CaseFile, person: Person) -> Panel | None:
    """The request and the exercises of a commission, and the way to open either. Two statements."""
    rows = exercises_of(case_file, person)
    requests = requests_of(case_file, person)
    lines = [
        {"title": row["reference"], "url": row["url"], "note": row["note"], "tag": (row["state_words"], row["tone"])}
        for row in requests
    ]
    lines += [
        {
            "title": f"{row['reference']} {row['title']}",
            "url": row["url"],
            "note": f"{row['route']}, run by {row['run_by']}" + _price(row),
            "tag": (row["state_words"], TONES.get(row["state"], "grey")),
        }
        for row in rows
    ]
    is_live = any(row["state"] != ExerciseState.ABANDONED for row in rows)
    in_secure = case_file.state == CommissionState.SECURE
    in_plan = case_file.state == CommissionState.PLAN
    is_accepted = any(row["state"] == RequestState.ACCEPTED for row in requests)
    act = "exercise.open_for_ccps" if is_accepted else "exercise.open"
    may_open = in_secure and not is_live and may(person, act, case_file)
    has_live_request = any(row["is_live"] for row in requests)
    may_ask = in_plan and not has_live_request and may(person, "request.open", case_file)
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


def _price(row: dict[str, object]) -> str:
    chosen = row["chosen"]
    if chosen is None or row["state"] == ExerciseState.ABANDONED:
        return ""
    return f". {chosen.supplier}, {money(chosen.amount_ex_vat)}"  # type: ignore[attr-defined]


def gate_2(commission: Commission) -> GateLine | None:
    """How the procurement request stands, for the strip of gates. One statement."""
    rows = ProcurementRequest.objects.filter(commission=commission)
    row = rows.order_by("-pk").values("pk", "state", "paper_id", "decided_at").first()
    needs = needs_of(commission)
    need = needs.gate(2) if needs else "not_required"
    if row is None:
        url = reverse("procurement:request_open", args=[commission.pk])
        return GateLine(2, GATES[2], "not_required", "Not begun", need, url)
    state = RequestState(row["state"])
    return GateLine(
        2,
        GATES[2],
        "approved" if state == RequestState.ACCEPTED else state.value,
        str(state.label),
        need,
        reverse("procurement:request", args=[row["pk"]]),
        pk=row["pk"],
        paper_id=row["paper_id"],
        since=row["decided_at"],
    )


def register_own() -> None:
    """Register the panels of this room."""
    register_panel("commission", 20, buying)
    register_gate_line(2, gate_2)
