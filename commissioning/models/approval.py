"""Who decides on a gate: routes that administrators edit, and the steps that were copied onto each round."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from casework.models import CatalogueRow
from commissioning.models.gate import NUMBERS, GateRound
from commissioning.states import Outcome
from organisation.models import Person, ServiceArea
from organisation.roles import Role


class ApprovalRoute(CatalogueRow):
    """Who decides on a gate, for one service area or all, from one value up (framework 6.1, reading R10).

    The route of the area comes before the one for all; among several the highest ``from_value`` that is reached.
    """

    gate = models.PositiveSmallIntegerField(choices=NUMBERS)
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_value = models.DecimalField(
        "from this value",
        max_digits=14,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="In pounds over the whole term, excluding VAT. The amount itself is included.",
    )

    class Meta(CatalogueRow.Meta):
        indexes = [models.Index(fields=["framework", "gate"], name="approval_route_of_gate")]


class RouteStep(models.Model):
    """One step of a route: everyone who holds a role where the commission is, or one named person."""

    route = models.ForeignKey(ApprovalRoute, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    needed = models.PositiveSmallIntegerField(
        "approvals needed",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="How many of them must approve. Leave empty if all of them must.",
    )
    asks_authority = models.BooleanField(
        "asks for authority",
        default=False,
        help_text="Whether each must hold a post with authority to approve a gate of this value.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["route", "order"], name="one_route_step_of_an_order"),
            models.CheckConstraint(
                condition=models.Q(role="", person__isnull=False) | (~models.Q(role="") & models.Q(person=None)),
                name="route_step_asks_role_or_person",
                violation_error_message="Choose a role or a person, not both",
            ),
        ]

    def __str__(self) -> str:
        return f"Step {self.order} of {self.route}"

    @property
    def belongs_with(self) -> Any:
        """The row whose administrators decide about this one."""
        return self.route if self.route_id else None

    def clean(self) -> None:
        """A role that never decides cannot be asked."""
        if self.role in (Role.AUDITOR, Role.ADMINISTRATOR):
            raise ValidationError({"role": "Auditors and administrators decide on no gate"})


class ApprovalStep(models.Model):
    """One step of one round, copied from the route in force when the paper was submitted: later edits move nothing.

    ``amount`` is what each must have authority for, in pounds excluding VAT; empty where the step does not ask.
    """

    round = models.ForeignKey(GateRound, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    needed = models.PositiveSmallIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "order"], name="one_round_step_of_an_order")]

    def __str__(self) -> str:
        return f"Step {self.order} of {self.round}"

    @property
    def words(self) -> str:
        """Who the step asks."""
        return self.person.name if self.person else str(Role(self.role).label)


class ApprovalView(models.Model):
    """What one person asked in a step says: one view each, blank until they give it.

    ``given_by`` is who gave it: the person, or whoever covered for them that day.
    """

    step = models.ForeignKey(ApprovalStep, on_delete=models.PROTECT, related_name="views")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    authority = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "person"], name="one_view_each")]

    def __str__(self) -> str:
        return f"{self.person}, {self.step}"
