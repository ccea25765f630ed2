"""Before mail leaves: what each person chose for it, and several reminders to one person made into one email."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from casework import reminder_words
from casework.models import MailPreference, OutboxMessage
from casework.models.outbox_message import fresh_message_id
from casework.querysets import MessageQuerySet
from casework.topics import Way, way_for
from organisation import clock
from organisation.working_days import ENGLAND, holidays_of, next_working_day

DAILY_AT = time(8, 0)
DIGEST = "digest"
Handling = OutboxMessage.Handling

# How many people's mail one tick makes ready. The next tick goes on.
_MOST_PEOPLE = 200
_MOST_OF_ONE = 200


class _TakenMeanwhile(Exception):
    """Another worker made the same email; ours is not wanted."""


def make_ready(now: datetime) -> list[int]:
    """Decide what becomes of every waiting message of the first people in line, and join what goes together.

    Returns those people: the mail of the others is not ready to leave.

    Safe to run twice and at once: each message changes by a conditional UPDATE, an email that joins several is
    written in the same transaction as the marks on them, and a reminder whose deadline was met meanwhile goes no more.
    """
    waiting = OutboxMessage.objects.filter(sent_at=None, attempts=0, send_after__lte=now, person__isnull=False).filter(
        handling__in=[Handling.MAIL, Handling.DAILY]
    )
    people = list(dict.fromkeys(waiting.order_by("send_after", "id").values_list("person_id", flat=True)[:1000]))
    people = people[:_MOST_PEOPLE]
    if not people:
        return []
    chosen = {
        (person_id, topic): way
        for person_id, topic, way in MailPreference.objects.filter(person_id__in=people).values_list(
            "person_id", "topic", "way"
        )
    }
    rows = _read(waiting.filter(person_id__in=people))
    for _, own in groupby(rows, key=lambda message: message.person_id):
        _make_ready_for_one(list(own)[:_MOST_OF_ONE], chosen, now)
    return people


def next_daily(now: datetime) -> datetime:
    """When the next daily email leaves: 8am on a working day."""
    local = now.astimezone(clock.LONDON)
    day = local.date() if local.time() < DAILY_AT else local.date() + timedelta(days=1)
    return datetime.combine(next_working_day(day, holidays_of(ENGLAND)), DAILY_AT, tzinfo=clock.LONDON)


def _read(rows: MessageQuerySet) -> Iterable[OutboxMessage]:
    about = ("reminder__policy", "reminder__deadline__case_file__holder", "reminder__deadline__queue")
    return rows.seen_marked().select_related("person", *about).order_by("person_id", "written_at", "id")


def _make_ready_for_one(messages: Sequence[OutboxMessage], chosen: dict[tuple[int, str], str], now: datetime) -> None:
    daily: list[OutboxMessage] = []
    at_once: list[OutboxMessage] = []
    for message in messages:
        way = way_for(message, chosen)
        if way == Way.OFF or not _is_still_wanted(message):
            _mark([message], handling=Handling.NOT_MAILED)
        elif message.handling == Handling.DAILY:
            daily.append(message)
        elif way == Way.DAILY:
            _mark([message], handling=Handling.DAILY, send_after=next_daily(now))
        elif message.reminder is not None:
            at_once.append(message)
    if daily:
        _join(daily, now, daily=True)
    if len(at_once) == 1:
        _write_alone(at_once[0], now)
    elif at_once:
        _join(at_once, now, daily=False)


def _is_still_wanted(message: OutboxMessage) -> bool:
    """Whether it may and need be told: an open account, a case still seen, and a deadline not met meanwhile."""
    if not message.is_notice:
        return True
    if message.person is None or not message.person.is_active or not message.is_seen:  # type: ignore[attr-defined]
        return False
    due = message.reminder.deadline if message.reminder is not None else None
    return due is None or (due.done_at is None and not due.is_paused)


def _mark(messages: Sequence[OutboxMessage], **changes: object) -> int:
    rows = OutboxMessage.objects.filter(pk__in=[message.pk for message in messages], sent_at=None, attempts=0)
    return rows.filter(handling__in=[Handling.MAIL, Handling.DAILY]).update(**changes)


def _write_alone(message: OutboxMessage, now: datetime) -> None:
    today = now.astimezone(clock.LONDON).date()
    subject, body = reminder_words.subject_of(message, today), reminder_words.body_of(message, today)
    _mark([message], subject=" ".join(subject.split()), body=body)


def _join(messages: Sequence[OutboxMessage], now: datetime, *, daily: bool) -> None:
    today = now.astimezone(clock.LONDON).date()
    first = messages[0]
    try:
        with transaction.atomic():
            digest = OutboxMessage.objects.create(
                message_id=fresh_message_id(urlsplit(settings.SITE_URL).hostname or "gatehouse.invalid"),
                kind=DIGEST,
                person=first.person,
                to_address=first.to_address,
                subject=" ".join(reminder_words.joint_subject(messages, today).split()),
                body=reminder_words.joint_body(messages, today, daily=daily),
                written_at=now,
                send_after=now,
                is_notice=False,
            )
            if _mark(messages, handling=Handling.CARRIED, digest=digest) != len(messages):
                raise _TakenMeanwhile
    except _TakenMeanwhile:
        return
