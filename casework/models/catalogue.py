"""What a framework offers to choose from: rows with a stable key that begin and end on dates."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models

from organisation import clock
from organisation.models import CommissioningFramework


class CatalogueQuerySet(models.QuerySet["CatalogueRow"]):
    """Reading a catalogue on a day."""

    def in_force(self, on: date | None = None) -> Self:
        """The rows that can be chosen on a day (today), in the catalogue's order."""
        day = on or clock.today()
        return self.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day), valid_from__lte=day).order_by(
            "order", "id"
        )


class CatalogueRow(models.Model):
    """A row that administrators edit. Ending a row keeps it readable on everything that chose it."""

    framework = models.ForeignKey(CommissioningFramework, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=150)
    order = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(default=date(2020, 1, 1))
    valid_to = models.DateField(null=True, blank=True, help_text="The last day on which it can be chosen.")

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["framework", "key"], name="%(class)s_key_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="%(class)s_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name
