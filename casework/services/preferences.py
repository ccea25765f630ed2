"""What people set for themselves: what they have read, how their mail comes, and their calendar's address."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from casework.audit import audited, record
from casework.models import CalendarFeed, MailPreference, OutboxMessage
from casework.topics import TOPICS, Way
from organisation import clock
from organisation.models import Person


def mark_read(person: Person, pk: int | None = None, *, up_to: int | None = None) -> int:
    """Mark one of somebody's own notifications as read, or all up to the newest they saw; says how many were new."""
    rows = OutboxMessage.objects.filter(person=person, is_notice=True, read_at=None)
    if pk is not None:
        rows = rows.filter(pk=pk)
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    return rows.update(read_at=clock.now())


def choose_mail(person: Person, ways: Mapping[str, str]) -> None:
    """Set how somebody wants the mail of each topic. Raises ``ValueError`` for decisions switched off.

    A preference, so no trail is kept of it. What waits for the daily email still comes with it.
    """
    for topic, way in ways.items():
        if Way(way) is Way.OFF and not TOPICS[topic].can_be_off:
            raise ValueError(f"{TOPICS[topic].label} cannot be switched off")
    with transaction.atomic():
        MailPreference.objects.bulk_create(
            [MailPreference(person=person, topic=topic, way=way) for topic, way in ways.items()],
            update_conflicts=True,
            unique_fields=["person", "topic"],
            update_fields=["way"],
        )


def make_calendar(person: Person) -> CalendarFeed:
    """Give somebody a new secret calendar address; the one before works no more from now on."""
    with audited(by=person):
        Person.objects.select_for_update().get(pk=person.pk)
        now = clock.now()
        CalendarFeed.objects.filter(person=person, ended_at=None).update(ended_at=now)
        feed = CalendarFeed.objects.create(person=person, made_at=now)
        record(verb="calendar.make", subject=person, by=person)
        return feed


def end_calendar(person: Person) -> bool:
    """End somebody's calendar address; says whether there was one."""
    with audited(by=person):
        ended = CalendarFeed.objects.filter(person=person, ended_at=None).update(ended_at=clock.now())
        if ended:
            record(verb="calendar.end", subject=person, by=person)
        return bool(ended)
