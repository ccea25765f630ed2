"""A change of the rules that waits for a second administrator."""

from __future__ import annotations

from django.db import models

from casework.models.rules import RulesVersion
from organisation.models import CommissioningFramework, Person


class RulesProposal(models.Model):
    """What one administrator wants to change, kept as the form sent it, until another publishes it or turns it down.

    It is looked at, checked and rehearsed anew against the rules as they stand whenever it is opened: a proposal that
    another version overtook can no longer be published. ``table`` and ``key`` name the row ("threshold", "legal"; no
    key for a new row). Changed by conditional UPDATE only, in the services of this room.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting for a second administrator"
        PUBLISHED = "published", "Published"
        TURNED_DOWN = "turned_down", "Turned down"
        WITHDRAWN = "withdrawn", "Withdrawn"

    framework = models.ForeignKey(CommissioningFramework, on_delete=models.PROTECT, related_name="proposals")
    table = models.SlugField(max_length=40)
    key = models.SlugField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    sent = models.JSONField()
    differences = models.JSONField()
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.WAITING)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    version = models.ForeignKey(RulesVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "proposed change of the rules"
        verbose_name_plural = "proposed changes of the rules"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="waiting") | models.Q(settled_at__isnull=False, settled_by__isnull=False),
                name="settled_proposal_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="published") | ~models.Q(settled_by=models.F("proposed_by")),
                name="nobody_publishes_their_own_proposal",
            ),
        ]

    def __str__(self) -> str:
        return self.title
