"""Payment set-up: asked of Finance when a contract is awarded; their answer finishes the council's task."""

from __future__ import annotations

from typing import Any

from casework.audit import record
from casework.lifecycle import effect_of
from casework.models import WorkItem
from casework.services import deadlines, work_items
from casework.states import ItemState
from commissioning.models import Commission
from commissioning.services import asking
from contracts.models import Contract, MobilisationTask
from contracts.selectors.due import TASK, task_key
from organisation import clock
from organisation.actors import Actor
from organisation.models import Person

# The kind of item by which the rules ask Finance, and the task that its answer finishes.
ITEM_KIND = "payment_setup"
TASK_KEY = "payment_set_up"


def ask(contract: Contract, *, by: Actor) -> list[WorkItem]:
    """Put what the rules ask at an award into the queues, on the contract's own file, needed by its start.

    Below the value that the rules name nothing is asked, and the task stays with its owner.
    """
    commission = Commission.objects.select_related("case_file__organisation__framework", "rules_version").get(
        pk=contract.commission_id
    )
    routes, _ = asking.routes_for(commission, "award")
    return work_items.open_routes(
        contract.case_file,
        routes,
        by=by,
        ask=f"contract:{contract.pk}",
        needed_by=contract.starts_on,
        path=contract.get_absolute_url(),
    )


def asked_for(contract: Contract) -> WorkItem | None:
    """What Finance was asked about this contract, unless it was withdrawn: one statement."""
    rows = WorkItem.objects.filter(case_file_id=contract.case_file_id, kind=ITEM_KIND)
    return rows.exclude(state=ItemState.CLOSED).select_related("settled_by").order_by("-pk").first()


@effect_of(WorkItem, "respond")
def _finance_answered(
    item: WorkItem, *, by: Actor, note: str, text: str = "", privileged: bool = False, **_: Any
) -> None:
    """Finance has answered, so the task on the plan is done, in the same transaction."""
    if item.kind != ITEM_KIND:
        return
    rows = MobilisationTask.objects.select_for_update(of=("self",)).select_related("case_file")
    for task in rows.filter(asked=item, done_at__isnull=True):
        task.done_at, task.done_by = clock.now(), by if isinstance(by, Person) else None
        task.output = "" if privileged else text[:500]
        task.version += 1
        task.save(update_fields=["done_at", "done_by", "output", "version"])
        deadlines.finish_deadline(task.case_file, TASK, task_key(task))
        record(verb="mobilisation.finish", subject=task, reason=task.output, changes={"Task": [task.title, "done"]})
