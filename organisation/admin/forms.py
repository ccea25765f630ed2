"""Forms of the administration pages that check one choice against another."""

from __future__ import annotations

from typing import Any

from django import forms

from organisation.fields import match_name
from organisation.models import Cover, Membership, Organisation, Person, PostHolding, Supplier
from organisation.roles import Role
from organisation.selectors import colleagues_of


def works_for(person: Person, organisation_id: int) -> bool:
    """Say whether somebody is employed by an organisation or holds a role there today."""
    return Person.objects.of_organisations([organisation_id]).filter(pk=person.pk).exists()


class PersonForm(forms.ModelForm):
    """A person's account, which its own holder may not close."""

    class Meta:
        model = Person
        fields = ("name", "email", "job_title", "team", "organisation", "is_active")

    #: Set by the page: who is filling the form in.
    asked_by: Person

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Everyone new belongs to somebody who looks after their account.
        if "organisation" in self.fields:
            self.fields["organisation"].required = self.instance.pk is None or self.instance.organisation_id is not None

    def clean_email(self) -> str:
        """Refuse an address that is somebody's already, however it is capitalised."""
        email: str = self.cleaned_data["email"].strip().lower()
        if Person.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Somebody already has this email address", code="unique")
        return email

    def clean_is_active(self) -> bool:
        """Refuse to let people shut themselves out."""
        is_active: bool = self.cleaned_data["is_active"]
        if not is_active and self.instance.pk == self.asked_by.pk:
            raise forms.ValidationError("You cannot disable your own account: ask another administrator")
        return is_active


class MembershipForm(forms.ModelForm):
    """A role for somebody of the same organisation."""

    class Meta:
        model = Membership
        fields = ("person", "organisation", "service_area", "role", "function", "starts_on", "ends_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields.get("role")
        if isinstance(role, forms.ChoiceField):
            role.choices = [("", "---------"), *((one.value, f"{one.label}: {one.describes}") for one in Role)]

    def clean(self) -> dict[str, Any] | None:
        """Refuse a person who is another organisation's, and a service area that is."""
        given = super().clean() or self.cleaned_data
        person, organisation = given.get("person"), given.get("organisation")
        if isinstance(person, Person) and isinstance(organisation, Organisation):
            employer = person.organisation_id
            if employer != organisation.pk and not works_for(person, organisation.pk):
                self.add_error("person", "Choose somebody of the same organisation")
        return given


class PostHoldingForm(forms.ModelForm):
    """A post for somebody of the same organisation."""

    class Meta:
        model = PostHolding
        fields = ("post", "person", "starts_on", "ends_on")

    def clean(self) -> dict[str, Any] | None:
        """Refuse a person who is another organisation's."""
        given = super().clean() or self.cleaned_data
        person, post = given.get("person"), given.get("post")
        if person is not None and post is not None and not works_for(person, post.organisation_id):
            self.add_error("person", "Choose somebody of the post's organisation")
        return given


class CoverAdminForm(forms.ModelForm):
    """Cover between two people of the same organisation."""

    class Meta:
        model = Cover
        fields = ("absent", "deputy", "starts_on", "ends_on", "ended_on", "note")

    def clean(self) -> dict[str, Any] | None:
        """Refuse a deputy from another organisation than the person they stand in for."""
        given = super().clean() or self.cleaned_data
        absent, deputy = given.get("absent"), given.get("deputy")
        if absent is not None and deputy is not None and not colleagues_of(absent).filter(pk=deputy.pk).exists():
            self.add_error("deputy", "Choose somebody of the same organisation, other than the person who is away")
        return given


class SupplierForm(forms.ModelForm):
    """A supplier, known once however its name is spelt."""

    class Meta:
        model = Supplier
        fields = (
            "organisation", "name", "company_number", "charity_number", "postcode", "is_sme", "is_vcse", "on_watch",
        )  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        """Refuse a second row for the same supplier: the database compares the matching form of the name."""
        given = super().clean() or self.cleaned_data
        organisation = given.get("organisation") or self.instance.organisation_id
        twins = Supplier.objects.filter(
            organisation=organisation,
            match_name=match_name(given.get("name") or ""),
            company_number=given.get("company_number") or "",
        )
        if given.get("name") and organisation and twins.exclude(pk=self.instance.pk).exists():
            self.add_error("name", "This supplier is already recorded")
        return given
