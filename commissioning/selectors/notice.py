"""When CCPS was told of a commission, whether that was late, who took it up, and what CCPS plans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from casework.clocks import local_day
from casework.models import WorkItem
from casework.states import ItemState
from commissioning.models import Commission, SourcingPlan
from organisation.formatting import day

EARLY_NOTICE = "early_notice"


def notice_of(commission: Commission, items: Iterable[WorkItem]) -> dict[str, Any] | None:
    """The early notice in words, from the commission's items; None where nobody had to be told."""
    item = next((row for row in items if row.kind == EARLY_NOTICE), None)
    if item is None:
        return None
    plan: SourcingPlan | None = getattr(commission, "sourcing_plan", None)
    if item.state == ItemState.ANSWERED and item.settled_at:
        who = item.settled_by.name if item.settled_by else "CCPS"
        taken_up = f"{who} on {day(local_day(item.settled_at))}"
    elif item.state == ItemState.CLOSED:
        taken_up = "No longer needed"
    else:
        taken_up = f"Not yet: {item.assignee.name} has it" if item.assignee else "Not yet: nobody has it"
    return {
        "is_late": item.is_late_ask,
        "rows": [
            ("CCPS told", day(local_day(item.opened_at)), ""),
            ("Acknowledged", taken_up, ""),
            ("Lead for CCPS", plan.lead.name if plan else "Not named yet", ""),
            ("Sourcing strategy by", day(plan.strategy_by) if plan and plan.strategy_by else "No date yet", ""),
        ],
    }
