"""The urgent route: a recorded exception with its ground, both sides' advice, and the papers owed afterwards."""

from __future__ import annotations

from typing import Any

from django.db import models

from casework.querysets import CaseRecordQuerySet
from commissioning.models.catalogue import UrgencyGround
from commissioning.models.commission import Commission
from organisation import clock
from organisation.models import Person


class UrgentRouteQuerySet(CaseRecordQuerySet):
    """The scope runs through the commission's case file."""

    case_prefix = "commission__case_file__"


class UrgentRoute(models.Model):
    """Why a commission may pass over what it would otherwise do (framework 4.4). One stands at a time.

    ``allowed_by`` is the leader who allowed it. ``skips_request`` says that CCPS's advice stands in place of a
    procurement request. It ends with a date and a reason; what was owed stays owed.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="urgent_routes")
    ground = models.ForeignKey(UrgencyGround, on_delete=models.PROTECT, related_name="routes")
    explanation = models.TextField()
    unforeseen = models.TextField()
    fairness = models.TextField()
    accepted_risks = models.TextField()
    skips_request = models.BooleanField(default=False)
    allowed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    allowed_on = models.DateField()
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=500, blank=True)

    objects = UrgentRouteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"], condition=models.Q(ended_at__isnull=True), name="one_standing_urgent_route"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ground}, {self.commission}"

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file


class UrgentAdvice(models.Model):
    """What one side advises on an urgent commission. The latest row of each side stands."""

    class Side(models.TextChoices):
        """Who advises (framework 4.4): both sides do."""

        CCPS = "ccps", "CCPS"
        LEADERSHIP = "leadership", "Commissioner leadership"

    route = models.ForeignKey(UrgentRoute, on_delete=models.PROTECT, related_name="advice")
    side = models.CharField(max_length=12, choices=Side.choices)
    adviser = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    course_of_action = models.TextField()
    risk_assessment = models.TextField()
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(side__in=["ccps", "leadership"]), name="urgent_advice_of_a_side"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} on {self.route}"


class OwedPaper(models.Model):
    """Something that was put off on the urgent route and is owed by a date: a paper by its template, or a task.

    A paper is done when it is submitted; a task when somebody says what came of it.
    """

    route = models.ForeignKey(UrgentRoute, on_delete=models.PROTECT, related_name="owed")
    template_key = models.SlugField(max_length=60, blank=True)
    title = models.CharField(max_length=150)
    due_on = models.DateField()
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["route"], condition=models.Q(done_at__isnull=True), name="owed_paper_open"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.route.commission.case_file
