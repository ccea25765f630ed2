"""A round of approval: whom a submission asks, what each says, and what it comes to (framework 6.1)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from casework import door
from casework.audit import audited, record
from casework.door import who_words
from casework.lifecycle import effect_of
from casework.models import WorkItem
from casework.refusals import AlreadyDone, NotPermitted
from casework.routing import Figure
from casework.services import work_items
from casework.states import OUTSTANDING, Answer
from commissioning import notifications
from commissioning.gate_dossier import StepLine, ViewLine
from commissioning.models import ApprovalStep, ApprovalView, Gate, GateCondition, GateRound
from commissioning.selectors import gate_rounds as reading
from commissioning.selectors.dossiers import rules_of, rules_version_of
from commissioning.services import baseline, gates, measures
from commissioning.services.values import locked, refuse
from commissioning.states import PASSES, GateState, Outcome
from organisation import clock
from organisation.actors import Actor, System
from organisation.models import Person
from organisation.permissions import may
from organisation.standing import covered_by
from organisation.working_days import add_working_days, holidays_of

DECISION, CONDITION = "gate_decision", "gate_condition"
DECIDE_WITHIN = "gate_decision_days"
ANSWER_OF = {
    Outcome.APPROVED: Answer.AGREED,
    Outcome.WITH_CONDITIONS: Answer.AGREED_WITH_CONDITIONS,
}


@dataclass(frozen=True)
class Condition:
    """What must be done although the gate is approved; ``blocks_gate`` is the gate whose stage waits for it."""

    words: str
    owner: Person
    due_on: date
    blocks_gate: int


# --- submission -------------------------------------------------------------------------------------------------------


@effect_of(Gate, "submit")
def _submitted(gate: Gate, *, by: Actor, note: str, **_: Any) -> None:
    """Open a round on the revision that was frozen, with the route in force copied onto it."""
    paper, commission = gate.paper, gate.commission
    route = reading.route_for(gate)
    if paper is None or route is None:
        raise TypeError("the guard of submit saw a paper and a route")
    figure = _time_to_decide(gate)
    made = GateRound.objects.create(
        gate=gate,
        number=gate.rounds.count() + 1,
        revision_number=paper.revision_number,
        route_name=route.name,
        submitted_by=by if isinstance(by, Person) else paper.submitted_by,
        decide_by=_decide_by(figure),
    )
    steps = list(route.steps.all())
    asked = reading.asked_in(gate, steps, reading.authors_of(gate))
    value = commission.case_file.value_ex_vat
    copied = ApprovalStep.objects.bulk_create(
        [
            ApprovalStep(
                round=made,
                order=step.order,
                role=step.role,
                person=step.person,
                needed=step.needed,
                amount=value if step.asks_authority else None,
            )
            for step in sorted(steps, key=lambda step: step.order)
        ]
    )
    ApprovalView.objects.bulk_create(
        [ApprovalView(step=step, person=person) for step in copied for person in asked[step.order]]
    )
    reading.forget(gate)
    _open_step(gate, made, copied[0].pk, by)


def _time_to_decide(gate: Gate) -> Figure | None:
    return rules_of(rules_version_of(gate.commission)).figures.get(DECIDE_WITHIN)


def _decide_by(figure: Figure | None) -> date | None:
    if figure is None:
        return None
    return add_working_days(clock.today(), int(figure.amount), holidays_of("england"))


def _open_step(gate: Gate, made: GateRound, step_id: int, by: Actor) -> None:
    """Ask everyone in a step, each with a task of their own; the time to decide starts with the step."""
    ApprovalStep.objects.filter(pk=step_id).update(opened_at=clock.now())
    figure = _time_to_decide(gate)
    views = ApprovalView.objects.filter(step_id=step_id, outcome="").select_related("person").order_by("pk")
    for view in views:
        item = work_items.open_item(
            gate.commission.case_file,
            by=made.submitted_by or by,
            kind=DECISION,
            key=_task_key(gate, made.number, view.pk),
            title=f"Decide gate {gate.number}",
            asks="approve",
            assignee=view.person,
            because=f"You are asked in the approval route “{made.route_name}”",
            allowance=int(figure.amount) if figure else None,
            unit=figure.unit if figure else "",
            path=reverse("commissioning:gate_decide", args=[gate.commission_id, gate.number]),
        )
        notifications.decision_asked(item, gate)


def _task_key(gate: Gate, number: int, view_id: int) -> str:
    return f"gate:{gate.pk}:{number}:view:{view_id}"


# --- a view -----------------------------------------------------------------------------------------------------------


def decide(
    gate: Gate, verb: str, *, by: Person, note: str = "", act_id: uuid.UUID | None = None, **inputs: Any
) -> door.Outcome:
    """Give one person's view of a submitted gate through the door.

    The commission is locked first, because a refusal stops it: two people who act at once come one after the other,
    and the second is told what the first one did. Raises what the door raises.
    """
    with audited(by=by):
        locked(gate.commission)
        return door.carry_out(gate, verb, by=by, act_id=act_id, note=note, **inputs)


@effect_of(Gate, "approve")
def _approved(gate: Gate, *, by: Actor, note: str, **_: Any) -> None:
    _in_favour(gate, Outcome.APPROVED, by, note)


@effect_of(Gate, "approve_with_conditions")
def _approved_with_conditions(
    gate: Gate, *, by: Actor, note: str, conditions: Sequence[Condition] = (), **_: Any
) -> None:
    made = _open_round(gate)
    for condition in conditions:
        row = GateCondition.objects.create(
            gate=gate,
            round=made,
            words=condition.words,
            owner=condition.owner,
            due_on=condition.due_on,
            blocks_gate=condition.blocks_gate,
        )
        record(
            verb="gate.condition",
            subject=gate,
            by=by,
            changes={"condition": row.words, "owner_id": row.owner_id, "due_on": row.due_on},
        )
    _in_favour(gate, Outcome.WITH_CONDITIONS, by, note)


@effect_of(Gate, "return_for_changes")
def _returned(gate: Gate, *, by: Actor, note: str, section_notes: Mapping[str, str] | None = None, **_: Any) -> None:
    """The first return settles the round, and the paper opens with the comments word for word."""
    _give(gate, Outcome.RETURNED, by, note)
    _settle(gate, Outcome.RETURNED, note, by)
    gates.reopen_paper(gate, f"Gate {gate.number} was returned for changes", note, dict(section_notes or {}))


@effect_of(Gate, "refuse")
def _refused(gate: Gate, *, by: Actor, note: str, **_: Any) -> None:
    """Framework 6.1: the commission stops, everyone with an open item is told, and the items close."""
    _give(gate, Outcome.REFUSED, by, note)
    _settle(gate, Outcome.REFUSED, note, by)
    commission = gate.commission
    notifications.commission_refused(gate, by, note)
    door.carry_out(
        commission,
        "stop",
        by=System(because=f"Gate {gate.number} was refused"),
        note=f"Gate {gate.number} was refused: {note}",
    )


@effect_of(Gate, "defer")
def _put_off(gate: Gate, *, by: Actor, note: str, **_: Any) -> None:
    _give(gate, Outcome.DEFERRED, by, note)
    _settle(gate, Outcome.DEFERRED, note, by)


@effect_of(Gate, "take_back")
def _taken_back(gate: Gate, *, by: Actor, note: str, **_: Any) -> None:
    _settle(gate, Outcome.TAKEN_BACK, note, by)
    gates.reopen_paper(gate, f"Gate {gate.number} was taken back", note)


def _in_favour(gate: Gate, outcome: Outcome, by: Actor, note: str) -> None:
    before = reading.load(gate).round
    step = before.open_step if before else None
    view = _give(gate, outcome, by, note)
    if gate.state == GateState.APPROVED:
        with_conditions = GateCondition.objects.filter(round__gate=gate, round__outcome="").exists()
        _settle(gate, Outcome.WITH_CONDITIONS if with_conditions else Outcome.APPROVED, "", by)
        _open_condition_tasks(gate, by)
        if gate.number == 1:
            measures.freeze(gate.commission)
            rounds = GateRound.objects.filter(gate=gate).select_related("gate__paper")
            baseline.freeze(gate.commission, rounds.latest("number"))
        return
    if before and step and step.passes_with(view):
        _close_tasks(gate, f"Step {step.order} of the approval has passed", step=step)
        ApprovalStep.objects.filter(pk=step.pk).update(passed_at=clock.now())
        later = next(other for other in before.steps if other.order > step.order)
        reading.forget(gate)
        _open_step(gate, _open_round(gate), later.pk, by)


def _give(gate: Gate, outcome: Outcome, by: Actor, note: str) -> ViewLine | None:
    """Write down one view, and answer the task that asked for it; returns the view as it was, if it was asked for."""
    found = reading.load(gate)
    step = found.round.open_step if found.round else None
    if step is None or not isinstance(by, Person):
        return None
    view = found.view_for(by, [absent.pk for absent in covered_by(by)])
    if view is None:
        # They came into the role after the paper was submitted.
        row = ApprovalView(step_id=step.pk, person=by)
    else:
        row = ApprovalView.objects.get(pk=view.pk)
    row.outcome, row.given_by, row.given_at, row.reason = outcome, by, clock.now(), note[:2000]
    row.authority = _authority_words(by, gate, step)
    row.save()
    if view is not None and found.round:
        task = WorkItem.objects.filter(
            case_file_id=gate.commission.case_file_id,
            key=_task_key(gate, found.round.number, view.pk),
            state__in=OUTSTANDING,
        )
        for item in task.select_related("case_file"):
            door.carry_out(
                item,
                "respond",
                by=System(because="A view was given on the gate"),
                answer=ANSWER_OF.get(outcome, Answer.DONE),
                text=note or str(outcome.label),
                from_room=True,
            )
    return view


def _authority_words(by: Person, gate: Gate, step: StepLine) -> str:
    if step.amount is None:
        return ""
    held = reading.authority_for(by, gate, step)
    return f"{held.post_title}, {held.source}"[:300] if held else ""


# --- what a round comes to --------------------------------------------------------------------------------------------


def _open_round(gate: Gate) -> GateRound:
    return GateRound.objects.select_related("submitted_by").get(gate=gate, outcome="")


def _settle(gate: Gate, outcome: Outcome, note: str, by: Actor) -> None:
    made = _open_round(gate)
    made.outcome, made.settled_at, made.reason = outcome, clock.now(), note[:2000]
    made.save(update_fields=["outcome", "settled_at", "reason"])
    if outcome in PASSES:
        ApprovalStep.objects.filter(round=made, passed_at__isnull=True).update(passed_at=clock.now())
    _close_tasks(gate, f"Gate {gate.number}: {str(outcome.label).lower()}")
    notifications.round_settled(gate, made, by)
    reading.forget(gate)


def _close_tasks(gate: Gate, because: str, step: StepLine | None = None) -> None:
    """Nobody is asked any more; in one step only, if it is named."""
    items = WorkItem.objects.filter(
        case_file_id=gate.commission.case_file_id,
        kind=DECISION,
        key__startswith=f"gate:{gate.pk}:",
        state__in=OUTSTANDING,
    )
    if step is not None:
        items = items.filter(assignee_id__in=[line.person_id for line in step.views])
    for item in items.select_related("case_file"):
        door.carry_out(item, "close", by=System(because=because), note=because)


def _open_condition_tasks(gate: Gate, by: Actor) -> None:
    for row in GateCondition.objects.filter(gate=gate, met_at__isnull=True).select_related("owner"):
        key = _condition_key(row)
        if WorkItem.objects.filter(case_file_id=gate.commission.case_file_id, key=key).exists():
            continue
        item = work_items.open_item(
            gate.commission.case_file,
            by=by,
            kind=CONDITION,
            key=key,
            title=f"Meet a condition of gate {gate.number}",
            asks="do",
            assignee=row.owner,
            needed_by=row.due_on,
            because=row.words,
            path=reverse("commissioning:gate_condition", args=[gate.commission_id, gate.number, row.pk]),
        )
        notifications.condition_set(item, gate)


def _condition_key(row: GateCondition) -> str:
    return f"gate_condition:{row.pk}"


def meet_condition(condition: GateCondition, *, how: str, by: Person, act_id: uuid.UUID | None = None) -> GateCondition:
    """Say that a condition is met, and how; its task is answered. Raises ``AlreadyDone`` and ``NotPermitted``."""
    verb = "gate.condition_met"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(condition.pk)):
        gate = Gate.objects.select_related(*Gate.door_reads).get(pk=condition.gate_id)
        row = GateCondition.objects.select_for_update(of=("self",)).select_related("owner").get(pk=condition.pk)
        row.gate = gate
        if not may(by, "gate.meet_condition", row):
            refuse(NotPermitted(who_words("gate.meet_condition", row)), verb=verb, subject=gate, by=by)
        if row.met_at is not None:
            refuse(AlreadyDone("This condition was met before. Nothing was changed."), verb=verb, subject=gate, by=by)
        row.met_at, row.met_by, row.met_how = clock.now(), by, how[:500]
        row.save(update_fields=["met_at", "met_by", "met_how"])
        record(verb=verb, subject=gate, reason=how, changes={"condition": row.words})
        task = WorkItem.objects.filter(
            case_file_id=gate.commission.case_file_id, key=_condition_key(row), state__in=OUTSTANDING
        )
        for item in task.select_related("case_file"):
            door.carry_out(
                item,
                "respond",
                by=System(because="The condition was said to be met"),
                answer=Answer.DONE,
                text=how,
                from_room=True,
            )
        return row
