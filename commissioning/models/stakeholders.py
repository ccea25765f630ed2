"""Who was named for the target outcomes of gate 1, and what each says of them."""

from __future__ import annotations

from typing import Any

from django.db import models

from commissioning.models.commission import Commission
from commissioning.models.gate import Gate
from documents.models import SectionComment
from organisation import clock
from organisation.models import Person


class GateStakeholder(models.Model):
    """A person whose agreement to the target outcomes is asked for. Taken off the list, the row stays."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="stakeholders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stake = models.CharField(max_length=200, blank=True)
    named_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "person"], condition=models.Q(removed_at=None), name="gate_stakeholder_named_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.gate}"

    @property
    def commission(self) -> Commission:
        """The commission it belongs to."""
        return self.gate.commission

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.gate.commission.case_file


class OutcomeView(models.Model):
    """What a stakeholder says of one target outcome, in the words it had then. A later view is a further row.

    ``row_id`` is the outcome's row in the paper. A comment is kept as a comment on the paper, where it is answered.
    """

    stakeholder = models.ForeignKey(GateStakeholder, on_delete=models.PROTECT, related_name="views")
    row_id = models.CharField(max_length=12)
    outcome = models.CharField(max_length=500)
    agrees = models.BooleanField()
    comment = models.ForeignKey(SectionComment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agrees=True) | models.Q(comment__isnull=False), name="no_agreement_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.outcome[:80]
