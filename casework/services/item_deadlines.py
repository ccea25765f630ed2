"""The deadline of a work item: it follows the item's clock, stands still with it, and ends when the item is settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from casework.clocks import local_day
from casework.deadlines import Due, register_deadline_kind
from casework.handled import handled
from casework.models import WorkItem
from casework.services import deadlines
from casework.states import OUTSTANDING, ItemState
from organisation.roles import Role

WORK_ITEM = "work_item"

LEGAL_ITEM = "legal_item"

# Items whose reminders have timings of their own; what is with Legal has Legal's, and the rest that of any work item.
_kinds: dict[str, str] = {}


def register_item_kind(item_kind: str, kind: str, label: str) -> None:
    """Let the items of one kind be deadlines of a kind of their own."""
    _kinds[item_kind] = kind
    register_deadline_kind(kind, label, source=lambda: standing(kind))


def register_own() -> None:
    """Register the kinds that this room keeps for its items."""
    register_deadline_kind(WORK_ITEM, "Queue items and tasks", source=lambda: standing(WORK_ITEM))
    register_deadline_kind(LEGAL_ITEM, "Items with Legal", source=lambda: standing(LEGAL_ITEM))
    register_item_kind("early_notice", "early_notice", "Early notices")
    register_item_kind("procurement_request", "request", "Procurement requests (PRF)")
    register_item_kind("notice_due", "notice", "Notices to publish")


def kind_of(item: WorkItem) -> str:
    """The kind of deadline an item has."""
    with_legal = item.queue is not None and item.queue.role == Role.LEGAL
    return _kinds.get(item.kind, LEGAL_ITEM if with_legal else WORK_ITEM)


def due_of(item: WorkItem) -> Due | None:
    """What an outstanding item owes, and who: nothing where it has no clock.

    While a question waits and the clock runs on, it is the requester who holds things up and is reminded.
    """
    due_on = item.due_on or item.paused_since
    if due_on is None or item.state not in OUTSTANDING:
        return None
    requester_id = item.requested_by_id or item.case_file.holder_id
    return Due(
        case_file_id=item.case_file_id,
        organisation_id=item.organisation_id,
        kind=kind_of(item),
        key=str(item.pk),
        due_on=due_on,
        title=item.title,
        # What another room works is done on that room's page.
        path=(handled(item.kind) and item.path) or item.get_absolute_url(),
        holder_id=requester_id if item.state == ItemState.WAITING else item.assignee_id,
        requester_id=requester_id,
        queue_id=item.queue_id,
        since=local_day(item.opened_at),
        is_paused=item.paused_since is not None,
    )


def opened(items: Iterable[WorkItem]) -> None:
    """Write the deadlines of new items, however many, in one statement."""
    deadlines.add(found for item in items if (found := due_of(item)) is not None)


def moved(item: WorkItem) -> None:
    """Follow an item whose holder or clock has changed."""
    found = due_of(item)
    if found is not None:
        deadlines.put(found)


def settled(item: WorkItem) -> None:
    """End the deadline of an item that is answered or no longer needed."""
    deadlines.finish_deadline(item.case_file, kind_of(item), str(item.pk))


def standing(kind: str) -> Iterator[Due]:
    """Every deadline of a kind that the items now ask for: the proof of the rows."""
    rows = WorkItem.objects.outstanding().select_related("case_file", "queue").exclude(due_on=None, paused_since=None)
    if kind in (WORK_ITEM, LEGAL_ITEM):
        with_legal = Q(queue__role=Role.LEGAL, queue__isnull=False)
        rows = rows.exclude(kind__in=_kinds).filter(with_legal if kind == LEGAL_ITEM else ~with_legal)
    else:
        rows = rows.filter(kind__in=[item_kind for item_kind, its_kind in _kinds.items() if its_kind == kind])
    for item in rows.order_by("pk").iterator(chunk_size=500):
        found = due_of(item)
        if found is not None:
            yield found
