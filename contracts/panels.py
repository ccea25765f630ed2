"""What a commission's page shows of its contracts and its mobilisation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from casework.models import CaseFile
from casework.panels import Panel, register_panel
from commissioning.selectors.step_records import register_step_records
from commissioning.states import CommissionState
from contracts import step_records
from contracts.selectors.pages import ends_words
from contracts.selectors.register import TONES
from contracts.selectors.standing import Line, of_commission, visible_lines
from contracts.states import ContractState
from organisation.formatting import counted, money
from organisation.models import Person


def contracts(case_file: CaseFile, person: Person) -> Panel | None:
    """The contracts of a commission that a person may know of, and how far each mobilisation is. One statement."""
    standing = of_commission(case_file)
    lines = visible_lines(standing, person)
    if not lines and not standing.own_tasks and case_file.state != CommissionState.SECURE:
        return None
    context: dict[str, Any] = {"lines": [_line(line) for line in lines]}
    if standing.own_tasks:
        context["mobilisation"] = {
            "url": reverse("contracts:mobilisation", args=[case_file.pk]),
            "words": _progress(standing.own_tasks, standing.own_open_tasks),
        }
    return Panel("Contracts", "contracts/_contracts_panel.html", context)


def _line(line: Line) -> dict[str, Any]:
    contract, found = line.contract, line.case_file
    state = ContractState(contract.state)
    note = f"{contract.supplier}, {money(found.value_ex_vat)}, {ends_words(contract.ends_on)}"
    if line.tasks:
        note += f". Mobilisation: {_progress(line.tasks, line.open_tasks)}"
    return {
        "title": f"{found.reference} {found.title}",
        "url": found.path,
        "note": note,
        "tag": (str(state.label), TONES[state]),
    }


def _progress(tasks: int, open_tasks: int) -> str:
    return f"{tasks - open_tasks} of {counted(tasks, 'task')} done"


def register_own() -> None:
    """Register the panels of this room."""
    register_panel("commission", 30, contracts)
    register_step_records(step_records.load)
