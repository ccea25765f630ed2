"""What still blocks each verb of a gate, one sentence a thing. Guards read the dossier and write nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from casework.blockers import Blocker
from commissioning.states import ENDED, CommissionState
from organisation import clock
from organisation.formatting import day
from organisation.models import Person

if TYPE_CHECKING:
    from commissioning.gate_dossier import GateDossier

Inputs = Mapping[str, Any]

STAGE_OF = {1: CommissionState.ANALYSE, 3: CommissionState.PLAN, 4: CommissionState.SECURE}


def begin(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 6: each gate has its stage, and one that is not required asks for no paper."""
    yield from _in_stage(dossier)
    if dossier.need == "not_required":
        yield Blocker("need", f"Gate {dossier.gate.number}: not required at this value and risk, so nothing is written")


def ask_input(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Somebody is asked something, by a day."""
    yield from _in_stage(dossier)
    if "functions" not in inputs:
        return
    if not inputs["functions"]:
        yield Blocker("functions", "Functions: none chosen", anchor="id_functions")
    needed_by = inputs.get("needed_by")
    if not isinstance(needed_by, date):
        yield Blocker("needed_by", "Date the input is needed: not given", anchor="id_needed_by")
    elif needed_by < clock.today():
        yield Blocker("needed_by", f"Date the input is needed: {day(needed_by)} has passed", anchor="id_needed_by")


def submit(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 6.1: the paper is submitted, and somebody other than its author can decide. Inputs do not block."""
    yield from _in_stage(dossier)
    yield from dossier.load_missing()
    paper = dossier.gate.paper
    if paper is None or paper.is_draft:
        link = ("documents:check", (paper.pk,)) if paper else ("commissioning:gate", _address(dossier))
        yield Blocker("paper", "Paper: not submitted. Check your answers and submit it", *link)


def take_back(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """What somebody has decided on cannot be taken from under them."""
    yield from _not_ended(dossier)
    if dossier.round is None:
        yield Blocker("round", "Nobody is asked to decide, so there is nothing to take back")
    elif any(line.outcome for step in dossier.round.steps for line in step.views):
        yield Blocker("decided", "Somebody has already given their view, so the paper stays with those who decide")


def decide(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Only in a commission that still moves."""
    yield from _not_ended(dossier)


def approve(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Only in a commission that still moves."""
    yield from _not_ended(dossier)


def approve_with_conditions(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 6.1: each condition says what, who, by when, and which gate waits for it."""
    yield from _not_ended(dossier)
    if "conditions" not in inputs:
        return
    conditions = inputs["conditions"]
    if not conditions:
        yield Blocker("conditions", "Conditions: none written. Approve without, or write at least one")
    for place, condition in enumerate(conditions, start=1):
        if not str(condition.words).strip():
            yield Blocker("conditions", f"Condition {place}: not written")
        if not isinstance(condition.owner, Person):
            yield Blocker("conditions", f"Condition {place}: owner not chosen")
        if not isinstance(condition.due_on, date) or condition.due_on < clock.today():
            yield Blocker("conditions", f"Condition {place}: it needs a date from today on")
        if condition.blocks_gate < dossier.gate.number:
            yield Blocker("conditions", f"Condition {place}: it cannot hold up gate {condition.blocks_gate}, now past")


def defer(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 6.1: gates 3 and 4 only, with a day on which it is looked at again."""
    yield from _not_ended(dossier)
    if dossier.gate.number == 1:
        yield Blocker("number", "Gate 1 cannot be deferred: return it for changes, or refuse it")
    if "review_on" in inputs:
        review_on = inputs["review_on"]
        if not isinstance(review_on, date):
            yield Blocker("review_on", "Review date: not given", anchor="id_review_on")
        elif review_on <= clock.today():
            yield Blocker("review_on", "Review date: it must be after today", anchor="id_review_on")


def take_up(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Only while the commission is in the gate's stage."""
    yield from _in_stage(dossier)


def waive(dossier: GateDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 6.1: expected gates only."""
    yield from _not_ended(dossier)
    if dossier.need != "expected":
        words = (
            "required, so it cannot be waived" if dossier.need == "required" else "not expected, so nothing is waived"
        )
        yield Blocker("need", f"Gate {dossier.gate.number}: {words}")


# --- shared ----------------------------------------------------------------------------------------------------------


def _address(dossier: GateDossier) -> tuple[int, int]:
    return dossier.gate.commission_id, dossier.gate.number


def _not_ended(dossier: GateDossier) -> Iterator[Blocker]:
    commission = dossier.gate.commission
    if commission.state in ENDED:
        yield Blocker("ended", f"The commission is {commission.get_state_display().lower()}, so it can only be read")
    elif commission.state == CommissionState.ON_HOLD:
        yield Blocker("on_hold", "The commission is on hold: resume it first", path=commission.get_absolute_url())


def _in_stage(dossier: GateDossier) -> Iterator[Blocker]:
    commission, stage = dossier.gate.commission, STAGE_OF[dossier.gate.number]
    if commission.state in ENDED or commission.state == CommissionState.ON_HOLD:
        yield from _not_ended(dossier)
    elif commission.state != stage:
        yield Blocker("stage", f"Gate {dossier.gate.number} belongs to {stage.label}, and the commission is not there")
