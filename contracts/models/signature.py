"""Who signed."""

from __future__ import annotations

from typing import Any

from django.db import models

from contracts.models.contract import Contract
from contracts.states import Party
from organisation import clock
from organisation.models import Person


class Signature(models.Model):
    """One side's signature. The council's is always a person of ours; the supplier's never is."""

    class Method(models.TextChoices):
        """How it was signed."""

        BY_HAND = "by_hand", "By hand"
        ELECTRONIC = "electronic", "Electronically"
        SEALED = "sealed", "Under seal"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10, choices=Party.choices)
    signed_by = models.CharField(max_length=150)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=150)
    signed_on = models.DateField()
    method = models.CharField(max_length=20, choices=Method.choices)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "party"], name="one_signature_per_side"),
            models.CheckConstraint(
                condition=models.Q(party="council", person__isnull=False)
                | models.Q(party="supplier", person__isnull=True),
                name="council_signature_is_of_a_person_of_ours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()}: {self.signed_by}"

    @property
    def case_file(self) -> Any:
        """The file of the contract: permission and audit follow it."""
        return self.contract.case_file
