"""What was asked about a contract's end, so that no step is asked twice."""

from __future__ import annotations

from django.db import models

from contracts.models.contract import Contract
from organisation import clock


class EndingNotice(models.Model):
    """One step before a contract's end at which CCPS was asked what comes next.

    ``months`` is the figure of the rules that the step counts; a contract that gets another end is asked anew.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="ending_notices")
    ends_on = models.DateField()
    months = models.PositiveSmallIntegerField()
    raised_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "ends_on", "months"], name="one_ending_notice_per_step"),
        ]

    def __str__(self) -> str:
        return f"{self.months} months before the end of {self.contract}"
