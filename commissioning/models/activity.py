"""The activity plan: what this commission does of the catalogue, agreed by named people."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django_fsm import FSMField

from casework.lifecycle import Lifecycle, verb
from casework.querysets import CaseRecordQuerySet
from commissioning import guards
from commissioning.models.catalogue import Activity, KeyQuestion
from commissioning.models.commission import Commission
from commissioning.states import ActivityState
from organisation import clock
from organisation.models import Person

S = ActivityState


class ActivityQuerySet(CaseRecordQuerySet):
    """The scope runs through the commission's case file."""

    case_prefix = "commission__case_file__"


class CommissionActivity(Lifecycle):
    """One activity of one commission: relevant or not, by whom, by when, and what came of it.

    ``is_suggested`` says whether the catalogue proposed it for this proportion; ``reason`` says why the people who
    agreed the plan left it out (or put it in). ``flags`` are the catalogue's questions answered with yes: the rules
    read them.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="activities")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    state = FSMField(default=S.PROPOSED, choices=S.choices, protected=True)
    is_suggested = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    #: The function that leads it where that was changed; blank is what the catalogue says.
    led_by = models.CharField(max_length=20, choices=Activity.Owner.choices, blank=True)
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    output = models.TextField(blank=True)
    output_link = models.CharField(max_length=200, blank=True)
    flags = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    #: Read with the row by the door, because permission, guards and the trail need them.
    door_reads = ("activity", "commission__case_file")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commission", "activity"], name="each_activity_once")]

    def __str__(self) -> str:
        return f"{self.activity.name}, {self.commission.case_file.reference}"

    def get_absolute_url(self) -> str:
        """The activity's own page."""
        return reverse("commissioning:activity", args=[self.pk])

    @property
    def leader(self) -> str:
        """The function that leads it: as changed, or as in the catalogue."""
        return self.led_by or self.activity.owner

    @property
    def leader_words(self) -> str:
        """The same in words."""
        return str(Activity.Owner(self.leader).label)

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file

    @property
    def member_areas(self) -> list[int]:
        """The teams of the commission work in its activities."""
        return list(self.commission.member_areas)

    @verb(
        state,
        source=[S.PROPOSED, S.NOT_RELEVANT, S.RELEVANT],
        target=S.RELEVANT,
        label="Mark as relevant",
        done="marked this activity as relevant",
        act="commission.run",
    )
    def take_in(self, *, note: str = "", **_: Any) -> None:
        """The people who agreed the plan want it."""
        self.reason = note

    @verb(
        state,
        source=[S.PROPOSED, S.RELEVANT, S.NOT_RELEVANT, S.IN_PROGRESS],
        target=S.NOT_RELEVANT,
        label="Mark as not needed",
        done="marked this activity as not needed",
        act="commission.run",
        asks_reason=True,
    )
    def leave_out(self, *, note: str = "", **_: Any) -> None:
        """The people who agreed the plan do not need it, and say why."""
        self.reason = note

    @verb(
        state,
        source=S.RELEVANT,
        target=S.IN_PROGRESS,
        label="Begin",
        done="began this activity",
        act="commission.run",
        by_system_only=True,
    )
    def begin(self, **_: Any) -> None:
        """Something was written down."""

    @verb(
        state,
        source=[S.RELEVANT, S.IN_PROGRESS],
        target=S.DONE,
        label="Mark as completed",
        done="completed this activity",
        act="activity.complete",
        guard=guards.complete_activity,
    )
    def complete(self, **_: Any) -> None:
        """It has an output."""
        self.done_at = clock.now()

    @verb(
        state,
        source=[S.PROPOSED, S.RELEVANT, S.IN_PROGRESS],
        target=S.SKIPPED_URGENT,
        label="Skip as urgent",
        done="passed over this activity on the urgent route",
        act="commission.urgent",
        by_system_only=True,
        asks_reason=True,
    )
    def skip_as_urgent(self, *, note: str = "", **_: Any) -> None:
        """The urgent route passes over it; it stays listed as skipped."""
        self.reason = note

    @verb(
        state,
        source=S.DONE,
        target=S.IN_PROGRESS,
        label="Open again",
        done="opened this activity again",
        act="activity.complete",
        guard=guards.reopen_activity,
        asks_reason=True,
    )
    def reopen(self, **_: Any) -> None:
        """More has to be done."""
        self.done_at = None


class PlanAgreement(models.Model):
    """Who agreed the activity plan, and when. A change of value, risk or needed-by date opens it again."""

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="plan_agreements")
    participants = models.ManyToManyField(Person, related_name="+")
    others = models.CharField(max_length=500, blank=True)
    agreed_on = models.DateField()
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"],
                condition=models.Q(reopened_at__isnull=True),
                name="one_standing_plan_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan of {self.commission} agreed on {self.agreed_on}"


class KeyAnswer(models.Model):
    """A stage's key question answered, or marked as not applying with the reason.

    ``links`` are addresses of evidence kept elsewhere; evidence in files is attached for the question.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="key_answers")
    question = models.ForeignKey(KeyQuestion, on_delete=models.PROTECT, related_name="answers")
    answer = models.TextField(blank=True)
    does_not_apply = models.BooleanField(default=False)
    links = models.JSONField(default=list, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commission", "question"], name="one_answer_per_question")]

    def __str__(self) -> str:
        return f"{self.question}, {self.commission}"
