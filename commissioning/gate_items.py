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
    register_handled(Handled("outcome_view", "Give your view of the target outcomes on their own page"))
    register_handled(Handled("gate_condition", "Say that the condition is met on the gate's own page"))
    register_handled(Handled("gate_deferral", "Take the gate up again on its own page"))
    register_item_kind(DECISION, DECISION, "Gate decisions")
    register_item_kind("gate_condition", "gate_condition", "Conditions of a gate")
    register_item_kind("outcome_view", "outcome_view", "Views of target outcomes")
    register_item_kind("gate_deferral", "gate_deferral", "Deferred gates")
    register_handled(Handled("urgent_paper", "Write the paper, or say what came of it, on the urgent route's page"))
    register_handled(Handled("urgent_advice", "Advise on the page of what is urgent"))
    register_item_kind("urgent_paper", "urgent_paper", "Papers owed after the urgent route")
