"""Where mail goes when no mail server is configured: into the outbox table, which the demonstration shows as a page."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from casework.models import OutboxMessage
from casework.models.outbox_message import fresh_message_id
from organisation import clock
from organisation.models import Person


class OutboxBackend(BaseEmailBackend):
    """Keeps each mail as an outbox row that has left at once.

    Mail of our own services has its row already and is only counted; mail of the accounts pages (a password reset)
    gets one here.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what Django gives any backend; there is no server to configure."""
        super().__init__(*args, **kwargs)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the messages that have no row yet; returns how many were taken."""
        for message in email_messages:
            own_id = message.extra_headers.get("Message-ID", "")
            if own_id and OutboxMessage.objects.filter(message_id=own_id).exists():
                continue
            self._store(message)
        return len(email_messages)

    def _store(self, message: EmailMessage) -> None:
        now = clock.now()
        for address in message.recipients():
            plain = parseaddr(address)[1]
            OutboxMessage.objects.create(
                message_id=fresh_message_id("gatehouse.invalid"),
                kind="account",
                person=Person.objects.filter(email=plain.lower()).first(),
                to_address=plain,
                subject=" ".join(str(message.subject).split())[:250],
                body=str(message.body),
                written_at=now,
                send_after=now,
                attempts=1,
                sent_at=now,
                is_notice=False,
            )
