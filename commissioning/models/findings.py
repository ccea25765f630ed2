"""What Analyse finds out besides needs: the past, the law, users, requirements, the market and the category."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from commissioning.models.activity import CommissionActivity
from commissioning.models.decisions import Lesson
from commissioning.models.sheet_row import SheetRow


class FindingLink(SheetRow):
    """Something that one activity found out and another has to know. Both are activities of the same commission."""

    found_in = models.ForeignKey(CommissionActivity, on_delete=models.PROTECT, related_name="findings_given")
    matters_to = models.ForeignKey(CommissionActivity, on_delete=models.PROTECT, related_name="findings_taken")
    finding = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(found_in=F("matters_to")), name="finding_matters_elsewhere"),
        ]

    def __str__(self) -> str:
        return self.finding


class PastWork(SheetRow):
    """An earlier commission or contract, how well it worked, and what is learnt from it.

    ``lesson`` is in words; ``from_log`` is a lesson of the council's log that says the same or more.
    """

    class Worked(models.TextChoices):
        """How well it worked."""

        WELL = "well", "Well"
        PARTLY = "partly", "In part"
        BADLY = "badly", "Badly"
        UNKNOWN = "unknown", "Nobody knows"

    name = models.CharField(max_length=200)
    worked = models.CharField(max_length=10, choices=Worked.choices)
    evidence = models.CharField(max_length=300, blank=True)
    lesson = models.CharField(max_length=300, blank=True)
    from_log = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    change = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.name


class LawOrPolicy(SheetRow):
    """A law, duty or policy that bears on the commission, and what is done about it.

    A review date makes a deadline: the law is looked at again, in whatever stage the commission then is.
    """

    class Origin(models.TextChoices):
        """Whether the council can change it."""

        EXTERNAL = "external", "From outside: law, duty or national guidance"
        INTERNAL = "internal", "The council's own policy"

    name = models.CharField(max_length=200)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    effect = models.CharField(max_length=300)
    action = models.CharField(max_length=300, blank=True)
    review_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class LawChange(SheetRow):
    """A law or policy that changes while the commission runs, from when, and what that means here.

    While ``effect`` is blank, whoever holds the commission is asked for it.
    """

    name = models.CharField(max_length=200)
    what = models.CharField(max_length=300)
    from_on = models.DateField(null=True, blank=True)
    effect = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class UserGroup(SheetRow):
    """Who will use it: how many people, and for how many months one of them does (open where there is no end)."""

    name = models.CharField(max_length=150)
    number = models.PositiveIntegerField()
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Requirement(SheetRow):
    """One thing that is required, how firmly, by when, and how anyone will see that it is met."""

    class Firmness(models.IntegerChoices):
        """How firmly it is required."""

        MUST = 1, "Must"
        SHOULD = 2, "Should"
        COULD = 3, "Could"

    text = models.CharField(max_length=300)
    firmness = models.PositiveSmallIntegerField(choices=Firmness.choices, default=Firmness.MUST)
    needed_by = models.DateField(null=True, blank=True)
    measure = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.text


class MarketProvider(SheetRow):
    """Somebody who could provide it: what they can do, how much of it, and how they price."""

    name = models.CharField(max_length=200)
    capability = models.CharField(max_length=300)
    capacity = models.CharField(max_length=200, blank=True)
    price_structure = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=150, blank=True)
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class CategoryComparison(SheetRow):
    """The commission beside the strategy of its category, in one respect, and what could be better."""

    class Aspect(models.TextChoices):
        """In which respect."""

        COST = "cost", "Cost"
        QUALITY = "quality", "Quality"
        OUTCOMES = "outcomes", "Outcomes"
        FEEDBACK = "feedback", "Feedback"

    aspect = models.CharField(max_length=10, choices=Aspect.choices)
    strategy = models.CharField(max_length=300)
    here = models.CharField(max_length=300)
    improvement = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(strategy="") & ~Q(here=""), name="comparison_has_both_sides"),
        ]

    def __str__(self) -> str:
        return str(self.get_aspect_display())
