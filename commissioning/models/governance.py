"""The dated steps of a decision that elected members or officers take: entry, notice, decision, call-in."""

from __future__ import annotations

from typing import Any

from django.db import models

from commissioning.models.catalogue import GovernanceRoute
from commissioning.models.commission import Commission
from organisation import clock
from organisation.models import Person


class DecisionEntry(models.Model):
    """One formal decision on a commission, from its forward-plan entry to the end of call-in. One stands at a time.

    Regulations of 2012 on executive arrangements: a key decision is published some clear days before; the general
    exception and special urgency are the two ways round that. ``call_in_days`` are working days, copied from the
    rules when the decision was published, so that a later rule moves nothing.
    """

    class Notice(models.TextChoices):
        """How the public was told beforehand."""

        NOT_KEY = "not_key", "Not a key decision"
        FORWARD_PLAN = "forward_plan", "Key decision, in the forward plan"
        GENERAL_EXCEPTION = "general_exception", "Key decision, general exception"
        SPECIAL_URGENCY = "special_urgency", "Key decision, special urgency"

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="decision_entries")
    route = models.ForeignKey(GovernanceRoute, on_delete=models.PROTECT, related_name="+")
    notice = models.CharField(max_length=20, choices=Notice.choices)
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    published_on = models.DateField(null=True, blank=True)
    agreed_by = models.CharField(max_length=200, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decision_reference = models.CharField(max_length=80, blank=True)
    decision_published_on = models.DateField(null=True, blank=True)
    call_in_days = models.PositiveSmallIntegerField(null=True, blank=True)
    call_in_waived_because = models.CharField(max_length=500, blank=True)
    called_in_on = models.DateField(null=True, blank=True)
    call_in_settled_on = models.DateField(null=True, blank=True)
    call_in_outcome = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "decision entries"
        constraints = [
            models.UniqueConstraint(
                fields=["commission"], condition=models.Q(withdrawn_at__isnull=True), name="one_standing_decision_entry"
            ),
            models.CheckConstraint(
                condition=models.Q(notice="not_key")
                | models.Q(published_on__isnull=False)
                | models.Q(agreed_on__isnull=False),
                name="key_decision_has_a_notice",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file
