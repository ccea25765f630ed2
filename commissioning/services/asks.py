"""Asking functions for help: on an activity, and Legal directly."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from casework.audit import audited, record
from casework.blockers import Blocker
from casework.door import who_words
from casework.models import WorkItem
from casework.refusals import Blocked, NotPermitted, Refused
from commissioning.models import Commission, CommissionActivity
from commissioning.services import asking
from commissioning.services.values import locked_open, refuse
from commissioning.states import ActivityState
from organisation import clock
from organisation.models import Person
from organisation.permissions import may
from organisation.roles import Role
from organisation.standing import standing_of

ACTIVITY_ASKED, ACTIVITY_ANSWER, LEGAL_ASKED = "activity_asked", "activity_answer", "legal_asked"
CCPS_ROLES = (Role.CCPS_OFFICER, Role.CCPS_MANAGER)


def ask_about(
    activity: CommissionActivity,
    *,
    function: str,
    question: str,
    needed_by: date,
    by: Person,
    urgent_reason: str = "",
    act_id: uuid.UUID | None = None,
) -> list[WorkItem]:
    """Ask a function, by the key of its queue, about an activity. The answer is shown on the activity's page.

    Raises ``Blocked`` when Legal is given too little time without an urgent reason (reading R6).
    """
    verb = "activity.asked"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(activity.pk)):
        commission = locked_open(
            activity.commission, by=by, act="commission.ask", verb=verb, stands="nobody is asked about it"
        )
        if activity.state in (ActivityState.NOT_RELEVANT, ActivityState.PROPOSED):
            not_done = Refused("This activity is not part of the plan, so nobody is asked about it.")
            refuse(not_done, verb=verb, subject=commission, by=by)
        _not_past(needed_by, commission, verb, by)
        earlier = WorkItem.objects.filter(
            case_file=commission.case_file, key__contains=f":activity:{activity.pk}:"
        ).count()
        opened = asking.fire(
            commission,
            ACTIVITY_ASKED,
            by=by,
            flags={f"asked_{function}"},
            ask=f"activity:{activity.pk}:{earlier + 1}",
            needed_by=needed_by,
            question=question,
            urgent_reason=urgent_reason,
            path=activity.get_absolute_url(),
        )
        record(verb=verb, subject=activity, changes={"function": [item.queue.name for item in opened if item.queue]})
        return opened


def ask_legal(
    commission: Commission,
    *,
    question: str,
    needed_by: date,
    by: Person,
    urgent_reason: str = "",
    act_id: uuid.UUID | None = None,
) -> list[WorkItem]:
    """Put a question to Legal directly; where a service area asks, the rules send CCPS a copy (framework 4.2)."""
    verb = "commission.legal_asked"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(commission, by=by, act="commission.ask", verb=verb, stands="nobody is asked about it")
        _not_past(needed_by, commission, verb, by)
        earlier = WorkItem.objects.filter(case_file=commission.case_file, key__contains=":legal:").count()
        opened = asking.fire(
            commission,
            LEGAL_ASKED,
            by=by,
            flags=() if _is_of_ccps(by, commission) else {"asked_by_service"},
            ask=f"legal:{earlier + 1}",
            needed_by=needed_by,
            question=question,
            urgent_reason=urgent_reason,
        )
        record(verb=verb, subject=commission, changes={"told": [item.queue.name for item in opened if item.queue]})
        return opened


def raise_flags(activity: CommissionActivity, flags: Iterable[str], *, by: Person) -> list[WorkItem]:
    """An answer on an activity raised these flags: ask whom the rules name, in the transaction that saved it.

    A flag that is raised again after it was lowered asks again.
    """
    if not may(by, "activity.write", activity):
        raise NotPermitted(who_words("activity.write", activity))
    return asking.fire(
        activity.commission,
        ACTIVITY_ANSWER,
        by=by,
        flags=frozenset(flags),
        ask=f"activity:{activity.pk}:v{activity.version}",
        path=activity.get_absolute_url(),
    )


def _is_of_ccps(person: Person, commission: Commission) -> bool:
    standing, organisation_id = standing_of(person), commission.case_file.organisation_id
    return any(standing.holds(role, organisation_id) for role in CCPS_ROLES)


def _not_past(needed_by: Any, commission: Commission, verb: str, by: Person) -> None:
    if needed_by < clock.today():
        past = Blocked([Blocker("needed_by", "Date the answer is needed: it has passed", anchor="id_needed_by")])
        refuse(past, verb=verb, subject=commission, by=by)
