"""Worries about a supplier that are open until somebody settles them."""

from __future__ import annotations

from django.db import models

from organisation import clock
from organisation.models.person import Person
from organisation.models.supplier import Supplier


class SupplierConcern(models.Model):
    """A worry about how a supplier performs, or about its money. Open while ``closed_on`` is empty.

    An open one ticks the risk criterion of every commission that names the supplier (framework 4.3).
    """

    class Kind(models.TextChoices):
        """What the worry is about."""

        PERFORMANCE = "performance", "Performance"
        FINANCIAL = "financial", "Finances"
        CONDUCT = "conduct", "Conduct"

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="concerns")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.CharField("what worries us", max_length=300)
    raised_on = models.DateField(default=clock.today)
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(null=True, blank=True, help_text="The day on which it was settled.")
    closed_because = models.CharField("how it was settled", max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["supplier"], condition=models.Q(closed_on__isnull=True), name="supplier_concern_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(closed_on__gte=models.F("raised_on")),
                name="supplier_concern_dates_in_order",
                violation_error_message="A concern is settled on or after the day it was raised",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"

    @property
    def organisation_id(self) -> int | None:
        """The organisation that keeps the supplier."""
        return self.supplier.organisation_id if self.supplier_id else None
