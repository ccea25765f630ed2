"""The timeline of a commission: which steps lead to the day it is needed by, and how long each takes."""

from __future__ import annotations

from django.db import models

from casework.models import CatalogueRow
from casework.querysets import CaseRecordQuerySet
from commissioning.models.catalogue import STAGE_CHOICES
from commissioning.models.commission import Commission
from organisation import clock
from organisation.models import Person


class Lane(models.TextChoices):
    """Who does a step."""

    SERVICE = "service", "Service area"
    CCPS = "ccps", "CCPS"
    FINANCE = "finance", "Finance"
    LEGAL = "legal", "Legal"
    APPROVERS = "approvers", "Approvers"
    SUPPLIERS = "suppliers", "Suppliers"


class TimelineStep(CatalogueRow):
    """One step on the way to a service that runs. What it takes stands in its dated ``durations``.

    ``after`` are the keys of the steps that must be over before it begins; steps that do not wait for each other run at
    the same time. ``gate`` is 1 to 4 where the step is the decision at a gate: it is taken where the rules ask for that
    gate. ``routes`` are the ways of buying in which it is taken, none named meaning all. ``figure`` names a figure of
    the rules, ``statutory`` one set by law: the step never takes less than either. ``shown_by`` names the records that
    show it is over (``commissioning.selectors.step_records``): all that exist of them have to be; a gate shows itself.
    """

    class Route(models.TextChoices):
        """How the need is met, as far as it changes the steps."""

        NO_PURCHASE = "none", "Nothing is bought"
        SERVICE = "service", "The service area buys"
        QUOTES = "quotes", "Quotes through CCPS"
        TENDER = "tender", "A tender"

    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    lane = models.CharField(max_length=20, choices=Lane.choices)
    after = models.JSONField(default=list, blank=True)
    gate = models.PositiveSmallIntegerField(default=0)
    routes = models.JSONField(default=list, blank=True)
    figure = models.SlugField(max_length=60, blank=True)
    statutory = models.CharField(max_length=60, blank=True)
    shown_by = models.JSONField(default=list, blank=True)
    may_leave_out = models.BooleanField(default=False)
    is_milestone = models.BooleanField(default=False)
    is_tender = models.BooleanField("suppliers are asked here", default=False)

    class Meta(CatalogueRow.Meta):
        pass


class StepDuration(models.Model):
    """How long a step takes from a date on, for each set of activities. None leaves the step out of that set."""

    class Unit(models.TextChoices):
        """How the days are counted."""

        WORKING = "working_days", "Working days"
        CALENDAR = "calendar_days", "Calendar days"

    step = models.ForeignKey(TimelineStep, on_delete=models.PROTECT, related_name="durations")
    valid_from = models.DateField()
    unit = models.CharField(max_length=20, choices=Unit.choices, default=Unit.WORKING)
    short = models.PositiveSmallIntegerField(null=True, blank=True)
    standard = models.PositiveSmallIntegerField(null=True, blank=True)
    full = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "valid_from"], name="one_duration_per_step_and_day")]

    def __str__(self) -> str:
        return f"{self.step} from {self.valid_from}"


class PlannedStepQuerySet(CaseRecordQuerySet):
    """The scope runs through the commission's case file."""

    case_prefix = "commission__case_file__"


class PlannedStep(models.Model):
    """One step of one commission's timeline: the last days on which it can run for the needed-by date to be met.

    ``baseline_on`` is the day on which it was first planned to end, kept when the dates are worked out again.
    ``left_out_reason`` says why the people who plan do without it; its dates then count for nothing.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="planned_steps")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=150)
    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    lane = models.CharField(max_length=20, choices=Lane.choices)
    gate = models.PositiveSmallIntegerField(default=0)
    order = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField()
    baseline_on = models.DateField()
    may_leave_out = models.BooleanField(default=False)
    is_milestone = models.BooleanField(default=False)
    is_tender = models.BooleanField(default=False)
    left_out_reason = models.CharField(max_length=500, blank=True)
    left_out_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)

    objects = PlannedStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commission", "key"], name="each_planned_step_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="step_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["is_tender", "starts_on"], name="planned_tenders")]

    def __str__(self) -> str:
        return f"{self.name}, {self.commission}"
