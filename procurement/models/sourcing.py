"""What a sourcing exercise has beside its prices: award criteria, and challenges to it."""

from __future__ import annotations

from django.db import models

from organisation import clock
from organisation.models import Person
from procurement.models.exercise import Exercise


class AwardCriterion(models.Model):
    """One thing bids are judged on. ``weight`` is per cent; those of an exercise sum to 100 before it is published."""

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="criteria")
    name = models.CharField(max_length=200)
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight__gt=0) & models.Q(weight__lte=100), name="criterion_weight_is_a_share"
            ),
            models.UniqueConstraint(fields=["exercise", "name"], name="criterion_named_once_per_exercise"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.weight.normalize():f}%"


class Challenge(models.Model):
    """A bidder disputes what was done. While it is open nothing is signed (framework 22.1)."""

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="challenges")
    raised_by = models.CharField(max_length=200)
    raised_on = models.DateField()
    words = models.TextField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    outcome = models.TextField(blank=True)
    settled_on = models.DateField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_on__isnull=True) | ~models.Q(outcome=""),
                name="settled_challenge_has_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"Challenge by {self.raised_by}"

    @property
    def is_open(self) -> bool:
        """Whether it still stands in the way of signing."""
        return self.settled_on is None
