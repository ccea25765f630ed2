"""How each person wants to be told, and the secret address of their calendar."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from organisation.models import Person


class MailPreference(models.Model):
    """How one person wants the mail of one topic; without a row it comes straight away."""

    class Way(models.TextChoices):
        """When mail comes. In Gatehouse itself everything is shown at once, whatever is chosen here."""

        AT_ONCE = "at_once", "Straight away"
        DAILY = "daily", "In one email at 8am"
        OFF = "off", "No email"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mail_preferences")
    topic = models.SlugField(max_length=30)
    way = models.CharField(max_length=10, choices=Way.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="one_mail_preference_per_topic")]

    def __str__(self) -> str:
        return f"{self.person}: {self.topic} {self.way}"


class CalendarFeed(models.Model):
    """A calendar address somebody has made for their own deadlines; whoever knows it can read them, until it is ended.

    The address is signed from ``number``, so that it cannot be guessed and the table alone does not give it away.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = models.UUIDField(unique=True, default=uuid.uuid4)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="one_standing_calendar_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.person}"
