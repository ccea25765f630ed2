"""The contract: what was agreed with one supplier, from the draft to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django_fsm import GET_STATE, FSMField

from casework.lifecycle import Lifecycle, verb
from casework.models import CaseFile
from casework.querysets import CaseRecordQuerySet
from commissioning.models import Category, Commission
from contracts import guards
from contracts.states import ContractState, Party
from organisation import clock
from organisation.models import Organisation, Supplier
from procurement.models import Exercise

if TYPE_CHECKING:
    from contracts.dossier import ContractDossier

S = ContractState


def _after_signing(contract: Contract, *, dossier: ContractDossier, party: Party) -> S:
    """Signed as soon as the other side has signed too."""
    others = {signature.party for signature in dossier.signatures} - {party}
    return S.SIGNED if others else S.AWARDED


class Contract(Lifecycle):
    """One row of the register. Title, reference, service area, value and contract manager stand on its case file.

    Values and terms are rows of their own, of which the latest counts; ``starts_on`` and ``ends_on`` repeat the latest
    term so that lists can be filtered and sorted. An imported contract has no commission until someone links one.
    """

    class Execution(models.TextChoices):
        """How the contract is executed."""

        UNDERHAND = "underhand", "Signed underhand"
        SEALED = "sealed", "Under seal"

    class Tier(models.TextChoices):
        """Who supports the contract manager (framework 13)."""

        SERVICE_MANAGED = "service_managed", "Service-managed"
        CCPS_SUPPORTED = "ccps_supported", "CCPS-supported"

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="contract")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="contracts",
        help_text="The file's organisation, kept here so that the register can be sorted by its own columns.",
    )
    commission = models.ForeignKey(
        Commission, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts"
    )
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="contracts")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    state = FSMField(default=S.DRAFTED, choices=S.choices, protected=True)
    execution = models.CharField(max_length=20, choices=Execution.choices, default=Execution.UNDERHAND)
    tier = models.CharField(max_length=20, choices=Tier.choices, default=Tier.SERVICE_MANAGED)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    awarded_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseRecordQuerySet.as_manager()

    #: Read with the row by the door: the standstill and the handover follow from the exercise and its request.
    door_reads = ("exercise__request__lead", "case_file__holder", "commission__rules_version")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exercise"],
                condition=models.Q(exercise__isnull=False) & ~models.Q(state="terminated"),
                name="one_contract_per_exercise",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="contract_dates_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(registered_at__isnull=True) | models.Q(review_on__isnull=False),
                name="registered_contract_has_review_date",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "ends_on", "id"], name="register_by_end")]

    def __str__(self) -> str:
        return str(self.case_file)

    def get_absolute_url(self) -> str:
        """The contract's own page."""
        return reverse("contracts:contract", args=[self.pk])

    @verb(
        state,
        source=S.DRAFTED,
        target=S.AWARDED,
        label="Award",
        done="awarded this contract",
        act="contract.edit",
        by_system_only=True,
    )
    def award(self, **_: Any) -> None:
        """The exercise behind it was awarded."""
        self.awarded_at = clock.now()

    @verb(
        state,
        source=[S.DRAFTED, S.AWARDED],
        target=S.TERMINATED,
        label="Withdraw",
        done="withdrew this draft contract",
        act="contract.edit",
        by_system_only=True,
    )
    def withdraw(self, **_: Any) -> None:
        """The decision behind it no longer stands; nobody is bound by it."""

    @verb(
        state,
        source=S.AWARDED,
        target=GET_STATE(
            lambda contract, *, dossier, **_: _after_signing(contract, dossier=dossier, party=Party.COUNCIL),
            states=[S.AWARDED, S.SIGNED],
        ),
        label="Sign for the council",
        done="recorded the council's signature",
        act="contract.sign",
        asks_password=True,
        guard=guards.sign_for_council,
        early=guards.before_award,
        explains="The council is bound once both sides have signed. Value and dates then change only by a variation.",
    )
    def sign_for_council(self, *, dossier: ContractDossier, **_: Any) -> None:
        """The council's signature, or its seal."""
        self._note_signing(dossier, Party.COUNCIL)

    @verb(
        state,
        source=S.AWARDED,
        target=GET_STATE(
            lambda contract, *, dossier, **_: _after_signing(contract, dossier=dossier, party=Party.SUPPLIER),
            states=[S.AWARDED, S.SIGNED],
        ),
        label="Record the supplier's signature",
        done="recorded the supplier's signature",
        act="contract.record_supplier_signature",
        guard=guards.sign_for_supplier,
        early=guards.before_award,
    )
    def sign_for_supplier(self, *, dossier: ContractDossier, **_: Any) -> None:
        """The supplier's signature, as it came back."""
        self._note_signing(dossier, Party.SUPPLIER)

    @verb(
        state,
        source=S.SIGNED,
        target=S.MOBILISING,
        label="Begin mobilisation",
        done="began mobilisation",
        act="contract.edit",
        by_system_only=True,
    )
    def begin_mobilisation(self, **_: Any) -> None:
        """Both sides have signed: what must be in place before the start is laid out."""

    @verb(
        state,
        source=[S.MOBILISING, S.LIVE],
        target=None,
        label="Enter in the register",
        done="entered this contract in the register",
        act="contract.register",
        guard=guards.enter_in_register,
        explains="The register entry becomes complete, and the task for it is done.",
    )
    def enter_in_register(self, *, review_on: Any = None, **_: Any) -> None:
        """The contract stands in the council's register, with the date of its first review."""
        self.registered_at = clock.now()
        self.review_on = review_on or self.review_on
        self.audited_changes = {"review_on": [None, self.review_on]}

    @verb(
        state,
        source=S.MOBILISING,
        target=S.LIVE,
        label="Go live",
        done="put this contract live",
        act="contract.go_live",
        guard=guards.go_live,
        explains="The service starts. The commission can then move to Review.",
    )
    def go_live(self, **_: Any) -> None:
        """The service runs."""
        self.live_at = clock.now()

    def _note_signing(self, dossier: ContractDossier, party: Party) -> None:
        if _after_signing(self, dossier=dossier, party=party) == S.SIGNED:
            self.signed_at = clock.now()
