"""The mark on gates that were approved on other facts."""

from __future__ import annotations

from commissioning.models import Commission, Gate
from commissioning.states import GateState
from organisation import clock


def mark_facts_changed(commission: Commission, because: str) -> int:
    """Say on every approved gate that value, scope or risk has moved since; nothing is undone by that."""
    rows = Gate.objects.filter(commission=commission, state=GateState.APPROVED)
    return rows.update(facts_changed_at=clock.now(), facts_changed_because=because[:300])
