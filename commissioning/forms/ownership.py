"""Forms that say who owns activities, and when they run."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.models import Activity
from organisation.forms import DayField, PageForm, PersonField, TextField, VersionedPageForm
from organisation.models import Person

LEADERS = Activity.Owner.choices


class LeadForm(VersionedPageForm):
    """Who leads one activity, its owner by name, and its planned days."""

    submit_label = "Save"

    led_by = forms.ChoiceField(label="Who leads it?", choices=LEADERS, widget=forms.RadioSelect)
    lead = PersonField(Person.objects.none(), label="Who owns it?", called="owner")
    starts_on = DayField(label="When does it start?", called="planned start", required=False)
    due_on = DayField(label="When is it due?", called="planned end", required=False)
    reason = TextField(label="Why is it changed?", called="reason", max_length=500, rows=2, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        """Take the people who may own it."""
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """It ends after it starts."""
        cleaned = super().clean()
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("due_on")
        if first and last and last < first:
            self.add_error("due_on", "The planned end must be on or after the planned start")
        return cleaned


class HandOverForm(PageForm):
    """One owner for several activities at once."""

    submit_label = "Name this owner"

    led_by = forms.ChoiceField(
        label="For the activities led by", choices=LEADERS, widget=forms.RadioSelect,
        error_messages={"required": "Choose who leads the activities"},
    )  # fmt: skip
    owner = PersonField(Person.objects.none(), label="Who owns them?", called="owner")
    which = forms.ChoiceField(
        label="Which of them?",
        choices=[("blank", "Only those without an owner"), ("every", "All that are not completed")],
        widget=forms.RadioSelect,
        initial="blank",
        error_messages={"required": "Choose which activities"},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        """Take the people who may own them."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
