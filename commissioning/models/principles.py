"""How a commission meets the commissioning principles, and what was chosen where two of them pull apart."""

from __future__ import annotations

from django.db import models

from commissioning.models.catalogue import Principle
from commissioning.models.commission import Commission
from commissioning.models.sheet_row import SheetRow
from organisation import clock
from organisation.models import Person


class PrincipleMet(models.Model):
    """How one principle is met. No weight: the principles are equal and unranked (framework 9)."""

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="principles_met")
    principle = models.ForeignKey(Principle, on_delete=models.PROTECT, related_name="+")
    how = models.TextField(blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commission", "principle"], name="each_principle_once")]

    def __str__(self) -> str:
        return f"{self.principle}, {self.commission}"


class PrincipleConflict(SheetRow):
    """Two principles that pull apart here: what was chosen, why, and who decided."""

    first = models.ForeignKey(Principle, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Principle, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=500)
    reason = models.CharField(max_length=1000)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(first=models.F("second")), name="conflict_is_between_two_principles"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
