"""What success will be measured by, and what a provider will be measured by."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from commissioning.models.commission import Commission
from organisation import clock
from organisation.formatting import with_unit
from organisation.models import Person


class SuccessMeasure(models.Model):
    """How the council will know that an outcome was reached: written in Analyse, looked at again in Review.

    The approval of gate 1 freezes it. From then on a change is a new row that ``replaces`` this one, with a reason.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="success_measures")
    outcome = models.CharField(max_length=300)
    measure = models.CharField(max_length=300)
    baseline = models.CharField(max_length=100)
    target = models.CharField(max_length=100)
    unit = models.CharField(max_length=60, blank=True)
    by_when = models.DateField()
    frozen_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    reason = models.CharField(max_length=500, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(reason=""), name="changed_measure_says_why"),
        ]

    def __str__(self) -> str:
        return self.measure

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file

    @property
    def baseline_words(self) -> str:
        """Where it stood when it was written: 81%."""
        return with_unit(self.baseline, self.unit)

    @property
    def target_words(self) -> str:
        """What has to be reached: 95%."""
        return with_unit(self.target, self.unit)


class PlannedIndicator(models.Model):
    """What a provider's performance will be read by, written in Plan; contracts take their indicators from it.

    ``tolerance`` is how far a result may fall short of ``target``, in the same unit, before the target counts as
    missed.
    """

    class Direction(models.TextChoices):
        """Which way is better."""

        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"

    class Interval(models.TextChoices):
        """How often it is read."""

        MONTHLY = "monthly", "Every month"
        QUARTERLY = "quarterly", "Every quarter"
        YEARLY = "yearly", "Every year"

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="planned_indicators")
    name = models.CharField(max_length=150)
    outcome = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=60)
    baseline = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    no_baseline_reason = models.CharField(max_length=300, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=2)
    tolerance = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    direction = models.CharField(max_length=10, choices=Direction.choices, default=Direction.HIGHER)
    interval = models.CharField(max_length=10, choices=Interval.choices, default=Interval.QUARTERLY)
    source_of_data = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "name"], condition=Q(removed_at=None), name="one_planned_indicator_of_a_name"
            ),
            models.CheckConstraint(condition=Q(tolerance__gte=0), name="planned_tolerance_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_baseline(self) -> bool:
        """Whether it says where it stands today, or why nobody knows."""
        return self.baseline is not None or bool(self.no_baseline_reason)

    @property
    def target_words(self) -> str:
        """What has to be reached: 95%."""
        return with_unit(f"{self.target.normalize():f}", self.unit)

    @property
    def baseline_words(self) -> str:
        """Where it stands today: 81%; or why nobody knows."""
        if self.baseline is None:
            return f"Not known: {self.no_baseline_reason}" if self.no_baseline_reason else "Not known"
        return with_unit(f"{self.baseline.normalize():f}", self.unit)

    @property
    def tolerance_words(self) -> str:
        """How far a result may fall short: 2%."""
        return with_unit(f"{self.tolerance.normalize():f}", self.unit)

    @property
    def words(self) -> str:
        """Visits on time: from 81% to 95%, every month."""
        how_often = str(self.get_interval_display()).lower()
        target = self.target_words
        if self.baseline is not None:
            return f"{self.name}: from {self.baseline_words} to {target}, {how_often}"
        why = f" (no baseline: {self.no_baseline_reason})" if self.no_baseline_reason else ""
        return f"{self.name}: target {target}, {how_often}{why}"

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file
