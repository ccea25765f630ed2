"""Taking needs that are not met over from the needs assessment into the gap analysis."""

from __future__ import annotations

import uuid

from casework.audit import audited, record
from commissioning.models import Commission
from commissioning.models.plan import Gap
from commissioning.selectors.open_needs import open_needs
from commissioning.services.values import locked_open
from organisation.models import Person

ACT = "activity.write"


def take_over_needs(commission: Commission, *, by: Person, act_id: uuid.UUID | None = None) -> int:
    """Make a gap of each of them, without an action yet; returns how many. A need is taken over once."""
    verb = "gaps.taken_over"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(commission, by=by, act=ACT, verb=verb, stands="its gaps stand")
        made = [
            Gap(
                commission=commission,
                area=Gap.Area.SERVICES,
                now=need.met_by or "Nothing meets it",
                wanted=f"{need.nature}, {need.extent}"[:300],
                gap=need.nature,
                need=need,
                recorded_by=by,
            )
            for need in open_needs(commission)
        ]
        Gap.objects.bulk_create(made)
        if made:
            record(verb=verb, subject=commission, changes={"needs": [gap.gap for gap in made]})
        return len(made)
