"""The options appraisal: what could be done, its whole-life cost, how it scores, and what is preferred."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from commissioning.models.commission import Commission
from commissioning.models.sheet_row import SheetRow
from organisation import clock
from organisation.models import Person


class AppraisalOption(SheetRow):
    """One way to meet the need. "Do nothing" is always among them, so that the others have something to beat."""

    name = models.CharField(max_length=150)
    is_do_nothing = models.BooleanField(default=False)
    advantages = models.TextField(blank=True)
    disadvantages = models.TextField(blank=True)
    outcomes = models.TextField(blank=True)
    risk = models.TextField(blank=True)
    exit_route = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"],
                condition=Q(is_do_nothing=True, removed_at__isnull=True),
                name="one_do_nothing_option",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OptionCost(SheetRow):
    """What an option costs, or saves, in each of several financial years.

    ``amount`` is in pounds a year, excluding VAT, at today's prices; a year is named by the calendar year it begins in.
    """

    class Kind(models.TextChoices):
        """What the money is for."""

        SET_UP = "set_up", "Setting up"
        RUNNING = "running", "Running"
        ENDING = "ending", "Ending it (decommissioning)"
        BENEFIT = "benefit", "Money saved or brought in"

    option = models.ForeignKey(AppraisalOption, on_delete=models.PROTECT, related_name="costs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField(max_length=200, blank=True)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="option_cost_years_in_order"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="option_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.option.name}, {self.what or self.get_kind_display()}"


class AppraisalCriterion(SheetRow):
    """What the options are scored on; ``weight`` is its share of 100."""

    name = models.CharField(max_length=150)
    weight = models.PositiveSmallIntegerField()
    good_looks_like = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="criterion_weight_in_range"),
        ]

    def __str__(self) -> str:
        return self.name


class OptionScore(SheetRow):
    """How well one option meets one criterion, from 0 (not at all) to 5 (fully), and why."""

    option = models.ForeignKey(AppraisalOption, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(AppraisalCriterion, on_delete=models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["option", "criterion"], condition=Q(removed_at__isnull=True), name="one_score_an_option"
            ),
            models.CheckConstraint(condition=Q(score__lte=5), name="option_score_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.option}, {self.criterion}: {self.score}"


class OptionPreference(models.Model):
    """Which option is preferred, and why. The latest row stands."""

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="option_preferences")
    option = models.ForeignKey(AppraisalOption, on_delete=models.PROTECT, related_name="preferences")
    because = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"], condition=Q(superseded_at__isnull=True), name="one_preferred_option"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option}, {self.commission}"

    @property
    def case_file(self) -> object:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file
