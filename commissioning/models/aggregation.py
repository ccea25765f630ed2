"""That somebody looked at commissions which together pass a threshold, and why they stay apart."""

from __future__ import annotations

from django.db import models

from commissioning.models.commission import Commission
from organisation import clock
from organisation.models import Person


class AggregationSeen(models.Model):
    """A warning about what adds up, seen by a person who gave a reason (Procurement Act 2023, Schedule 3).

    ``threshold`` is the key of the figure that was passed: a higher one asks again.
    """

    class Basis(models.TextChoices):
        """What the commissions have in common."""

        SUPPLIER = "supplier", "the same supplier"
        CATEGORY = "category", "the same category"
        COST_CENTRE = "cost_centre", "the same cost centre"

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="aggregations_seen")
    basis = models.CharField(max_length=12, choices=Basis.choices)
    threshold = models.SlugField(max_length=60)
    total_ex_vat = models.DecimalField(max_digits=14, decimal_places=2)
    what = models.CharField(max_length=500)
    reason = models.CharField(max_length=1000)
    seen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commission", "basis", "threshold"], name="one_answer_per_aggregation"),
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()}, {self.commission}"
