"""When somebody was last here."""

from __future__ import annotations

from django.db import models

from organisation.models import Person


class Visit(models.Model):
    """When a person last looked at their work, and when their visit before that was. An access record: nothing
    depends on it but the words "since you were last here".
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person} was here"
