"""The messages of a work item: who is told, and in which words. Written with the act, sent after it."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from casework.handled import handled
from casework.models import WorkItem
from casework.querysets import people_seeing
from casework.services import outbox
from organisation.actors import Actor, System
from organisation.formatting import day
from organisation.models import Person


def assigned(item: WorkItem, by: Actor) -> None:
    """Tell whoever was given an item, unless they took it themselves."""
    due = f" by {day(item.due_on)}" if item.due_on else ""
    _tell(
        item.assignee,
        item,
        by,
        kind="item_assigned",
        act=f"Answer{due}",
        why="You were given this to answer.",
        otherwise="If you do nothing it stays with you, and shows as overdue after its date.",
    )


def asked(item: WorkItem, by: Actor) -> None:
    """Tell whoever asked for the item that a question waits for them."""
    room = handled(item.kind)
    if room is not None and room.tells:
        return
    paused = "The clock stands still until you reply." if item.paused_since else "The clock runs on meanwhile."
    _tell(
        _requester(item),
        item,
        by,
        kind="item_question",
        act="Reply to a question",
        why=f"{_by(item, by)} has a question about what you asked for.",
        otherwise=f"If you do nothing they cannot go on. {paused}",
    )


def replied(item: WorkItem, by: Actor) -> None:
    """Tell whoever asked the question that the reply is there."""
    _tell(
        item.assignee,
        item,
        by,
        kind="item_reply",
        act="Read the reply",
        why="You asked a question and the requester has replied.",
        otherwise="The clock runs again: if you do nothing it shows as overdue after its date.",
    )


def answered(item: WorkItem, by: Actor) -> None:
    """Tell whoever asked that a person has answered. What it says stands on the page, for those who may read it."""
    room = handled(item.kind)
    if isinstance(by, System) or (room is not None and room.tells):
        return
    _tell(
        _requester(item),
        item,
        by,
        kind="item_answered",
        act="Answered",
        why=f"{_by(item, by)} has answered what you asked for.",
        otherwise="You need do nothing if the answer settles it.",
    )


def more_time(item: WorkItem, by: Actor, new_due: date) -> None:
    """Tell whoever asked that the answer comes later."""
    _tell(
        _requester(item),
        item,
        by,
        kind="item_more_time",
        act=f"Answer now due {day(new_due)}",
        why=f"{_by(item, by)} needs longer to answer what you asked for.",
        otherwise="You need do nothing unless the new date is too late for you.",
    )


def _requester(item: WorkItem) -> Person | None:
    return item.requested_by or item.case_file.holder


def _by(item: WorkItem, by: Actor) -> str:
    return item.queue.name if item.queue else str(by)


def _tell(person: Person | None, item: WorkItem, by: Actor, *, kind: str, act: str, why: str, otherwise: str) -> None:
    """Write one message, unless there is nobody, they did it themselves, or they may not see the case."""
    if person is None or person == by or not person.is_active:
        return
    case = item.case_file
    if not people_seeing(case).filter(pk=person.pk).exists():
        return
    contact = item.queue.name if item.queue else "whoever sent you this"
    outbox.post(
        person,
        kind=kind,
        subject=f"{act}: {case.reference} {case.title}",
        body=(
            f"{why}\n\n{item.title}\n{case.reference} {case.title}\n\n"
            f"{settings.SITE_URL}{item.get_absolute_url()}\n\n"
            f"{otherwise}\n\nQuestions go to {contact}, quoting {case.reference}.\n"
        ),
        case_file=case,
        path=item.get_absolute_url(),
    )
