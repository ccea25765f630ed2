"""What came of each success measure, as Review finds it."""

from __future__ import annotations

from django.db import models

from commissioning.models.measures import SuccessMeasure
from commissioning.models.sheet_row import SheetRow


class MeasureResult(SheetRow):
    """The result of one success measure on one day. The measure itself stays as gate 1 froze it."""

    class Reached(models.TextChoices):
        """How the result stands against the target."""

        YES = "yes", "Reached"
        PARTLY = "partly", "Partly reached"
        NO = "no", "Not reached"
        TOO_EARLY = "too_early", "Too early to say"

    measure = models.ForeignKey(SuccessMeasure, on_delete=models.PROTECT, related_name="results")
    result = models.CharField(max_length=100)
    measured_on = models.DateField()
    reached = models.CharField(max_length=10, choices=Reached.choices)
    evidence = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "measured_on"],
                condition=models.Q(removed_at__isnull=True),
                name="one_result_of_a_measure_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.result}"
