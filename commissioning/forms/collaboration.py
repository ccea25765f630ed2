"""The forms of partners, payments, teams and partnerships, and of what was considered."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.sheets import SheetForm
from commissioning.models import JointConsideration, Partner, Partnership
from organisation import clock
from organisation.forms import DayField, LineField, MoneyField, PageForm, TextField, VersionedPageForm
from organisation.models import Organisation, ServiceArea


class ConsiderForm(VersionedPageForm):
    """Whether joint commissioning was considered."""

    submit_label = "Save"
    outcome = forms.ChoiceField(
        label="Was joint commissioning considered?",
        choices=JointConsideration.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of it"},
    )
    with_whom = LineField(
        label="With whom?", max_length=500, help_text="The bodies you thought of, or spoke to.", called="with whom"
    )
    benefit = TextField(
        label="What would residents gain, or why is alone better for them?",
        max_length=3000,
        rows=4,
        called="the benefit to residents",
    )


class PartnerForm(SheetForm):
    """A body that commissions with us or for which we commission."""

    name = LineField(label="What is the partner called?", called="name of the partner")
    kind = forms.ChoiceField(
        label="What is it?",
        choices=Partner.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    role = forms.ChoiceField(
        label="What does it do here?",
        choices=Partner.Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it does here"},
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Does it work in Gatehouse too?",
        help_text="If so, its people see a summary of this commission in their own list.",
        empty_label="No, or not known",
        required=False,
        error_messages={"invalid_choice": "Choose an organisation from the list"},
    )
    agreement = LineField(
        label="Agreement",
        help_text="Needed where you commission on its behalf: name and date of the agreement.",
        required=False,
    )
    client_group = LineField(
        label="Whom does it cover?", help_text="Needed where you commission on its behalf.", required=False
    )
    share_ex_vat = MoneyField(label="Its share of the money, excluding VAT", called="share", required=False)
    conditions = LineField(label="Conditions of its money", max_length=500, required=False)
    confirmed_on = DayField(
        label="When did it confirm the commissioning principles?", required=False, called="day of the confirmation"
    )
    confirmed_by = LineField(label="Who confirmed for it?", required=False, called="name of who confirmed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every other organisation of this installation."""
        super().__init__(*args, **kwargs)
        own = self.commission.case_file.organisation_id
        self.fields["organisation"].queryset = Organisation.objects.exclude(pk=own).order_by("name")  # type: ignore[attr-defined]
        self.fields["confirmed_on"].latest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """On behalf of somebody: the agreement, whom it covers and how much. A confirmation has a name and a day."""
        cleaned = super().clean()
        given = self.cleaned_data
        if given.get("role") == Partner.Role.ON_BEHALF:
            for name, words in (
                ("agreement", "Enter the agreement under which you commission on its behalf"),
                ("client_group", "Enter whom the agreement covers"),
                ("share_ex_vat", "Enter the amount that is managed on its behalf"),
            ):
                if given.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, words)
        if bool(given.get("confirmed_on")) != bool(given.get("confirmed_by")):
            self.add_error("confirmed_by", "Enter both who confirmed and when")
        return cleaned


class PaymentForm(SheetForm):
    """Money that a partner pays."""

    partner = forms.ModelChoiceField(
        Partner.objects.none(),
        label="Which partner pays?",
        empty_label="Choose a partner",
        error_messages={"required": "Choose which partner pays", "invalid_choice": "Choose a partner from the list"},
    )
    amount_ex_vat = MoneyField(label="How much, excluding VAT?", called="amount")
    due_on = DayField(label="When is it due?", called="day it is due")
    received_on = DayField(label="When was it received?", required=False, called="day it was received")
    note = LineField(label="Note", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer this commission's partners."""
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Partner.objects.filter(  # type: ignore[attr-defined]
            commission=self.commission, removed_at=None
        ).order_by("name")

    def clean_amount_ex_vat(self) -> Any:
        """A payment is above nothing."""
        amount = self.cleaned_data["amount_ex_vat"]
        if not amount:
            raise forms.ValidationError("Amount must be more than £0")
        return amount


class TeamForm(SheetForm):
    """Another service area that works on it."""

    service_area = forms.ModelChoiceField(
        ServiceArea.objects.none(),
        label="Which service area?",
        empty_label="Choose a service area",
        error_messages={"required": "Choose a service area", "invalid_choice": "Choose a service area from the list"},
    )
    brings = LineField(label="What does it bring?", max_length=300, called="what it brings")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the other areas of the same organisation."""
        super().__init__(*args, **kwargs)
        case = self.commission.case_file
        named = self.commission.memberteam_rows.filter(removed_at=None)
        if self.row is not None:
            named = named.exclude(pk=self.row.pk or 0)
        self.fields["service_area"].queryset = (  # type: ignore[attr-defined]
            ServiceArea.objects.filter(organisation_id=case.organisation_id)
            .exclude(pk=case.service_area_id or 0)
            .exclude(pk__in=named.values("service_area"))
            .order_by("name")
        )


class LinkForm(SheetForm):
    """A partnership that the commission works through."""

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Which partnership?",
        empty_label="Choose a partnership",
        error_messages={"required": "Choose a partnership", "invalid_choice": "Choose a partnership from the list"},
    )
    note = LineField(label="What does it do here?", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the organisation's own, each once."""
        super().__init__(*args, **kwargs)
        named = self.commission.partnershiplink_rows.filter(removed_at=None)
        if self.row is not None:
            named = named.exclude(pk=self.row.pk or 0)
        self.fields["partnership"].queryset = (  # type: ignore[attr-defined]
            Partnership.objects.filter(organisation_id=self.commission.case_file.organisation_id, is_open=True)
            .exclude(pk__in=named.values("partnership"))
            .order_by("name")
        )


class PartnershipForm(VersionedPageForm):
    """A standing partnership."""

    submit_label = "Save this partnership"
    name = LineField(label="What is it called?", called="name of the partnership")
    purpose = TextField(label="What is it for?", max_length=3000, rows=3, called="purpose")
    partners = TextField(
        label="Who is in it?", help_text="One body a line.", max_length=3000, rows=4, called="who is in it"
    )
    contributions = TextField(
        label="What does each put in?",
        help_text="Money, people, buildings, data.",
        max_length=3000,
        rows=4,
        required=False,
    )
    is_open = forms.BooleanField(label="It still works together", required=False, initial=True)


class MeetingForm(PageForm):
    """A meeting and what it came to."""

    submit_label = "Record this meeting"
    held_on = DayField(label="When was it held?", called="day of the meeting")
    words = TextField(label="What came of it?", max_length=5000, rows=5, called="what came of it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """It lies behind us."""
        super().__init__(*args, **kwargs)
        self.fields["held_on"].latest = clock.today()  # type: ignore[attr-defined]


class ConfirmPrinciplesForm(PageForm):
    """A partner says that it upholds the principles."""

    submit_label = "Confirm the principles"
