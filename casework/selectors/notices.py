"""What people have been told: their notifications, and how many they have not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from casework.keyset import Key
from casework.models import CaseFile, OutboxMessage, Reminder
from casework.querysets import CountUpTo
from organisation import clock
from organisation.formatting import day, in_days, moment
from organisation.models import Person

# Nobody needs to know how many more there are.
MOST_COUNTED = 99


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


def unread() -> CountUpTo:
    """How many somebody has not read, up to one more than is ever shown; refers to the person's own row."""
    rows = OutboxMessage.objects.filter(person_id=OuterRef("pk"), is_notice=True, read_at=None).still_seen()
    return CountUpTo(rows.order_by().values("pk")[: MOST_COUNTED + 1])


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
