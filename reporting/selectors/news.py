"""What is news to one person: messages to them, what others changed on their cases, and how full their queues are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import NoReverseMatch, reverse

from casework.audit.sentences import actor_words, done_words, names_in, outside_walls, with_names
from casework.models import AuditEvent, CaseFile, OutboxMessage, Queue, WorkItem
from casework.querysets import visible_cases
from casework.rules import QUEUE_ROLES
from casework.states import OUTSTANDING
from commissioning.selectors.dossiers import counted_rows
from organisation import clock
from organisation.formatting import moment
from organisation.models import Person
from organisation.prepared import Prepared
from organisation.standing import standing_of
from reporting.selectors.thing_columns import Thing

MOST_NOTICES = 5
MOST_CHANGES = 6
# Small steps of one act that is told by itself: a plan that is agreed marks thirty activities.
NOT_NEWS = (
    *("commissionactivity.take_in", "commissionactivity.leave_out", "commissionactivity.begin"),
    *("paper.save", "workitem.assign", "export"),
)
# A person who leaves the page open over lunch has not gone away.
NEW_VISIT_AFTER = timedelta(hours=4)


@dataclass(frozen=True)
class Notice:
    """One message to this person."""

    title: str
    url: str
    note: str
    tag: tuple[str, str] | None = None


@dataclass(frozen=True)
class Change:
    """One thing that somebody else did on a case of this person's."""

    title: str
    url: str
    note: str
    tag: None = None


@dataclass(frozen=True)
class QueueCount:
    """A queue this person works: how much waits in it, and how much of that is late."""

    name: str
    url: str
    count: int
    overdue: int

    @property
    def note(self) -> str:
        """What waits, in words."""
        if not self.count:
            return "Nothing waits"
        waits = f"{self.count} {'waits' if self.count == 1 else 'wait'}"
        return f"{waits}, {self.overdue} overdue" if self.overdue else waits


def notices_for(person: Person) -> list[Notice]:
    """The latest messages to somebody, less those about cases they may no longer see. One statement."""
    return [
        Notice(subject, path or of_case or "", f"Sent {moment(written_at)}", None if read_at else ("Unread", "blue"))
        for subject, path, of_case, written_at, read_at in _TOLD.rows(person=person.pk)
    ]


def _told(person: int) -> QuerySet[Any]:
    case = CaseFile.objects.filter(pk=OuterRef("case_id")).values("path")[:1]
    rows = OutboxMessage.objects.notices_of(person).exclude(kind="account").annotate(of_case=Subquery(case))
    rows = rows.order_by("-written_at", "-pk")
    return rows.values_list("subject", "path", "of_case", "written_at", "read_at")[:MOST_NOTICES]


_TOLD: Prepared[Any] = Prepared(_told)


def begins_new_visit(visit: Thing | None) -> bool:
    """Whether somebody has been away long enough to have come back. A clock that was moved counts as away."""
    return visit is None or visit.at is None or abs(clock.now() - visit.at) > NEW_VISIT_AFTER


def last_here(visit: Thing | None) -> datetime | None:
    """When the visit before this one was."""
    if visit is None:
        return None
    return visit.at if begins_new_visit(visit) else visit.before


def changes_for(person: Person, cases: Collection[int], visit: Thing | None) -> tuple[str, list[Change]]:
    """What others did on somebody's cases since they were last here, newest first; the latest on a first visit.

    One statement, none for somebody without cases. The cases came through the person's own scope.
    """
    since = last_here(visit)
    if not cases:
        return (moment(since) if since else ""), []
    case = CaseFile.objects.filter(pk=OuterRef("case_id"))
    rows = (
        with_names(AuditEvent.objects.filter(outside_walls(person), root_case_id__in=cases, is_refusal=False))
        .filter(actor_id__isnull=False)
        .exclude(actor_id=person.pk)
        .exclude(verb__in=NOT_NEWS)
        .annotate(
            path=Subquery(case.values("path")[:1]),
            reference=Subquery(case.values("reference")[:1]),
            title=Subquery(case.values("title")[:1]),
        )
        .order_by("-at", "-id")
    )
    if since is not None:
        rows = rows.filter(at__gt=since)
    latest = list(rows[:MOST_CHANGES])
    names = names_in(latest)
    found = [
        Change(
            # The note names the case, so the sentence need not.
            title=f"{actor_words(row)} {done_words(row, names, CaseFile(pk=row.case_id, reference=row.reference))}",
            url=row.path or "",
            note=f"{row.reference} {row.title}, {moment(row.at)}",
        )
        for row in latest
    ]
    return (moment(since) if since else ""), found


def queues_for(person: Person) -> list[QueueCount]:
    """The queues somebody works, with what waits in each. One statement, none for somebody who works no queue."""
    held = [row for row in standing_of(person).roles_held if row.role in QUEUE_ROLES]
    if not held:
        return []
    theirs = Q()
    for row in held:
        works = Q(role=row.role, function=row.function) | Q(manager_role=row.role)
        theirs |= Q(framework__organisations=row.organisation_id) & works
    waiting = WorkItem.objects.filter(
        visible_cases(person),
        queue=OuterRef("pk"),
        organisation_id__in={row.organisation_id for row in held},
        state__in=OUTSTANDING,
    )
    rows = (
        Queue.objects.filter(theirs)
        .distinct()
        .annotate(waiting=counted_rows(waiting), late=counted_rows(waiting.filter(due_on__lt=clock.today())))
        .order_by("order", "pk")
    )
    return [
        QueueCount(name, _queue_url(key), count, late)
        for key, name, count, late in rows.values_list("key", "name", "waiting", "late")
    ]


def _queue_url(key: str) -> str:
    try:
        return reverse("casework:queue", args=[key])
    except NoReverseMatch:
        return ""
