"""The activity plan: proposed by proportion, agreed by named people, worked, completed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework import door
from casework.audit import audited, record
from casework.blockers import Blocker
from casework.refusals import Blocked, NotPermitted, Refused, Stale
from casework.routing import Facts, Rules
from commissioning.models import Activity, Commission, CommissionActivity, PlanAgreement
from commissioning.proportion import column_of, proportion_of
from commissioning.services import asks, ownership, risk
from commissioning.services.values import locked_open, refuse
from commissioning.states import ENDED, ActivityState
from organisation import clock
from organisation.actors import System
from organisation.formatting import listed
from organisation.models import Person
from organisation.permissions import may

S = ActivityState


def propose(commission: Commission, facts: Facts, rules: Rules) -> None:
    """Lay out the whole catalogue for this commission, marking what the proportion suggests, with owners and days."""
    column = column_of(proportion_of(facts, rules))
    beforehand = ownership.beforehand(commission, facts, rules)
    catalogue = Activity.objects.in_force().filter(framework_id=commission.case_file.organisation.framework_id)
    CommissionActivity.objects.bulk_create(
        [
            CommissionActivity(
                commission=commission,
                activity=row,
                is_suggested=getattr(row, column) and (commission.may_buy or not row.is_buying),
                **beforehand.fields(row),
            )
            for row in catalogue
        ],
        ignore_conflicts=True,
    )


@dataclass(frozen=True)
class Choice:
    """Whether an activity is wanted, and why when that differs from what was suggested."""

    wanted: bool
    reason: str = ""


def agree(
    commission: Commission,
    choices: Mapping[int, Choice],
    *,
    participants: Iterable[Person],
    agreed_on: date,
    by: Person,
    others: str = "",
    note: str = "",
    act_id: uuid.UUID | None = None,
) -> PlanAgreement:
    """Agree the activity plan: mark each activity as relevant or not, and keep who agreed and when.

    What differs from the proposal needs a reason, unless it is under way. Activities that are begun or done keep
    their state when they stay wanted. Every activity must be decided.

    Raises ``Blocked`` naming everything that is missing, and ``Refused`` before the start and after the end.
    """
    verb = "commission.plan"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(commission, by=by, act="commission.edit", verb=verb, stands="its plan stands")
        if not commission.has_started:
            refuse(Refused("A draft has no activity plan: start it first."), verb=verb, subject=commission, by=by)
        rows = list(
            CommissionActivity.objects.select_for_update(of=("self",))
            .filter(commission=commission)
            .select_related("activity", "commission__case_file")
            .order_by("pk")
        )
        people = list(participants)
        missing = list(_missing(rows, choices, people))
        if missing:
            refuse(Blocked(missing, "You cannot agree the plan yet."), verb=verb, subject=commission, by=by)
        taken, left = [], []
        for row in rows:
            choice = choices.get(row.pk)
            if choice is None:
                continue
            reason = choice.reason.strip()
            if choice.wanted and (row.state in _TO_TAKE_IN or (row.state == S.RELEVANT and row.reason != reason)):
                taken.append((row, reason))
            reason = reason or NOT_SUGGESTED
            if not choice.wanted and (
                row.state in _TO_LEAVE_OUT or (row.state == S.NOT_RELEVANT and row.reason != reason)
            ):
                left.append((row, reason))
        door.carry_out_each(taken, "take_in", by=by)
        door.carry_out_each(left, "leave_out", by=by)
        PlanAgreement.objects.filter(commission=commission, reopened_at__isnull=True).update(
            reopened_at=clock.now(), reopened_because="Agreed anew"
        )
        agreement = PlanAgreement.objects.create(
            commission=commission, agreed_on=agreed_on, others=others, note=note, recorded_by=by
        )
        agreement.participants.set(people)
        record(
            verb="commission.plan_agreed",
            subject=commission,
            reason=note,
            changes={
                "participants": listed([person.name for person in people] + ([others] if others else [])),
                "agreed_on": agreed_on,
                "relevant": sum(choice.wanted for choice in choices.values()),
            },
        )
        return agreement


def _missing(
    rows: Iterable[CommissionActivity], choices: Mapping[int, Choice], people: Iterable[Person]
) -> Iterator[Blocker]:
    for row in rows:
        choice = choices.get(row.pk)
        if choice is None:
            if row.state == S.PROPOSED:
                yield Blocker(f"activity:{row.activity.key}", f"{row.activity.name}: say whether it is relevant")
        elif choice.wanted != row.is_suggested and not choice.reason.strip() and not _is_settled(row, choice):
            yield Blocker(f"activity:{row.activity.key}", f"{row.activity.name}: give a reason")
    if not people:
        yield Blocker("participants", "Participants: nobody named")


def _is_settled(row: CommissionActivity, choice: Choice) -> bool:
    """What is under way needs no reason to stay, and what is settled is not decided again."""
    return row.state in UNDER_WAY if choice.wanted else row.state in SETTLED


NOT_SUGGESTED = "Not in the proposed set for this value and risk"
SETTLED = (S.DONE, S.SKIPPED_URGENT)
UNDER_WAY = (S.IN_PROGRESS, *SETTLED)
_TO_TAKE_IN = (S.PROPOSED, S.NOT_RELEVANT)
_TO_LEAVE_OUT = (S.PROPOSED, S.RELEVANT, S.IN_PROGRESS)


#: What somebody who writes an output says nothing about stays as it is.
KEEP: Any = object()


def write_output(
    activity: CommissionActivity,
    *,
    output: str,
    output_link: str,
    version: int,
    by: Person,
    lead: Person | None = KEEP,
    due_on: date | None = KEEP,
    flags: Iterable[str] | None = None,
    act_id: uuid.UUID | None = None,
) -> CommissionActivity:
    """Keep what came of an activity; the first words begin it. Raises ``Stale`` when somebody else saved first.

    ``flags`` are its questions answered with yes (None leaves them as they are): a flag that is newly set asks the
    function that the rules name, at once.
    """
    with audited(by=by, act_id=act_id, verb="activity.output", subject=str(activity.pk)):
        activity = (
            CommissionActivity.objects.select_for_update(of=("self",))
            .select_related("activity", "commission__case_file", "lead")
            .get(pk=activity.pk)
        )
        if not may(by, "activity.write", activity):
            words = door.who_words("activity.write", activity)
            refuse(NotPermitted(words), verb="activity.output", subject=activity, by=by)
        if activity.version != version:
            raise Stale("Someone else saved this activity after you opened it.", {"What came of it": activity.output})
        commission = activity.commission
        if commission.state in ENDED:
            ended = Refused(f"This commission is {commission.get_state_display().lower()}, so its activities stand.")
            refuse(ended, verb="activity.output", subject=activity, by=by)
        if activity.state not in (S.RELEVANT, S.IN_PROGRESS):
            settled = Refused(f"This activity is marked “{activity.get_state_display()}”, so nothing was saved.")
            refuse(settled, verb="activity.output", subject=activity, by=by)
        lead = activity.lead if lead is KEEP else lead
        due_on = activity.due_on if due_on is KEEP else due_on
        before, changes = activity.output, _facts_changed(activity, lead, due_on)
        activity.output, activity.output_link = output, output_link
        activity.lead, activity.due_on = lead, due_on
        raised: list[str] = []
        if flags is not None:
            raised = sorted(set(flags) - set(activity.flags))
            activity.flags = sorted(set(flags))
        activity.version += 1
        activity.save()
        record(
            verb="activity.output",
            subject=activity,
            changes={"words": [len(before.split()), len(output.split())], "link": output_link, **changes},
        )
        if activity.state == S.RELEVANT and (output or output_link):
            activity = door.carry_out(activity, "begin", by=System(because="The first words were saved")).subject
        if raised:
            asks.raise_flags(activity, raised, by=by)
            _tick_risks(activity, raised)
        return activity


def _tick_risks(activity: CommissionActivity, raised: Iterable[str]) -> None:
    """A question of an activity may carry the key of a risk criterion: a yes there says that it applies."""
    because = f"{activity.activity.name} says so"
    for flag in raised:
        risk.tick(activity.commission, flag, f"{because}: {activity.output}", by=System(because=because))


def _facts_changed(activity: CommissionActivity, lead: Person | None, due_on: date | None) -> dict[str, list[Any]]:
    changes: dict[str, list[Any]] = {}
    if activity.lead_id != (lead.pk if lead else None):
        changes["lead_id"] = [activity.lead_id, lead.pk if lead else None]
    if activity.due_on != due_on:
        changes["due_on"] = [activity.due_on, due_on]
    return changes
