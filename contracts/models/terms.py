"""What was agreed on money and time. Rows are added, never changed: the latest counts."""

from __future__ import annotations

from typing import Any

from django.db import models

from contracts.models.contract import Contract
from organisation import clock
from organisation.models import Person


class OfContract(models.Model):
    """A row that belongs to a contract: who recorded it, when, and why."""

    reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def case_file(self) -> Any:
        """The file of the contract: permission and audit follow it."""
        return self.contract.case_file  # type: ignore[attr-defined]  # every subclass has one


class ContractValue(OfContract):
    """What the contract is worth over its whole term with options, from a day on."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="values")
    amount_ex_vat = models.DecimalField(max_digits=14, decimal_places=2)
    amount_inc_vat = models.DecimalField(max_digits=14, decimal_places=2)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_ex_vat__gte=0), name="contract_value_not_negative"),
            models.CheckConstraint(
                condition=models.Q(amount_inc_vat__gte=models.F("amount_ex_vat")),
                name="contract_value_with_vat_not_less",
            ),
        ]
        indexes = [models.Index(fields=["contract", "-id"], name="latest_contract_value")]

    def __str__(self) -> str:
        return f"Value of {self.contract}"


class ContractTerm(OfContract):
    """The committed term, without options that are not used yet."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="terms")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="contract_term_in_order"
            ),
        ]
        indexes = [models.Index(fields=["contract", "-id"], name="latest_contract_term")]

    def __str__(self) -> str:
        return f"Term of {self.contract}"


class ExtensionOption(models.Model):
    """A right to make the contract longer, and the last day to use it. Used in the order of ``number``."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    notice_by = models.DateField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="one_option_per_number"),
            models.CheckConstraint(condition=models.Q(months__gte=1, months__lte=240), name="option_of_some_months"),
        ]

    def __str__(self) -> str:
        return f"Option {self.number} of {self.contract}"
