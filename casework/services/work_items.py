"""Asking things of queues and people, and what happens to what was asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from casework import door, notifications
from casework.audit import audited, record
from casework.clocks import Allowance, Clock, Tick, local_day, read_clock
from casework.lifecycle import effect_of
from casework.models import CaseFile, Look, Queue, WorkItem, WorkItemEvent
from casework.refusals import Refused
from casework.routing import Route
from casework.services import item_deadlines
from casework.states import OUTSTANDING
from organisation import clock
from organisation.actors import Actor, System
from organisation.models import Person
from organisation.working_days import holidays_of

Kind = WorkItemEvent.Kind


def open_routes(
    case_file: CaseFile, routes: Iterable[Route], *, by: Actor, ask: str = "", **details: Any
) -> list[WorkItem]:
    """Put a case into the queues that the rules name; what a rule has asked of this case once is not asked again.

    ``ask`` names the occasion ("gate:12", "request:7:2") where the same rule may ask more than once of one case.
    ``details`` go to every item: ``needed_by``, ``question``, ``path``, ``urgent_reason``.
    """
    routes = list(routes)
    if not routes:
        return []
    queues = {queue.key: queue for queue in Queue.objects.filter(framework_id=case_file.organisation.framework_id)}
    keys = [f"rule:{found.rule_key}:{ask}" if ask else f"rule:{found.rule_key}" for found in routes]
    asked = set(WorkItem.objects.filter(case_file=case_file, key__in=keys).values_list("key", flat=True))
    opened = []
    with audited(by=by):
        for found, key in zip(routes, keys, strict=True):
            if key in asked:
                continue
            opened.append(
                _open(
                    case_file,
                    by=by,
                    queue=queues[found.queue],
                    kind=found.item_kind,
                    key=key,
                    title=found.title,
                    asks=found.asks,
                    because=found.because,
                    allowance=found.within,
                    unit=found.unit,
                    question_effect=found.question_effect,
                    rule_key=found.rule_key,
                    rule_name=found.rule_name,
                    rules_number=found.rules_number,
                    soon_days=found.soon,
                    **details,
                )
            )
        item_deadlines.opened(opened)
    return opened


def open_item(
    case_file: CaseFile, *, by: Actor, kind: str, key: str, title: str, asks: str, **details: Any
) -> WorkItem:
    """Ask one thing of a queue (``queue``) or a person (``assignee``) about a case.

    ``needed_by`` is the date asked for and wins over the ``allowance``, which is counted in ``unit`` from today.
    """
    with audited(by=by):
        item = _open(case_file, by=by, kind=kind, key=key, title=title, asks=asks, **details)
        item_deadlines.opened([item])
        return item


def _open(
    case_file: CaseFile,
    *,
    by: Actor,
    kind: str,
    key: str,
    title: str,
    asks: str,
    queue: Queue | None = None,
    assignee: Person | None = None,
    needed_by: date | None = None,
    allowance: int | None = None,
    unit: str = "",
    question_effect: str = "none",
    **details: Any,
) -> WorkItem:
    with audited(by=by):
        now = clock.now()
        item = WorkItem(
            case_file=case_file,
            organisation_id=case_file.organisation_id,
            queue=queue,
            assignee=assignee,
            kind=kind,
            key=key,
            title=title[:200],
            asks=asks,
            needed_by=needed_by,
            allowance=allowance,
            unit=unit,
            question_effect=question_effect,
            requested_by=by if isinstance(by, Person) else case_file.holder,
            opened_at=now,
            **details,
        )
        _set_clock(item, needed_or_counted(item, []))
        item.save()
        WorkItemEvent.objects.create(item=item, kind=Kind.OPENED, at=now, by=by if isinstance(by, Person) else None)
        record(
            verb="workitem.open",
            subject=item,
            by=by,
            reason=item.because,
            rules_version=item.rules_number,
            changes={"queue": queue.name if queue else "", "due_on": item.due_on},
        )
        return item


def needed_or_counted(item: WorkItem, ticks: list[Tick]) -> Clock:
    """The clock of an item: counted from its start, or held to the date that was asked for."""
    started = local_day(item.opened_at)
    if item.needed_by is not None:
        ticks = [Tick("more_time", started, item.needed_by), *ticks]
    allowance = Allowance(item.allowance, item.unit or "calendar_days", item.question_effect)
    return read_clock(started, allowance, ticks, holidays_of("england"))


def recompute_clock(item: WorkItem) -> None:
    """Read the clock anew from the events and store what it says."""
    ticks = [
        Tick(event.kind, local_day(event.at), event.new_due)
        for event in item.events.filter(kind__in=[Kind.ASKED, Kind.REPLIED, Kind.MORE_TIME]).order_by("id")
    ]
    _set_clock(item, needed_or_counted(item, ticks))
    item.save(update_fields=["due_on", "paused_since", "left_when_paused"])
    item_deadlines.moved(item)


def _set_clock(item: WorkItem, reading: Clock) -> None:
    item.due_on = reading.due_on
    item.paused_since = reading.paused_since
    item.left_when_paused = reading.left_when_paused


def _note_event(item: WorkItem, kind: str, by: Actor, text: str = "", new_due: date | None = None) -> None:
    WorkItemEvent.objects.create(
        item=item, kind=kind, at=clock.now(), by=by if isinstance(by, Person) else None, text=text, new_due=new_due
    )


@effect_of(WorkItem, "assign")
def _assigned(item: WorkItem, *, by: Actor, note: str, assignee: Person, **_: Any) -> None:
    # The name stands in the event's own row of people, not in its text: a name can be erased.
    WorkItemEvent.objects.create(
        item=item, kind=Kind.ASSIGNED, at=clock.now(), by=by if isinstance(by, Person) else None, to=assignee
    )
    item_deadlines.moved(item)
    notifications.assigned(item, by)


@effect_of(WorkItem, "ask")
def _asked(item: WorkItem, *, by: Actor, note: str, text: str, **_: Any) -> None:
    _note_event(item, Kind.ASKED, by, text)
    recompute_clock(item)
    notifications.asked(item, by)


@effect_of(WorkItem, "reply")
def _replied(item: WorkItem, *, by: Actor, note: str, text: str, **_: Any) -> None:
    _note_event(item, Kind.REPLIED, by, text)
    recompute_clock(item)
    notifications.replied(item, by)


@effect_of(WorkItem, "respond")
def _answered(item: WorkItem, *, by: Actor, note: str, text: str = "", privileged: bool = False, **_: Any) -> None:
    _note_event(item, Kind.ANSWERED, by, "" if privileged else text)
    item_deadlines.settled(item)
    notifications.answered(item, by)


@effect_of(WorkItem, "more_time")
def _given_more_time(item: WorkItem, *, by: Actor, note: str, new_due: date, **_: Any) -> None:
    _note_event(item, Kind.MORE_TIME, by, note, new_due)
    recompute_clock(item)
    notifications.more_time(item, by, new_due)


@effect_of(WorkItem, "close")
def _closed(item: WorkItem, *, by: Actor, note: str, **_: Any) -> None:
    _note_event(item, Kind.CLOSED, by, note)
    item_deadlines.settled(item)


def give_more_time(
    item: WorkItem, *, new_due: date, reason: str, by: Person, act_id: uuid.UUID | None = None
) -> WorkItem:
    """Agree a later date, with a reason; the first date stays in the events."""
    outcome = door.carry_out(item, "more_time", by=by, act_id=act_id, note=reason, new_due=new_due)
    return cast(WorkItem, outcome.subject)


def assign_each(items: Iterable[WorkItem], assignee: Person, *, by: Person, act_id: uuid.UUID) -> tuple[int, list[str]]:
    """Give several items to one person; says how many were given, and in words why any was not.

    Each is an act of its own under a number made from the form's, so that a form sent twice gives nothing twice, and
    one that somebody else settled meanwhile does not hold up the rest.
    """
    given = 0
    refused: list[str] = []
    for item in items:
        try:
            door.carry_out(item, "assign", by=by, act_id=uuid.uuid5(act_id, str(item.pk)), assignee=assignee)
        except Refused as refusal:
            refused.append(f"{item.case_file.reference}: {refusal.words}")
        else:
            given += 1
    return given, refused


def note_look(item: WorkItem, person: Person) -> None:
    """Remember who has this item open, for colleagues to see. An access record: nothing depends on it."""
    now = clock.now()
    if not Look.objects.filter(item=item).update(person=person, at=now):
        Look.objects.bulk_create([Look(item=item, person=person, at=now)], ignore_conflicts=True)


def close_outstanding(case_file: CaseFile, *, because: str) -> int:
    """Take every outstanding item of a case and what hangs under it out of the queues; says how many."""
    items = WorkItem.objects.filter(state__in=OUTSTANDING).filter(
        case_file_id__in=CaseFile.objects.filter(root=case_file).values("pk")
    ) | WorkItem.objects.filter(state__in=OUTSTANDING, case_file=case_file)
    count = 0
    for item in items.select_related("case_file"):
        door.carry_out(item, "close", by=System(because=because), note=because)
        count += 1
    return count
