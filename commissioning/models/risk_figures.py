"""What people enter on the risk form besides yes and no."""

from __future__ import annotations

from django.db import models

from commissioning.models.commission import Commission
from organisation.models import Supplier


class RiskFigures(models.Model):
    """The measured answers of one commission's risk form; the criteria they can tick say which.

    ``outage_days`` is the longest loss of a critical function that would have to be lived with. ``yearly_value`` and
    ``turnover`` are pounds a year, excluding VAT. ``supplier`` is the present or likeliest one.
    """

    class Likelihood(models.TextChoices):
        """How likely a legal challenge is."""

        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"

    commission = models.OneToOneField(Commission, on_delete=models.PROTECT, related_name="risk_figures")
    outage_days = models.PositiveIntegerField(null=True, blank=True)
    yearly_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    turnover = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    likelihood = models.CharField(max_length=10, choices=Likelihood.choices, blank=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(yearly_value__isnull=True) | models.Q(yearly_value__gte=0))
                & (models.Q(turnover__isnull=True) | models.Q(turnover__gt=0)),
                name="risk_figures_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"Risk figures of {self.commission}"
