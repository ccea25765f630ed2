"""Mail that leaves after the transaction that wrote it."""

from __future__ import annotations

import uuid

from django.db import models

from organisation.models import Person


class OutboxMessage(models.Model):
    """One message to one person. Written with the act it tells of, so nothing is sent for what was rolled back.

    ``message_id`` is fixed here: a mail cut off between acceptance and its mark goes again under the same Message-ID.
    This row is not a lifecycle; the sender changes it by conditional UPDATE.
    """

    message_id = models.CharField(max_length=120, unique=True)
    kind = models.SlugField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_address = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    case_id = models.BigIntegerField(null=True, blank=True)
    written_at = models.DateTimeField()
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["send_after", "id"], condition=models.Q(sent_at__isnull=True), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to_address}"


def fresh_message_id(host: str) -> str:
    """A Message-ID that will never be used for another message."""
    return f"<{uuid.uuid4()}@{host}>"
