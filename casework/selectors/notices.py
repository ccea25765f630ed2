"""What people have been told: their notifications, and how many they have not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from casework.keyset import Key
from casework.models import CaseFile, OutboxMessage, Reminder
from organisation import clock
from organisation.formatting import day, in_days, moment
from organisation.models import Person

# Nobody needs to know how many more there are.
MOST_COUNTED = 99

_UNREAD = """
    SELECT COUNT(*) FROM (
        SELECT 1 FROM casework_outboxmessage told
        WHERE told.person_id = organisation_person.id AND told.is_notice AND told.read_at IS NULL
          AND (told.case_id IS NULL OR EXISTS (
                SELECT 1 FROM casework_casefile file
                JOIN organisation_organisation place ON place.id = file.organisation_id AND place.is_active
                JOIN organisation_membership held ON held.organisation_id = place.id
                     AND held.person_id = told.person_id AND held.starts_on <= %s
                     AND (held.ends_on IS NULL OR held.ends_on > %s)
                WHERE file.id = told.case_id AND NOT EXISTS (
                    SELECT 1 FROM casework_wall wall WHERE wall.person_id = told.person_id
                       AND wall.lifted_at IS NULL AND wall.case_file_id IN (file.id, file.root_id))))
        LIMIT %s
    ) counted
"""


@dataclass(frozen=True)
class Notice:
    """One notification as the page shows it."""

    pk: int
    at: datetime
    title: str
    why: str
    due: str
    when: str
    url: str
    is_unread: bool

    @property
    def key(self) -> Key:
        """Where it stands in the list."""
        return Key(self.at, self.pk)


def notices_of(person: Person) -> QuerySet[OutboxMessage]:
    """The messages to one person, with what their list shows of them; less those about cases they may not see."""
    case = CaseFile.objects.filter(pk=OuterRef("case_id"))
    return (
        OutboxMessage.objects.notices_of(person)
        .annotate(case_path=Subquery(case.values("path")[:1]))
        .select_related("reminder__deadline")
        .only(
            *("subject", "body", "path", "written_at", "read_at", "case_id", "reminder__why", "reminder__due_on"),
            *("reminder__deadline__due_on", "reminder__deadline__done_at", "reminder__deadline__is_paused"),
        )
    )


def shown(message: Any, today: date | None = None) -> Notice:
    """One message as its reader sees it: what, why, by when, and whether it is new."""
    why, due = message.body.partition("\n")[0], ""
    if message.reminder is not None:
        why = Reminder.Why(message.reminder.why).label
        due = _due_words(message.reminder.deadline, today or clock.today())
    return Notice(
        pk=message.pk,
        at=message.written_at,
        title=message.subject,
        why=why,
        due=due,
        when=moment(message.written_at),
        url=message.path or message.case_path or "",
        is_unread=message.read_at is None,
    )


def unread() -> RawSQL:
    """How many somebody has not read, up to one more than is ever shown; refers to the person's own row.

    The same rows as ``notices_of`` has, which a test holds it to. It is read with every request, and writing it out
    costs a quarter of what composing it anew each time would.
    """
    today = connection.ops.adapt_datefield_value(clock.today())
    return RawSQL(_UNREAD, [today, today, MOST_COUNTED + 1], output_field=IntegerField())  # noqa: S611 - no part of it comes from outside


def unread_words(person: Person) -> str:
    """The count beside the name of the page; it was read with the person, so it costs no statement."""
    count = getattr(person, "unread_notices", 0)
    if not count:
        return ""
    return f"{MOST_COUNTED}+ unread" if count > MOST_COUNTED else f"{count} unread"


def _due_words(deadline: Any, today: date) -> str:
    if deadline.done_at is not None:
        return "Done since"
    if deadline.is_paused:
        return "Stands still until a question is answered"
    verb = "Due" if deadline.due_on >= today else "Was due"
    return f"{verb} {day(deadline.due_on)}, {in_days(deadline.due_on, today)}"
