"""Changing how much a commission matters beside other work."""

from __future__ import annotations

import uuid

from casework.audit import audited, record
from commissioning.models import Commission
from commissioning.services.values import locked_open
from organisation.models import Person


def change_priority(
    commission: Commission, *, priority: int, reason: str, by: Person, act_id: uuid.UUID | None = None
) -> Commission:
    """Set the priority and say why; the one before stays in the history. Raises ``Refused`` once it has ended."""
    verb = "commission.priority"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(
            commission, by=by, act="commission.prioritise", verb=verb, stands="its priority stands"
        )
        before = commission.get_priority_display() or "not set"
        commission.priority, commission.priority_reason = priority, reason
        commission.save(update_fields=["priority", "priority_reason"])
        now = str(commission.get_priority_display())
        record(verb=verb, subject=commission, reason=reason, changes={"priority": [before, now]})
        return commission
