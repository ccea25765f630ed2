"""The risk log that runs from Plan to the end of Review."""

from __future__ import annotations

from django.db import models

from commissioning.models.sheet_row import SheetRow
from organisation.models import Person


class RiskLogEntry(SheetRow):
    """One risk with its owner and the day on which it is looked at again. A closed one reminds nobody."""

    class Size(models.IntegerChoices):
        """How likely it is, or how bad it would be."""

        LOW = 1, "Low"
        MEDIUM = 2, "Medium"
        HIGH = 3, "High"

    risk = models.CharField(max_length=300)
    likelihood = models.PositiveSmallIntegerField(choices=Size.choices)
    impact = models.PositiveSmallIntegerField(choices=Size.choices)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mitigation = models.CharField(max_length=1000)
    review_on = models.DateField()
    is_closed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.risk
