"""What people are told: each message is shown in Gatehouse at once and leaves as mail after its transaction."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casework.models.reminder import Reminder
from casework.querysets import MessageQuerySet
from organisation.models import Person


class OutboxMessage(models.Model):
    """One message to one person. Written with the act it tells of, so nothing is sent for what was rolled back.

    ``message_id`` is fixed here: a mail cut off between acceptance and its mark goes again under the same Message-ID.
    This row is not a lifecycle; the sender changes it by conditional UPDATE. ``is_notice`` messages are the person's
    notifications; digests and account mail are not. A reminder's text is written when it leaves, because several to
    one person leave as one: they are then ``carried`` by the ``digest``.
    """

    class Handling(models.TextChoices):
        """What becomes of the mail."""

        MAIL = "mail", "Goes by itself"
        DAILY = "daily", "Waits for the daily email"
        CARRIED = "carried", "Went in a joint email"
        NOT_MAILED = "not_mailed", "Shown in Gatehouse only"

    message_id = models.CharField(max_length=120, unique=True)
    kind = models.SlugField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_address = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    path = models.CharField(max_length=200, blank=True, default="")
    case_id = models.BigIntegerField(null=True, blank=True)
    reminder = models.OneToOneField(Reminder, on_delete=models.PROTECT, null=True, blank=True, related_name="message")
    written_at = models.DateTimeField()
    send_after = models.DateTimeField()
    handling = models.CharField(max_length=10, choices=Handling.choices, default=Handling.MAIL)
    digest = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="carries")
    is_notice = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["send_after", "id"],
                condition=Q(sent_at__isnull=True, handling__in=["mail", "daily"]),
                name="outbox_waiting",
            ),
            models.Index(
                fields=["person", "send_after", "id"],
                condition=Q(sent_at__isnull=True, handling__in=["mail", "daily"]),
                name="outbox_waiting_of_person",
            ),
            models.Index(
                fields=["person", "-written_at", "-id"], condition=Q(is_notice=True), name="notices_of_person"
            ),
            models.Index(
                fields=["person", "id"], condition=Q(is_notice=True, read_at__isnull=True), name="notices_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to_address}"


def fresh_message_id(host: str) -> str:
    """A Message-ID that will never be used for another message."""
    return f"<{uuid.uuid4()}@{host}>"
