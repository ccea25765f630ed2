"""One row for each form that was acted on, so that a replay does nothing."""

from __future__ import annotations

from django.db import models


class Act(models.Model):
    """A form's own number, taken the moment it is acted on. The unique key decides which of two wins.

    ``person_id`` is a plain number, 0 for nobody: the key has to hold for them too.
    """

    act_id = models.UUIDField()
    person_id = models.BigIntegerField(default=0)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act_id", "person_id", "verb", "subject"], name="one_act_per_form"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
