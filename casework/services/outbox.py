"""Writing mail with the act it tells of, and sending it afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q

from casework.models import CaseFile, OutboxMessage
from casework.models.outbox_message import fresh_message_id
from casework.services import digests
from organisation import clock
from organisation.models import Person

MOST_ATTEMPTS = 8


def post(
    person: Person, *, subject: str, body: str, kind: str, case_file: CaseFile | None = None, path: str = ""
) -> OutboxMessage:
    """Write one message to one person: a notification at once, and mail as they chose, if the transaction commits.

    ``path`` is the page it leads to; without one it leads to the case. Register ``kind`` in ``casework.topics``.
    """
    return _write(
        person.email,
        subject,
        person=person,
        kind=kind,
        body=body,
        path=path or (case_file.path if case_file else ""),
        case_id=case_file.pk if case_file else None,
    )


def post_outside(to_address: str, *, subject: str, body: str, kind: str, case_file: CaseFile) -> OutboxMessage:
    """Write one message to somebody without an account: mail if the transaction commits, and no notification."""
    return _write(to_address, subject, kind=kind, body=body, case_id=case_file.pk, is_notice=False)


def _write(to_address: str, subject: str, **fields: Any) -> OutboxMessage:
    now = clock.now()
    host = urlsplit(settings.SITE_URL).hostname or "gatehouse.invalid"
    return OutboxMessage.objects.create(
        message_id=fresh_message_id(host),
        to_address=to_address,
        subject=" ".join(subject.split())[:250],
        written_at=now,
        send_after=now,
        **fields,
    )


def send_waiting(limit: int = 200) -> int:
    """Send what waits, oldest first; says how many left.

    Each message is claimed by one conditional UPDATE that pushes it into the future, so two workers cannot both send
    it and a worker that dies leaves it to be tried again under the same Message-ID.
    """
    now = clock.now()
    ready = digests.make_ready(now)
    # The mail of people who had no turn yet goes with the next tick, and so does a reminder that has no text yet.
    waiting = (
        OutboxMessage.objects.filter(handling=OutboxMessage.Handling.MAIL, sent_at__isnull=True)
        .filter(Q(person_id__in=ready) | Q(person_id=None) | Q(attempts__gt=0))
        .filter(send_after__lte=now, attempts__lt=MOST_ATTEMPTS)
        .exclude(reminder__isnull=False, body="")
    )
    sent = 0
    for message in list(waiting.order_by("send_after", "id")[:limit]):
        claimed = OutboxMessage.objects.filter(pk=message.pk, sent_at__isnull=True, attempts=message.attempts).update(
            attempts=F("attempts") + 1, send_after=now + timedelta(minutes=2**message.attempts)
        )
        if claimed and _send(message):
            sent += 1
    return sent


def _send(message: OutboxMessage) -> bool:
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to_address],
        headers={"Message-ID": message.message_id},
        connection=get_connection(),
    )
    try:
        mail.send()
    except (OSError, ValueError) as fault:  # the server's refusals, and addresses that cannot be written in a header
        OutboxMessage.objects.filter(pk=message.pk).update(last_error=str(fault)[:300])
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(sent_at=clock.now(), last_error="")
    return True
