"""Working out a commission's timeline, leaving steps out of it, and keeping its milestones as deadlines."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse

from casework.audit import audited, record
from casework.deadlines import Due, due
from casework.refusals import Refused
from casework.services import deadlines
from commissioning.models import Commission, Gate, PlannedStep
from commissioning.selectors import timeline as selector
from commissioning.services import ownership
from commissioning.services.values import locked_open, refuse
from commissioning.states import ENDED, STAGES
from organisation import clock
from organisation.actors import Actor
from organisation.formatting import day, in_sentence
from organisation.models import Person

MILESTONE = "planned_step"
MOVED = (
    *("name", "stage", "lane", "gate", "order", "starts_on", "ends_on", "planned_at"),
    *("may_leave_out", "is_milestone", "is_tender"),
)


def work_out(commission: Commission, *, by: Person, act_id: uuid.UUID | None = None) -> int:
    """Work the dates back from the needed-by date anew; says how many steps there are.

    What was left out stays out, and the first dates stay beside the new ones. Raises ``Refused`` without a value or a
    needed-by date, and once the commission has ended.
    """
    verb = "commission.timeline"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(commission, by=by, act="commission.edit", verb=verb, stands="its timeline stands")
        if commission.needed_by is None or commission.case_file.value_ex_vat is None:
            words = "Dates are worked back from the day it is needed by, for its value. Record both first."
            refuse(Refused(words), verb=verb, subject=commission, by=by)
        made = follow(commission, by=by)
        record(verb=verb, subject=commission, changes={"needed by": day(commission.needed_by), "steps": made})
        return made


def follow(commission: Commission, *, by: Actor) -> int:
    """The same on a commission that the transaction in hand has locked; nothing where a date or value is missing.

    Activities that are not begun and end with their stage move with it.
    """
    seen = selector.outlook_of(commission) if commission.needed_by else None
    if seen is None:
        return 0
    steps = selector.steps_for(commission.case_file.organisation.framework_id, seen)
    known = {row.key: row for row in PlannedStep.objects.filter(commission=commission)}
    left_out = {key for key, row in known.items() if row.left_out_reason}
    before = ownership.stages_of(known.values())
    taken = selector.without(steps, left_out)
    spans = selector.spans_of(commission, taken)
    whole = selector.spans_of(commission, steps)
    fresh = []
    for step in steps:
        span = spans.get(step.key) or whole[step.key]
        row = known.pop(step.key, None) or PlannedStep(
            commission=commission, key=step.key, baseline_on=span.ends_on, left_out_reason=""
        )
        row.name, row.stage, row.lane, row.gate, row.order = step.name, step.stage, step.lane, step.gate, step.order
        row.starts_on, row.ends_on, row.planned_at = span.starts_on, span.ends_on, clock.now()
        row.may_leave_out, row.is_milestone = step.may_leave_out, step.is_milestone
        row.is_tender = step.is_tender
        fresh.append(row)
    if known:
        # Steps that the tier or the way of buying no longer has.
        PlannedStep.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    PlannedStep.objects.bulk_create([row for row in fresh if row.pk is None])
    PlannedStep.objects.bulk_update([row for row in fresh if row.pk is not None], MOVED)
    if commission.has_started:
        ownership.follow_timeline(commission, before, ownership.stages_of(fresh))
    _keep_milestones(commission, fresh, selector.passed_by(commission, steps))
    return len(taken)


def leave_out(
    commission: Commission, *, key: str, reason: str, by: Person, act_id: uuid.UUID | None = None
) -> PlannedStep:
    """Do without a step, saying why; the others take up its time. Only steps that may be left out."""
    return _switch(commission, key=key, reason=reason, by=by, act_id=act_id)


def take_back(commission: Commission, *, key: str, by: Person, act_id: uuid.UUID | None = None) -> PlannedStep:
    """Take a step in again that was left out."""
    return _switch(commission, key=key, reason="", by=by, act_id=act_id)


def _switch(commission: Commission, *, key: str, reason: str, by: Person, act_id: uuid.UUID | None) -> PlannedStep:
    verb = "commission.step_left_out" if reason else "commission.step_taken_back"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{commission.pk}:{key}"):
        commission = locked_open(commission, by=by, act="commission.edit", verb=verb, stands="its timeline stands")
        row = PlannedStep.objects.filter(commission=commission, key=key).first()
        if row is None or not row.may_leave_out:
            words = "This step cannot be left out."
            refuse(Refused(words), verb=verb, subject=commission, by=by)
        row.left_out_reason, row.left_out_by = reason, by if reason else None
        row.save(update_fields=["left_out_reason", "left_out_by"])
        follow(commission, by=by)
        record(verb=verb, subject=commission, reason=reason, changes={"step": row.name})
        return row


def _keep_milestones(commission: Commission, rows: list[PlannedStep], done: set[str]) -> None:
    """Milestones that are not behind the commission are deadlines of the commissioner."""
    if commission.has_started:
        deadlines.finish_all(commission.case_file, MILESTONE)
    standing = [row for row in rows if row.is_milestone and not row.left_out_reason and row.key not in done]
    deadlines.add([_due_of(commission, row) for row in standing])


def _due_of(commission: Commission, row: PlannedStep) -> Due:
    return due(
        commission.case_file,
        MILESTONE,
        row.key,
        due_on=row.ends_on,
        title=f"Timeline: {in_sentence(row.name)}",
        path=reverse("commissioning:timeline", args=[commission.pk]),
        holder=commission.case_file.holder,
    )


def milestones() -> Iterator[Due]:
    """Every milestone that should stand now: the proof of the rows.

    One stays until its gate is passed or its stage is over, however late it is.
    """
    passed = Gate.objects.filter(commission=OuterRef("commission"), number=OuterRef("gate"), state__in=selector.PASSED)
    rows = (
        PlannedStep.objects.filter(~Exists(passed), is_milestone=True, left_out_reason="")
        .exclude(commission__state__in=ENDED)
        .select_related("commission__case_file__holder")
        .order_by("pk")
    )
    order = [stage.value for stage in STAGES]
    for row in rows.iterator(chunk_size=500):
        state = row.commission.held_from or row.commission.state
        if state not in order or order.index(row.stage) >= order.index(state):
            yield _due_of(row.commission, row)
