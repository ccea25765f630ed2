"""The specification: what is wanted, signed off before anyone is asked for a price."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django_fsm import FSMField

from casework.lifecycle import Lifecycle, verb
from commissioning import guards
from commissioning.models.commission import Commission
from commissioning.states import SpecificationState
from documents.models import Paper
from organisation import clock
from organisation.models import Person

S = SpecificationState


class Specification(Lifecycle):
    """One version of a commission's specification; its words are a paper.

    An edit after sign-off makes a new drafting version and supersedes this one, so a signed-off version never changes.
    ``revision_number`` is the revision of the paper that was signed off.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="specifications")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = FSMField(default=S.DRAFTING, choices=S.choices, protected=True)
    revision_number = models.PositiveIntegerField(null=True, blank=True)
    signed_off_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_off_at = models.DateTimeField(null=True, blank=True)

    #: Read with the row by the door, because permission, guards and the trail need them.
    door_reads = ("commission__case_file", "paper")
    #: What the verb in hand decided on, for the audit trail.
    audited_changes: dict[str, Any] | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commission", "number"], name="one_specification_per_number"),
            models.UniqueConstraint(
                fields=["commission"], condition=~models.Q(state="superseded"), name="one_standing_specification"
            ),
        ]

    def __str__(self) -> str:
        return f"Specification version {self.number}, {self.commission.case_file.reference}"

    def get_absolute_url(self) -> str:
        """The specification's own page."""
        return reverse("commissioning:specification", args=[self.commission_id])

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file

    @property
    def standing_words(self) -> str:
        """Where it stands in words: a paper that is submitted is not being drafted, and waits to be sent."""
        if self.state == S.DRAFTING and not self.paper.is_draft:
            return "Submitted, not sent for sign-off"
        return str(SpecificationState(self.state).label)

    @property
    def read_url(self) -> str:
        """Where the words that were signed off can be read; empty before."""
        if not self.revision_number:
            return ""
        return reverse("documents:revision", args=[self.paper_id, self.revision_number])

    @verb(
        state,
        source=S.DRAFTING,
        target=S.IN_REVIEW,
        label="Send for sign-off",
        done="sent the specification for sign-off",
        act="commission.run",
        guard=guards.send_specification,
    )
    def send_for_sign_off(self, **_: Any) -> None:
        """The paper is submitted; the service leader reads it."""

    @verb(
        state,
        source=S.IN_REVIEW,
        target=S.DRAFTING,
        label="Return for changes",
        done="returned the specification for changes",
        act="specification.sign_off",
        guard=guards.return_specification,
        asks_reason=True,
    )
    def return_for_changes(self, **_: Any) -> None:
        """Not yet."""

    @verb(
        state,
        source=S.IN_REVIEW,
        target=S.SIGNED_OFF,
        label="Sign off the specification",
        done="signed off the specification",
        act="specification.sign_off",
        guard=guards.sign_off_specification,
    )
    def sign_off(self, *, by: Any, **_: Any) -> None:
        """Service leadership agrees that this is what is wanted."""
        self.revision_number = self.paper.revision_number or None
        self.audited_changes = {"document": f"specification, version {self.number}, revision {self.revision_number}"}
        self.signed_off_by = by if isinstance(by, Person) else None
        self.signed_off_at = clock.now()

    @verb(
        state,
        source=S.SIGNED_OFF,
        target=S.SUPERSEDED,
        label="Edit the specification",
        done="opened a new version of the specification, which undoes the sign-off",
        act="commission.run",
        guard=guards.supersede_specification,
        asks_reason=True,
    )
    def supersede(self, **_: Any) -> None:
        """A new drafting version takes its place."""
