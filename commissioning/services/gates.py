"""The way of a gate's paper: begun, put before functions, submitted through the documents room, waived."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any, cast

from casework import door, lifecycle
from casework.audit import audited, record
from casework.blockers import Blocker
from casework.lifecycle import effect_of, exit_check
from casework.models import WorkItem
from casework.refusals import Blocked
from casework.services import work_items
from casework.states import OUTSTANDING
from commissioning.models import Commission, Gate
from commissioning.paper_facts import is_short_enough
from commissioning.selectors import gate_rounds as reading
from commissioning.services import asking
from commissioning.services.values import locked, locked_for, refuse
from commissioning.states import GATE_IN_HAND, GateState
from documents.models import Paper
from documents.services import papers
from organisation.actors import Actor, System
from organisation.models import Person

PAPERS = {1: "initiation_document", 3: "outline_business_case", 4: "full_business_case"}
NUMBER_OF = {key: number for number, key in PAPERS.items()}
INPUT_ASKED = "gate_input_asked"

S = GateState


def gate_of(commission: Commission, number: int) -> Gate:
    """The gate of a commission, made when it is first needed."""
    gate, _ = Gate.objects.get_or_create(commission=commission, number=number)
    gate.commission = commission
    return gate


def begin(commission: Commission, number: int, *, by: Person, act_id: uuid.UUID | None = None) -> Gate:
    """Begin the paper of a gate, or return the gate whose paper was begun.

    The paper starts from what facts and earlier papers say: that of gate 4 from the answers of gate 3. Raises
    ``Blocked`` outside the gate's stage, and where the gate is not required.
    """
    with audited(by=by, act_id=act_id, verb="gate.begin", subject=f"{commission.pk}:{number}"):
        commission = locked_for(commission, by=by, act="commission.edit", verb="gate.begin")
        gate = gate_of(commission, number)
        if gate.state != S.NOT_REQUIRED:
            return gate
        return _begun(gate, by)


def _begun(gate: Gate, by: Actor) -> Gate:
    paper = papers.begin(gate.commission.case_file, PAPERS[gate.number], by=by)
    return cast(Gate, door.carry_out(gate, "begin", by=by, paper=paper).subject)


def ask_input(
    gate: Gate,
    *,
    functions: Collection[str],
    needed_by: date,
    question: str,
    by: Person,
    urgent_reason: str = "",
    act_id: uuid.UUID | None = None,
) -> list[WorkItem]:
    """Ask functions, by the keys of their queues, what they say to a gate's paper; returns what was opened.

    Raises ``Blocked`` when a queue with a lead time is given too little of it and no urgent reason.
    """
    asked_before = set(_asked(gate).values_list("pk", flat=True))
    door.carry_out(
        gate,
        "ask_input",
        by=by,
        act_id=act_id,
        functions=sorted(functions),
        needed_by=needed_by,
        question=question,
        urgent_reason=urgent_reason,
    )
    return [item for item in _asked(gate).select_related("queue") if item.pk not in asked_before]


def choose_version(gate: Gate, *, full: bool, by: Person, act_id: uuid.UUID | None = None) -> Gate:
    """Write the full outline business case where the short one is enough, or go back to the short one.

    Nothing that was written is lost. Raises ``Blocked`` where value or risk ask for the full one.
    """
    verb = "gate.version"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{gate.pk}:{full}"):
        commission = locked_for(gate.commission, by=by, act="commission.edit", verb=verb)
        row = Gate.objects.get(pk=gate.pk)
        row.commission = commission
        blockers = []
        if row.number != 3 or row.state not in GATE_IN_HAND:
            blockers.append(Blocker("state", "Gate 3: its paper is not being written, so its version stands"))
        elif not full and not is_short_enough(commission):
            words = "Full version: needed at this value and risk. It can be shortened only if they fall"
            blockers.append(Blocker("version", words, "commissioning:gate", (commission.pk, 3)))
        if blockers:
            refuse(Blocked(blockers, "The version was not changed."), verb=verb, subject=row, by=by)
        row.wants_full = full
        row.save(update_fields=["wants_full"])
        record(verb=verb, subject=row, changes={"version": "full" if full else "short"})
        return row


def occasion_of(gate: Gate) -> str:
    """What the rules call the submission in hand, so that the same function can be asked again for the next."""
    return f"gate:{gate.pk}:{gate.rounds.count() + 1}"


def _asked(gate: Gate) -> Any:
    return WorkItem.objects.filter(
        case_file_id=gate.commission.case_file_id, key__endswith=f":{occasion_of(gate)}"
    ).order_by("pk")


@effect_of(Gate, "ask_input")
def _input_asked(
    gate: Gate,
    *,
    by: Actor,
    functions: Collection[str] = (),
    needed_by: date | None = None,
    question: str = "",
    urgent_reason: str = "",
    **_: Any,
) -> None:
    """The rules say which queue each chosen function has."""
    asking.fire(
        gate.commission,
        INPUT_ASKED,
        by=by,
        flags=[f"asked_{key}" for key in functions],
        ask=occasion_of(gate),
        needed_by=needed_by,
        question=question,
        urgent_reason=urgent_reason,
        path=gate.get_absolute_url(),
        about=f"gate {gate.number}",
    )


def waive(commission: Commission, number: int, *, by: Person, note: str, act_id: uuid.UUID | None = None) -> Gate:
    """Let a commission go on without an expected gate, with a reason; what was asked for its paper is withdrawn."""
    with audited(by=by):
        gate = gate_of(locked(commission), number)
        return cast(Gate, door.carry_out(gate, "waive", by=by, act_id=act_id, note=note).subject)


@effect_of(Gate, "waive")
def _waived(gate: Gate, *, by: Actor, note: str, **_: Any) -> None:
    """Nobody need say anything to a paper that nobody will read."""
    items = WorkItem.objects.filter(
        case_file_id=gate.commission.case_file_id, key__contains=f":gate:{gate.pk}:", state__in=OUTSTANDING
    ) | WorkItem.objects.filter(
        case_file_id=gate.commission.case_file_id, key=deferral_key(gate), state__in=OUTSTANDING
    )
    for item in items.select_related("case_file"):
        because = f"Gate {gate.number} was waived"
        door.carry_out(item, "close", by=System(because=because), note=because)


def deferral_key(gate: Gate) -> str:
    """What the task of looking at a deferred gate again is called."""
    return f"gate_deferral:{gate.pk}"


@effect_of(Gate, "defer")
def _deferred(gate: Gate, *, by: Actor, note: str, review_on: date | None = None, **_: Any) -> None:
    """A task with its date, on whoever holds the commission."""
    work_items.open_item(
        gate.commission.case_file,
        by=by,
        kind="gate_deferral",
        key=deferral_key(gate),
        title=f"Look at gate {gate.number} again",
        asks="do",
        assignee=gate.commission.case_file.holder,
        needed_by=review_on,
        because=f"Gate {gate.number} was deferred: {note}"[:1000],
        path=gate.get_absolute_url(),
    )


@effect_of(Gate, "take_up")
def _taken_up(gate: Gate, *, by: Actor, note: str, **_: Any) -> None:
    """The paper opens again, and the reminder has done its work."""
    items = WorkItem.objects.filter(
        case_file_id=gate.commission.case_file_id, key=deferral_key(gate), state__in=OUTSTANDING
    )
    for item in items.select_related("case_file"):
        because = f"Gate {gate.number} was taken up again"
        door.carry_out(item, "close", by=System(because=because), note=because)
    reopen_paper(gate, f"Gate {gate.number} was taken up again", note)


def reopen_paper(gate: Gate, because: str, note: str, section_notes: dict[str, str] | None = None) -> None:
    """Make the gate's paper a draft again, with what was said."""
    if gate.paper is not None and not gate.paper.is_draft:
        door.carry_out(
            gate.paper, "reopen", by=System(because=because), note=note, section_notes=dict(section_notes or {})
        )


# --- the documents room's side ----------------------------------------------------------------------------------------


@exit_check(Paper, "submit")
def _gate_blocks(paper: Paper) -> list[Blocker]:
    """What keeps a gate from being submitted is said on the paper's own page, before it is frozen."""
    number = NUMBER_OF.get(paper.template_key)
    if number is None or paper.label:
        return []
    gate = Gate.objects.filter(paper=paper).select_related(*Gate.door_reads).first()
    if gate is None or gate.state == S.SKIPPED_URGENT:
        # What the urgent route put off is submitted afterwards for the record: nobody decides on it.
        return []
    if not gate.can_go("submit"):
        words = f"Gate {number}: {gate.get_state_display().lower()}, so its paper is not submitted"
        return [Blocker("gate", words, "commissioning:gate", (gate.commission_id, number))]
    rules = door.rules_of(Gate, "submit")
    found = lifecycle.blockers_of(gate, rules, reading.load(gate), {})
    return [blocker for blocker in found if blocker.key != "paper"]


@effect_of(Paper, "submit")
def _paper_submitted(paper: Paper, *, by: Actor, note: str = "", **_: Any) -> None:
    """Submitting a gate's paper submits the gate."""
    number = NUMBER_OF.get(paper.template_key)
    if number is None or paper.label:
        return
    commission = Commission.objects.filter(case_file_id=paper.case_file_id).first()
    if commission is None:
        return
    gate = gate_of(locked(commission), number)
    if gate.state == S.SKIPPED_URGENT:
        return
    if gate.state == S.NOT_REQUIRED:
        # The paper was begun from elsewhere (a template tried out, an import).
        gate = _begun(gate, System(because="Its paper was submitted"))
    door.carry_out(gate, "submit", by=by)


@exit_check(Paper, "reopen")
def _is_with_approvers(paper: Paper) -> list[Blocker]:
    """A paper that somebody decides on, or has decided on, is opened only through its gate."""
    if paper.template_key not in NUMBER_OF:
        return []
    gate = Gate.objects.filter(paper=paper).exclude(state__in=[S.NOT_REQUIRED, *GATE_IN_HAND]).first()
    if gate is None:
        return []
    words = f"Gate {gate.number}: {gate.get_state_display().lower()}. Its paper is opened from the gate's page"
    return [Blocker("gate", words, "commissioning:gate", (gate.commission_id, gate.number))]
