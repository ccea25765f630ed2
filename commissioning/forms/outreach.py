"""The forms of communications, of findings passed on, and of prices that only the sourcing team reads."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.sheets import SheetForm
from commissioning.models import Commission
from commissioning.models.outreach import Communication
from organisation import clock
from organisation.forms import DayField, LineField, PageForm, TextField, VersionedPageForm, YesNoField
from organisation.models import ServiceArea


class CommunicationForm(SheetForm):
    """One message, planned or sent."""

    message = LineField(label="What is the message?", help_text="Like “The tender is out”.", called="message")
    audience = forms.ChoiceField(
        label="Whom is it for?",
        choices=Communication.Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whom it is for"},
    )
    channel = forms.ChoiceField(
        label="How does it go out?",
        choices=Communication.Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it goes out"},
    )
    planned_on = DayField(label="For what day is it planned?", called="planned day")
    sent_on = DayField(
        label="When was it sent?",
        help_text="Leave it empty while it is planned.",
        required=False,
        called="day of sending",
    )
    outcome = LineField(label="What came of it?", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Nothing was sent in the future."""
        super().__init__(*args, **kwargs)
        self.fields["sent_on"].latest = clock.today()  # type: ignore[attr-defined]


class PriceFeedbackForm(VersionedPageForm):
    """What the market said about prices."""

    submit_label = "Save"

    words = TextField(
        label="What was said about prices?",
        help_text="Only CCPS reads this. It stays out of the log, of papers and of searches.",
        max_length=5000,
        rows=6,
        called="price feedback",
    )


class PassFindingForm(PageForm):
    """What another service area or commission should know."""

    submit_label = "Pass it on"

    words = TextField(label="What should they know?", max_length=1000, rows=4, called="finding")
    area = forms.ModelChoiceField(
        ServiceArea.objects.none(), label="Which service area?", required=False, empty_label="Choose a service area"
    )
    reference = LineField(
        label="Or which commission?",
        help_text="Its reference, like COM-2026-0012.",
        max_length=20,
        width="width-10",
        required=False,
        called="reference of the commission",
    )

    def __init__(self, *args: Any, commission: Commission, **kwargs: Any) -> None:
        """Offer the areas of the council, and take the reference of any other commission the person may see."""
        super().__init__(*args, **kwargs)
        self.commission = commission
        self.found: Commission | None = None
        field: Any = self.fields["area"]
        field.queryset = ServiceArea.objects.filter(organisation_id=commission.case_file.organisation_id).order_by(
            "name"
        )

    def clean(self) -> dict[str, Any] | None:
        """One receiver, and a commission that the person may see."""
        cleaned = super().clean()
        area, reference = self.cleaned_data.get("area"), (self.cleaned_data.get("reference") or "").strip().upper()
        if bool(area) == bool(reference):
            self.add_error("area", "Choose a service area or give the reference of a commission, one of them")
        elif reference:
            self.found = self._commission(reference)
        return cleaned

    def _commission(self, reference: str) -> Commission | None:
        assert self.user is not None
        rows = Commission.objects.visible_to(self.user).exclude(pk=self.commission.pk)
        found = rows.filter(
            case_file__reference=reference, case_file__organisation_id=self.commission.case_file.organisation_id
        ).first()
        if found is None:
            self.add_error("reference", "You can see no other commission with this reference")
        elif not found.case_file.is_open:
            self.add_error("reference", "This commission has ended, so nobody would read it")
        return found


class UsedForm(PageForm):
    """Whether a finding was used."""

    submit_label = "Save"

    was_used = YesNoField(
        label="Did you use it?", yes="Yes, we used it", no="No", error_messages={"required": "Choose if you used it"}
    )
    used_how = TextField(label="How, or why not?", max_length=500, rows=3, called="reason")
