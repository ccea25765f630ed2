"""Forms of success measures and planned indicators."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from commissioning.models import PlannedIndicator
from organisation import clock
from organisation.forms import DayField, LineField, TextField, VersionedPageForm


class MeasureForm(VersionedPageForm):
    """How one outcome will be measured."""

    submit_label = "Save this measure"

    outcome = LineField(label="Which outcome is it about?", max_length=300, called="outcome")
    measure = LineField(
        label="What is measured?",
        help_text="Like share of visits that start on time.",
        max_length=300,
        called="measure",
    )
    unit = LineField(
        label="In what unit?", help_text="Like %, days or people.", max_length=60, width="width-10", required=False
    )
    baseline = LineField(
        label="Where does it stand today?",
        help_text="Write “not known” if nobody has measured it.",
        max_length=100,
        width="width-20",
        called="where it stands today",
    )
    target = LineField(label="What should it reach?", max_length=100, width="width-20", called="target")
    by_when = DayField(label="By when?", called="date it should be reached")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Only a day to come."""
        super().__init__(*args, **kwargs)
        self.fields["by_when"].earliest = clock.today()  # type: ignore[attr-defined]


class ReplaceMeasureForm(MeasureForm):
    """A changed measure in the place of a frozen one."""

    submit_label = "Put this measure in its place"

    reason = TextField(label="Why does it change?", max_length=500, rows=3, called="reason")


class IndicatorForm(VersionedPageForm):
    """One indicator of performance."""

    submit_label = "Save this indicator"

    name = LineField(label="What is it called?", max_length=150, called="name")
    outcome = LineField(label="Which outcome does it serve?", max_length=300, required=False)
    unit = LineField(
        label="In what unit?", help_text="Like %, days or people.", max_length=60, width="width-10", called="unit"
    )
    baseline = forms.DecimalField(
        label="Where does it stand today?",
        help_text="Leave blank if nobody has measured it.",
        max_digits=14,
        decimal_places=2,
        required=False,
        error_messages={"invalid": "Enter a number, like 81 or 81.5"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )
    no_baseline_reason = LineField(
        label="If nobody has measured it, why not?",
        help_text="The specification is signed off once each indicator has a baseline or this reason.",
        max_length=300,
        required=False,
    )
    target = forms.DecimalField(
        label="What is the target?",
        max_digits=14,
        decimal_places=2,
        error_messages={"required": "Enter the target", "invalid": "Enter a number, like 95"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )
    tolerance = forms.DecimalField(
        label="How far may a result fall short before the target is missed?",
        help_text="In the same unit. Leave blank if it may not fall short.",
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
        error_messages={"invalid": "Enter a number, like 5", "min_value": "Enter 0 or more"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )
    direction = forms.ChoiceField(
        label="Which way is better?",
        choices=PlannedIndicator.Direction.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which way is better"},
    )
    interval = forms.ChoiceField(
        label="How often is it read?",
        choices=PlannedIndicator.Interval.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often it is read"},
    )
    source_of_data = LineField(label="Where does the figure come from?", max_length=200, required=False)

    def clean(self) -> dict[str, Any] | None:
        """A figure and the reason for none do not go together."""
        cleaned = super().clean()
        if self.cleaned_data.get("baseline") is not None and self.cleaned_data.get("no_baseline_reason"):
            self.add_error("no_baseline_reason", "Leave this blank: you gave where it stands today")
        return cleaned

    def clean_tolerance(self) -> Decimal:
        """Nothing given is no tolerance."""
        return self.cleaned_data["tolerance"] or Decimal(0)
