"""The filters of the dashboard, as they stand in its address."""

from __future__ import annotations

from typing import Any

from django import forms

from organisation.forms import GdsForm
from reporting.periods import DEFAULT_PERIOD, PERIODS
from reporting.selectors.places import Places


class DashboardForm(GdsForm, forms.Form):
    """What the figures are narrowed to. A value that cannot be chosen is told and left out."""

    directorate = forms.ChoiceField(label="Directorate", required=False)
    category = forms.ChoiceField(label="Category", required=False)
    period = forms.ChoiceField(label="Period", choices=list(PERIODS.items()), required=False)

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        """Offer what this person's organisations have."""
        super().__init__(*args, **kwargs)
        offered = {
            "directorate": [("", "All directorates"), *places.directorates],
            "category": [("", "All categories"), *places.categories],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = f"{field.label}: choose one from the list"

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen and exists; the usual period is left out, as an address leaves it out."""
        self.is_valid()
        found = {name: str(value) for name, value in self.cleaned_data.items() if value}
        return {name: value for name, value in found.items() if (name, value) != ("period", DEFAULT_PERIOD)}
