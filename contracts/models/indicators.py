"""What a contract is measured by, and the results by period."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from casework.models import CaseFile
from casework.querysets import CaseRecordQuerySet
from commissioning.models import PlannedIndicator
from contracts.models.contract import Contract
from contracts.states import Direction, Interval, Rating
from organisation import clock
from organisation.models import Person


class Indicator(models.Model):
    """One measure of a contract. Set while planning and copied when the contract is made, or added here.

    ``target``, ``baseline`` and ``tolerance`` are in ``unit``; ``tolerance`` is how far short of the target a result
    may fall and still be amber. ``planned`` is the planned indicator it was copied from. ``applies_from`` is empty for
    what counts from the start; a later one asks for no period that had ended by then.

    ``is_safeguarding`` marks one that watches over how people are kept safe. A contract whose commission serves people
    who may be vulnerable needs one.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="indicators")
    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="indicators")
    planned = models.ForeignKey(PlannedIndicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    outcome = models.CharField(max_length=500, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    baseline = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=4)
    tolerance = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    direction = models.CharField(max_length=10, choices=Direction.choices, default=Direction.HIGHER)
    interval = models.CharField(max_length=10, choices=Interval.choices, default=Interval.QUARTERLY)
    source_of_data = models.CharField(max_length=300, blank=True)
    applies_from = models.DateField(null=True, blank=True)
    is_safeguarding = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CaseRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(tolerance__gte=0), name="indicator_tolerance_not_negative"),
            models.UniqueConstraint(
                fields=["contract", "planned"],
                condition=models.Q(planned__isnull=False),
                name="planned_indicator_copied_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list of the contract's indicators."""
        return reverse("contracts:indicators", args=[self.contract_id])


class IndicatorReading(models.Model):
    """The result of one indicator for one period.

    ``rating`` is what counts: worked out from the stored thresholds, or the one that a person gave with a reason
    (``rating_reason``). A row without a ``value`` is one saved part-way.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="readings")
    starts_on = models.DateField()
    ends_on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    comment = models.CharField(max_length=1000, blank=True)
    computed = models.CharField(max_length=10, choices=Rating.choices, blank=True)
    rating = models.CharField(max_length=10, choices=Rating.choices, blank=True)
    rating_reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "starts_on"], name="one_reading_per_period"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True, rating="")
                | models.Q(value__isnull=False) & ~models.Q(rating=""),
                name="reading_with_value_is_rated",
            ),
            models.CheckConstraint(
                condition=models.Q(rating=models.F("computed")) | ~models.Q(rating_reason=""),
                name="overridden_rating_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(rating="red") | ~models.Q(comment=""), name="red_reading_has_comment"
            ),
        ]
        indexes = [models.Index(fields=["indicator", "-starts_on"], name="latest_readings")]

    def __str__(self) -> str:
        return f"{self.indicator}, from {self.starts_on}"
