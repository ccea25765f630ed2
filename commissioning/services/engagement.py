"""What is written of engagement beside the log itself: why nobody is asked at a stage."""

from __future__ import annotations

import uuid

from django.urls import reverse

from casework.audit import audited, record
from casework.models import Queue, WorkItem
from casework.services import work_items
from commissioning.models import Commission, Engagement, StageWithoutEngagement
from commissioning.services.values import locked_open
from organisation import clock
from organisation.actors import System
from organisation.models import Person

DIRECT_CONTACT = "direct_contact"
CCPS = "ccps"


def entry_saved(row: Engagement) -> None:
    """What follows an entry: CCPS is told of a talk with bidders outside structured engagement, once."""
    if not row.is_held or not row.direct_contact_reason:
        return
    case = row.commission.case_file
    key = f"{DIRECT_CONTACT}:{row.pk}"
    queue = Queue.objects.filter(framework_id=case.organisation.framework_id, key=CCPS).first()
    if queue is None or WorkItem.objects.filter(case_file=case, key=key).exists():
        return
    work_items.open_item(
        case,
        by=row.recorded_by or System(because="A talk with a bidder was written down"),
        kind=DIRECT_CONTACT,
        key=key,
        title=f"A bidder was met outside structured engagement: {row.title}",
        asks="inform",
        queue=queue,
        because="While the market is asked, bidders are met only in structured engagement.",
        question=row.direct_contact_reason,
        path=reverse("commissioning:engagement", args=[row.commission_id]),
    )


def give_reason(
    commission: Commission, *, stage: str, reason: str, by: Person, act_id: uuid.UUID | None = None
) -> StageWithoutEngagement:
    """Say why nobody is asked at a stage. A second reason takes the place of the first; the history keeps both."""
    verb = "commission.no_engagement"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{commission.pk}:{stage}"):
        commission = locked_open(commission, by=by, act="activity.write", verb=verb, stands="its engagement log stands")
        row, _ = StageWithoutEngagement.objects.update_or_create(
            commission=commission,
            stage=Engagement.Stage(stage).value,
            defaults={"reason": reason, "recorded_by": by, "recorded_at": clock.now()},
        )
        record(verb=verb, subject=commission, reason=reason, changes={"stage": str(row.get_stage_display())})
        return row
