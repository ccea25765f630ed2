"""What the verbs of this room ask, and what they say afterwards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from casework.verb_forms import VerbForm, verb_form
from contracts.forms.contracts import COUNCIL_METHODS
from contracts.models import Contract, Signature
from contracts.states import ContractState
from organisation import clock
from organisation.formatting import day
from organisation.forms import DayField, LineField, PersonField
from organisation.models import Membership, Person
from organisation.permissions import act_of


def who_may_sign(contract: Contract) -> Any:
    """The people who may sign for the council here, by name."""
    here = Q(service_area__isnull=True) | Q(service_area_id=contract.case_file.service_area_id)
    held = Membership.objects.in_force().filter(
        here, role__in=act_of("contract.sign").roles, organisation_id=contract.case_file.organisation_id
    )
    return Person.objects.active().filter(pk__in=held.values("person_id")).order_by("name", "pk")


class SignatureForm(VerbForm):
    """What both signatures have in common."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Say whether the contract is signed now."""
        if subject.state == ContractState.AWARDED:
            return "Signature recorded. The other side has not signed yet."
        return "Signature recorded. Both sides have signed, so mobilisation begins."


@verb_form(Contract, "sign_for_council")
class CouncilSignatureForm(SignatureForm):
    """The council's signature: a person of ours, who may."""

    person = PersonField(
        Person.objects.none(),
        label="Who signs for the council?",
        called="person who signs",
        error_messages={"invalid_choice": "Choose somebody who may sign for the council here"},
    )
    role = LineField(label="In what role?", max_length=150, called="role")
    signed_on = DayField(label="When was it signed?", called="date it was signed")
    how = forms.ChoiceField(
        label="How was it signed?",
        choices=Signature.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was signed"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer who may sign, and the ways that this contract allows."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = who_may_sign(self.subject)  # type: ignore[attr-defined, arg-type]
        self.fields["person"].initial = self.user.pk if self.user else None
        self.fields["role"].initial = self.user.job_title if self.user else ""
        self.fields["signed_on"].latest = clock.today()  # type: ignore[attr-defined]
        self.fields["signed_on"].initial = clock.today()
        ways = COUNCIL_METHODS[Contract.Execution(self.subject.execution)]  # type: ignore[attr-defined]
        self.fields["how"].choices = [(way.value, way.label) for way in ways]  # type: ignore[attr-defined]
        if len(ways) == 1:
            self.fields["how"].initial = ways[0].value


@verb_form(Contract, "sign_for_supplier")
class SupplierSignatureForm(SignatureForm):
    """The supplier's signature, as it came back. Never a person of ours."""

    signed_by = LineField(label="Who signed for the supplier?", max_length=150, called="name of who signed")
    role = LineField(label="In what role?", max_length=150, called="role")
    signed_on = DayField(label="When was it signed?", called="date it was signed")
    how = forms.ChoiceField(
        label="How was it signed?",
        choices=Signature.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was signed"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Nobody signs tomorrow."""
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].latest = clock.today()  # type: ignore[attr-defined]
        self.fields["signed_on"].initial = clock.today()

    def clean(self) -> dict[str, Any] | None:
        """Tell the guard who records it, so that nobody records themselves as the supplier."""
        cleaned = super().clean()
        if cleaned is not None and self.user is not None:
            cleaned["recorder"] = self.user
        return cleaned


@verb_form(Contract, "enter_in_register")
class RegisterForm(VerbForm):
    """The date of the first review."""

    review_on = DayField(label="When is the first review?", called="review date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start from the date on the contract; a review comes after the start."""
        super().__init__(*args, **kwargs)
        contract: Any = self.subject
        self.fields["review_on"].initial = contract.review_on
        if contract.starts_on:
            self.fields["review_on"].earliest = contract.starts_on  # type: ignore[attr-defined]

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Name the review."""
        return f"{subject.case_file.reference} is in the register. First review: {day(subject.review_on)}."


@verb_form(Contract, "go_live")
class GoLiveForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Say what comes next."""
        return f"{subject.case_file.reference} is live. Its commission can move to Review."
