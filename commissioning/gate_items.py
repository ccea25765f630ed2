"""Tasks that are done on a gate's page: deciding, meeting a condition, looking at a deferred gate again."""

from __future__ import annotations

from casework.blockers import Blocker
from casework.handled import Handled, register_handled
from casework.lifecycle import exit_check
from casework.models import WorkItem
from casework.services.item_deadlines import register_item_kind

DECISION = "gate_decision"


@exit_check(WorkItem, "assign")
def _stays_with_the_approver(item: WorkItem) -> list[Blocker]:
    """A view on a gate cannot be handed to somebody else; cover is for that."""
    if item.kind != DECISION:
        return []
    return [Blocker("assignee", "A decision on a gate stays with the person asked. Somebody absent sets cover instead")]


def register_own() -> None:
    """Say where these tasks are done, and give each its own kind of deadline."""
    register_handled(Handled(DECISION, "Give your view on the gate's own page"))
    register_handled(Handled("gate_condition", "Say that the condition is met on the gate's own page"))
    register_handled(Handled("gate_deferral", "Take the gate up again on its own page"))
    register_item_kind(DECISION, DECISION, "Gate decisions")
    register_item_kind("gate_condition", "gate_condition", "Conditions of a gate")
    register_item_kind("gate_deferral", "gate_deferral", "Deferred gates")
