"""The dates that the approval of gate 1 committed to, kept beside what is expected today."""

from __future__ import annotations

from typing import Any

from django.db import models

from commissioning.models.commission import Commission
from commissioning.models.gate import GateRound
from organisation import clock
from organisation.models import Person


class BaselineMilestone(models.Model):
    """One main date of the approved initiation document. ``baseline_on`` stands; ``expected_on`` moves with a reason.

    ``done_on`` is the day it was reached.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="baseline")
    round = models.ForeignKey(GateRound, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    owner = models.CharField(max_length=200, blank=True)
    baseline_on = models.DateField()
    expected_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commission", "order"], name="one_baseline_milestone_of_an_order"),
            models.CheckConstraint(
                condition=models.Q(expected_on=models.F("baseline_on")) | ~models.Q(reason=""),
                name="moved_milestone_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def days_moved(self) -> int:
        """How many days later than the baseline it is expected, or was reached; negative where earlier."""
        return ((self.done_on or self.expected_on) - self.baseline_on).days

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file
