"""Who owns each activity of the plan, and when it runs: set beforehand when the plan is laid out, changed by name."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, Subquery

from casework import door
from casework.audit import audited, record
from casework.refusals import NotPermitted, Refused, Stale
from casework.reminder_days import add_months
from casework.routing import Facts, Rules
from commissioning.models import Activity, Commission, CommissionActivity, PlannedStep, SourcingPlan
from commissioning.selectors import timeline
from commissioning.services.values import locked_open, refuse
from commissioning.states import STAGES, ActivityState, CommissionState
from commissioning.timeline import forward_from
from organisation import clock
from organisation.formatting import counted
from organisation.models import Membership, Person
from organisation.permissions import may
from organisation.roles import Role
from organisation.working_days import ENGLAND, holidays_of

WANTED = (ActivityState.RELEVANT, ActivityState.IN_PROGRESS)
CCPS = (Role.CCPS_MANAGER, Role.CCPS_OFFICER)
Owner = Activity.Owner
FIRST_YEAR = 12


@dataclass(frozen=True)
class Beforehand:
    """Who usually owns what each function leads, and the days of each stage: what a new plan begins with."""

    owners: Mapping[str, int | None]
    spans: Mapping[str, tuple[date, date]]

    def fields(self, activity: Activity) -> dict[str, Any]:
        """Owner and planned days of one activity of the catalogue."""
        span = self.spans.get(activity.stage)
        first, last = _from_today(span) if span else (None, None)
        return {"lead_id": self.owners[activity.owner], "starts_on": first, "due_on": last}


def _from_today(span: tuple[date, date]) -> tuple[date, date]:
    """Worked back from the day of need, the start of a stage may be behind us."""
    first, last = span
    return max(first, min(clock.today(), last)), last


def beforehand(commission: Commission, facts: Facts, rules: Rules) -> Beforehand:
    """What a plan that is laid out now begins with, in two statements.

    The commissioner owns what the service area leads. What CCPS leads goes to whoever plans the sourcing, or to the
    manager of CCPS until somebody is named; what a contract manager leads to one of the service area, or to the
    commissioner until there is one. The days are those of the stage on the commission's timeline.
    """
    return Beforehand(_usual_owners(commission), _days_of_stages(commission, facts, rules))


def _usual_owners(commission: Commission) -> dict[str, int | None]:
    case = commission.case_file
    here = Q(service_area__isnull=True) | Q(service_area_id=case.service_area_id)
    held = Membership.objects.in_force().filter(here, organisation_id=case.organisation_id, person__is_active=True)
    rows = held.filter(role__in=[*CCPS, Role.CONTRACT_MANAGER]).order_by("person__name", "person_id")
    planner = SourcingPlan.objects.filter(commission=commission).values("lead_id")[:1]
    found: dict[str, int] = {}
    planned_by: int | None = None
    for role, person, planned_by in rows.annotate(planner=Subquery(planner)).values_list(  # noqa: B007
        "role", "person_id", "planner"
    ):
        found.setdefault(role, person)
    pool = next((found[role] for role in CCPS if role in found), None)
    return {
        Owner.SERVICE: case.holder_id,
        Owner.CCPS: planned_by or pool,
        Owner.CONTRACT_MANAGER: found.get(Role.CONTRACT_MANAGER, case.holder_id),
    }


def _days_of_stages(commission: Commission, facts: Facts, rules: Rules) -> dict[str, tuple[date, date]]:
    """The first and last day of each stage: worked back from the day of need, or on from today where none is set."""
    spans: list[tuple[str, date, date]] = []
    if commission.needed_by is not None:
        spans = [
            (row.stage, row.starts_on, row.ends_on) for row in timeline.planned(commission) if not row.left_out_reason
        ]
    # Where the day of need leaves a stage less than no time, its days would have passed before the plan was agreed.
    done = STAGES[: STAGES.index(commission.state)] if commission.state in STAGES else ()
    if not spans or any(last < clock.today() for stage, _, last in spans if stage not in done):
        seen = timeline.outlook(rules, facts, buys=commission.may_buy)
        steps = timeline.steps_for(commission.case_file.organisation.framework_id, seen)
        ahead = forward_from(clock.today(), steps, holidays_of(ENGLAND))
        spans = [(step.stage, ahead[step.key].starts_on, ahead[step.key].ends_on) for step in steps]
    return _by_stage(spans)


def _by_stage(spans: Iterable[tuple[str, date, date]]) -> dict[str, tuple[date, date]]:
    """The first and last day of each stage, out of its steps; Review is planned for the first year of the service."""
    found: dict[str, tuple[date, date]] = {}
    for stage, first, last in spans:
        so_far = found.get(stage, (first, last))
        found[stage] = (min(so_far[0], first), max(so_far[1], last))
    if found and CommissionState.REVIEW not in found:
        # The timeline ends when the service runs.
        runs_from = max(last for _, last in found.values()) + timedelta(days=1)
        found[CommissionState.REVIEW] = (runs_from, add_months(runs_from, FIRST_YEAR))
    return found


def stages_of(steps: Iterable[PlannedStep]) -> dict[str, tuple[date, date]]:
    """The first and last day of each stage, out of the steps of a timeline that are not left out."""
    return _by_stage((row.stage, row.starts_on, row.ends_on) for row in steps if not row.left_out_reason)


def follow_timeline(
    commission: Commission, before: Mapping[str, tuple[date, date]], after: Mapping[str, tuple[date, date]]
) -> int:
    """Move the days of activities that are not begun, as their stage moved from ``before`` to ``after``.

    Only of those that still end with their stage: a day that somebody chose stays. Says how many moved; in the
    transaction and the record of whatever moved the timeline.
    """
    rows = CommissionActivity.objects.filter(commission=commission, state=ActivityState.RELEVANT, due_on__isnull=False)
    moved = []
    for row in rows.select_related("activity"):
        was, now = before.get(row.activity.stage), after.get(row.activity.stage)
        if was and now and row.due_on == was[1] and was != now:
            row.starts_on, row.due_on = _from_today(now)
            row.version += 1
            moved.append(row)
    CommissionActivity.objects.bulk_update(moved, ["starts_on", "due_on", "version"])
    return len(moved)


def change_lead(
    activity: CommissionActivity,
    *,
    led_by: str,
    lead: Person,
    starts_on: date | None,
    due_on: date | None,
    reason: str,
    version: int,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> CommissionActivity:
    """Say who leads one activity, who owns it by name, and when it runs. Raises ``Stale`` when somebody was first."""
    verb = "activity.lead"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(activity.pk)):
        locked_open(activity.commission, by=by, act="activity.write", verb=verb, stands="its plan stands")
        row = CommissionActivity.objects.select_related("activity", "commission__case_file", "lead").get(pk=activity.pk)
        if row.version != version:
            theirs = {"Owner": row.lead.name if row.lead else "Nobody yet"}
            raise Stale("Someone else changed this activity after you opened it.", theirs)
        if row.state not in WANTED:
            words = f"This activity is marked “{row.get_state_display()}”, so who leads it stands."
            refuse(Refused(words), verb=verb, subject=row, by=by)
        changes: dict[str, Any] = {}
        given = {"lead_id": lead.pk, "starts_on": starts_on, "due_on": due_on}
        if row.leader != led_by:
            changes["led by"] = [str(Owner(row.leader).label), str(Owner(led_by).label)]
        changes |= {name: [getattr(row, name), value] for name, value in given.items() if getattr(row, name) != value}
        if not changes:
            return row
        row.led_by, row.lead, row.starts_on, row.due_on = led_by, lead, starts_on, due_on
        row.version += 1
        row.save(update_fields=["led_by", "lead", "starts_on", "due_on", "version"])
        record(verb=verb, subject=row, reason=reason, changes=changes)
        return row


def hand_over(
    commission: Commission,
    *,
    led_by: str,
    owner: Person,
    every: bool,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> int:
    """Name one owner for what a function leads and nobody owns yet, or for all of it; says how many there were."""
    verb = "commission.owners"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{commission.pk}:{led_by}"):
        commission = locked_open(commission, by=by, act="activity.write", verb=verb, stands="its plan stands")
        if not may(by, "activity.write", commission):
            refuse(NotPermitted(door.who_words("activity.write", commission)), verb=verb, subject=commission, by=by)
        rows = [
            row
            for row in CommissionActivity.objects.filter(commission=commission, state__in=WANTED)
            .select_related("activity", "lead")
            .order_by("activity__order", "pk")
            if row.leader == led_by and row.lead_id != owner.pk and (every or row.lead_id is None)
        ]
        for row in rows:
            row.lead = owner
            row.version += 1
        CommissionActivity.objects.bulk_update(rows, ["lead", "version"])
        if rows:
            changes = {"owner": owner.name, "activities": _named(rows), "led by": str(Owner(led_by).label)}
            record(verb=verb, subject=commission, changes=changes)
        return len(rows)


def follow_sourcing_lead(commission: Commission, lead: Person, *, before: int | None) -> int:
    """Give what CCPS leads to whoever leads the sourcing from now on; says how many activities that were.

    Those are what nobody owned, what the lead ``before`` (by number) owned, and what CCPS's managers held until
    somebody was named. What was given to another person by name stays with that person. One statement, in the
    transaction and the record of whatever named the lead.
    """
    managers = Membership.objects.in_force().filter(
        role=Role.CCPS_MANAGER, organisation_id=commission.case_file.organisation_id
    )
    rows = CommissionActivity.objects.filter(commission=commission, state__in=WANTED).filter(
        Q(led_by=Owner.CCPS) | Q(led_by="", activity__owner=Owner.CCPS),
        Q(lead=None) | Q(lead_id=before) | Q(lead__in=managers.values("person")),
    )
    return rows.exclude(lead=lead).update(lead=lead, version=F("version") + 1)


def _named(rows: Iterable[CommissionActivity]) -> str:
    names = [row.activity.name for row in rows]
    return f"{counted(len(names), 'activity', 'activities')}: {', '.join(names)}"
