"""The urgent route: taking it, advising on it, ending it, and what is owed because of it (framework 4.4)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from casework import door
from casework.audit import audited, record
from casework.blockers import Blocker
from casework.door import who_words
from casework.lifecycle import effect_of
from casework.models import WorkItem
from casework.refusals import AlreadyDone, Blocked, NotPermitted, Refused
from casework.services import work_items
from casework.states import OUTSTANDING, Answer
from commissioning.models import (
    Commission,
    CommissionActivity,
    OwedPaper,
    UrgencyGround,
    UrgentAdvice,
    UrgentRoute,
)
from commissioning.services import asking
from commissioning.services.gates import PAPERS, gate_of
from commissioning.services.values import locked_open, refuse
from commissioning.states import GATE_IN_HAND, ActivityState, GateState
from documents.models import Paper
from organisation import clock
from organisation.actors import Actor, System
from organisation.formatting import day
from organisation.models import Person
from organisation.permissions import may

URGENT, EMERGENCY = "urgent", "emergency_placement"
OWED = "urgent_paper"
ALLOW = "commission.allow_urgent"
ADVISE = {
    UrgentAdvice.Side.CCPS: "commission.advise_as_ccps",
    UrgentAdvice.Side.LEADERSHIP: "commission.advise_as_leadership",
}
SKIPPABLE = (ActivityState.PROPOSED, ActivityState.RELEVANT, ActivityState.IN_PROGRESS)


@dataclass(frozen=True)
class Owed:
    """Something put off: a paper by the key of its template, or a task in words, and the day it is owed by."""

    title: str
    due_on: date
    template_key: str = ""


def mark(
    commission: Commission,
    *,
    ground: UrgencyGround,
    explanation: str,
    unforeseen: str,
    fairness: str,
    accepted_risks: str,
    allowed_by: Person,
    by: Person,
    activities: Collection[int] = (),
    gates: Collection[int] = (),
    skips_request: bool = False,
    owed: Sequence[Owed] = (),
    act_id: uuid.UUID | None = None,
) -> UrgentRoute:
    """Put a commission on the urgent route: ground, reasons, who allowed it, what is skipped and what is owed when.

    The activities and gates named stay listed, as skipped; every skipped gate's paper is owed by a date. CCPS is
    asked for advice at once. Raises ``Blocked`` naming everything that is missing.
    """
    verb = "commission.urgent"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(commission, by=by, act=verb, verb=verb, stands="it is not made urgent")
        missing = list(_missing(commission, ground, unforeseen, fairness, allowed_by, gates, owed))
        if missing:
            refuse(Blocked(missing, "You cannot take the urgent route yet."), verb=verb, subject=commission, by=by)
        route = UrgentRoute.objects.create(
            commission=commission,
            ground=ground,
            explanation=explanation,
            unforeseen=unforeseen,
            fairness=fairness,
            accepted_risks=accepted_risks,
            skips_request=skips_request,
            allowed_by=allowed_by,
            allowed_on=clock.today(),
            marked_by=by,
        )
        skipped = _skip(commission, route, activities, gates)
        record(
            verb=verb,
            subject=commission,
            reason=explanation[:2000],
            changes={
                "ground": ground.name,
                "allowed_by_id": allowed_by.pk,
                "skipped": skipped + (["Gate 2, procurement request"] if skips_request else []),
                "owed": [f"{one.title} by {day(one.due_on)}" for one in owed],
            },
        )
        for one in owed:
            _owe(route, one, by)
        asking.fire(
            commission,
            EMERGENCY if ground.ccps_may_follow else URGENT,
            by=by,
            ask=_occasion(route),
            question=explanation,
            path=address(commission),
        )
        return route


def _missing(
    commission: Commission,
    ground: UrgencyGround,
    unforeseen: str,
    fairness: str,
    allowed_by: Person,
    gates: Collection[int],
    owed: Sequence[Owed],
) -> Iterator[Blocker]:
    if not commission.has_started:
        yield Blocker("start", "The commission has not started: start it first", path=commission.get_absolute_url())
    if commission.urgent_routes.filter(ended_at__isnull=True).exists():
        yield Blocker("urgent", "It is on the urgent route already")
    if ground.framework_id != commission.case_file.organisation.framework_id:
        yield Blocker("ground", "Ground: it is not one of this council's")
    if not unforeseen.strip():
        yield Blocker("unforeseen", "Why it could not be foreseen: not written")
    if not fairness.strip():
        yield Blocker("fairness", "How fairness, transparency and competition were considered: not written")
    if not may(allowed_by, ALLOW, commission):
        yield Blocker("allowed_by", f"{allowed_by.name} cannot allow this. {who_words(ALLOW, commission)}")
    promised = {one.template_key for one in owed}
    for number in gates:
        if PAPERS[number] not in promised:
            yield Blocker(f"gate_{number}", f"Gate {number}: say by when its paper is owed")
    for one in owed:
        if one.due_on < clock.today():
            yield Blocker("owed", f"{one.title}: the date has passed")


def _skip(commission: Commission, route: UrgentRoute, activities: Collection[int], gates: Collection[int]) -> list[str]:
    """Mark what is passed over; returns it in words."""
    because = f"Urgent route: {route.ground.name}"
    rows = list(
        CommissionActivity.objects.select_for_update(of=("self",))
        .filter(commission=commission, pk__in=activities, state__in=SKIPPABLE)
        .select_related("activity", "commission__case_file")
        .order_by("activity__order")
    )
    by = System(because=because)
    door.carry_out_each([(row, because) for row in rows], "skip_as_urgent", by=by)
    said = [row.activity.name for row in rows]
    for number in sorted(gates):
        gate = gate_of(commission, number)
        if gate.state in (GateState.NOT_REQUIRED, *GATE_IN_HAND):
            door.carry_out(gate, "skip_as_urgent", by=by, note=because)
            said.append(f"Gate {number}")
    return said


def _owe(route: UrgentRoute, wanted: Owed, by: Actor) -> None:
    """A task with its date, on whoever holds the commission."""
    commission = route.commission
    holder = commission.case_file.holder or route.marked_by
    row = OwedPaper.objects.create(
        route=route, template_key=wanted.template_key, title=wanted.title, due_on=wanted.due_on, holder=holder
    )
    work_items.open_item(
        commission.case_file,
        by=by,
        kind=OWED,
        key=_key(row),
        title=f"{row.title}: owed after the urgent route",
        asks="do",
        assignee=holder,
        needed_by=row.due_on,
        because=f"Put off on the urgent route: {route.ground.name}",
        path=address(commission),
    )


def advise(
    route: UrgentRoute,
    side: str,
    *,
    course_of_action: str,
    risk_assessment: str,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> UrgentAdvice:
    """Give one side's advice; later advice of the same side takes its place, and the earlier stays readable."""
    verb = "commission.urgent_advice"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{route.pk}:{side}"):
        commission = locked_open(
            route.commission, by=by, act=ADVISE[UrgentAdvice.Side(side)], verb=verb, stands="nobody advises on it"
        )
        _still_urgent(route, commission, verb, by)
        made = UrgentAdvice.objects.create(
            route=route, side=side, adviser=by, course_of_action=course_of_action, risk_assessment=risk_assessment
        )
        record(
            verb=verb,
            subject=commission,
            reason=course_of_action[:2000],
            changes={"side": made.get_side_display(), "risk": risk_assessment[:500]},
        )
        if side == UrgentAdvice.Side.CCPS:
            _answer(
                WorkItem.objects.filter(
                    case_file_id=commission.case_file_id,
                    kind="urgent_advice",
                    key__endswith=f":{_occasion(route)}",
                    state__in=OUTSTANDING,
                ),
                "CCPS advised on the urgent route",
                course_of_action,
            )
        return made


def end(route: UrgentRoute, *, because: str, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Say that it is urgent no longer. What was skipped stays listed as skipped; what is owed stays owed."""
    verb = "commission.urgent_ended"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(route.pk)):
        commission = locked_open(
            route.commission, by=by, act="commission.urgent", verb=verb, stands="it stands as it is"
        )
        _still_urgent(route, commission, verb, by)
        UrgentRoute.objects.filter(pk=route.pk).update(ended_at=clock.now(), ended_because=because[:500])
        record(verb=verb, subject=commission, reason=because)


def finish_owed(owed: OwedPaper, *, note: str, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Say what came of a task that was put off. A paper is done by submitting it, not here."""
    verb = "commission.owed_done"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(owed.pk)):
        commission = owed.route.commission
        if not may(by, "commission.edit", commission):
            refuse(NotPermitted(who_words("commission.edit", commission)), verb=verb, subject=commission, by=by)
        if owed.template_key:
            refuse(Refused("A paper that is owed is done by submitting it."), verb=verb, subject=commission, by=by)
        if not _finish(OwedPaper.objects.filter(pk=owed.pk), note, by):
            refuse(AlreadyDone("This was done before. Nothing was changed."), verb=verb, subject=commission, by=by)
        record(verb=verb, subject=commission, reason=note, changes={"owed": owed.title})


def _finish(rows: Any, note: str, by: Person | None) -> int:
    """Mark what is owed as done, and answer its tasks; returns how many."""
    found: Iterable[OwedPaper] = list(rows.filter(done_at__isnull=True).select_related("route__commission__case_file"))
    for row in found:
        OwedPaper.objects.filter(pk=row.pk).update(done_at=clock.now(), done_by=by, done_note=note[:500])
        items = WorkItem.objects.filter(case_file_id=row.case_file.pk, key=_key(row), state__in=OUTSTANDING)
        _answer(items, "What was owed is there", note)
    return len(list(found))


def _answer(items: Any, because: str, text: str) -> None:
    for item in items.select_related("case_file"):
        door.carry_out(
            item, "respond", by=System(because=because), answer=Answer.DONE, text=text[:2000], from_room=True
        )


def _still_urgent(route: UrgentRoute, commission: Commission, verb: str, by: Actor) -> None:
    route.refresh_from_db(fields=["ended_at"])
    if route.ended_at is not None:
        refuse(AlreadyDone("The urgent route has ended. Nothing was changed."), verb=verb, subject=commission, by=by)


def _occasion(route: UrgentRoute) -> str:
    return f"urgent:{route.pk}"


def _key(row: OwedPaper) -> str:
    return f"urgent_paper:{row.pk}"


def address(commission: Commission) -> str:
    """The page of the urgent route."""
    return reverse("commissioning:urgent", args=[commission.pk])


@effect_of(Paper, "submit")
def _paper_came(paper: Paper, *, by: Actor, note: str = "", **_: Any) -> None:
    """A paper that was owed is there."""
    if paper.label:
        return
    rows = OwedPaper.objects.filter(route__commission__case_file_id=paper.case_file_id, template_key=paper.template_key)
    _finish(rows, f"{paper.name} was submitted", by if isinstance(by, Person) else None)
