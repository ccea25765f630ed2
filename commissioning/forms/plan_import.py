"""The forms of importing a forward plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from commissioning.forms.commission import AreaField, areas_for
from commissioning.plan_reading import FIELDS
from organisation.forms import PageForm
from organisation.models import Person, ServiceArea


class UploadPlanForm(PageForm):
    """A file, and the service area of lines that name none."""

    submit_label = "Read the file"
    file = forms.FileField(
        label="CSV file or Excel workbook (XLSX)",
        help_text="The first line names the columns. Nothing is created before you have seen what each line makes.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv", "class": "govuk-file-upload"}),
        error_messages={"required": "Choose a file", "empty": "The file is empty"},
    )
    service_area = AreaField(
        ServiceArea.objects.none(),
        label="Which service area do lines without one belong to?",
        empty_label="Choose a service area",
        error_messages={"required": "Choose a service area", "invalid_choice": "Choose one of your service areas"},
    )

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        """Offer the areas in which the person registers."""
        super().__init__(*args, user=user, **kwargs)
        self.fields["service_area"].queryset = areas_for(user)  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what is neither."""
        sent = self.cleaned_data["file"]
        if not str(sent.name).lower().endswith((".csv", ".xlsx")):
            raise forms.ValidationError("Choose a CSV file or an Excel workbook (XLSX)")
        return sent


class ColumnsForm(PageForm):
    """Which column of the file is what."""

    submit_label = "Read the columns this way"

    def __init__(self, *args: Any, header: Sequence[str], columns: dict[str, Any], **kwargs: Any) -> None:
        """Offer every column for every field."""
        super().__init__(*args, **kwargs)
        choices = [
            ("", "Not in the file"),
            *((str(place), name or f"Column {place + 1}") for place, name in enumerate(header)),
        ]
        for name, label in FIELDS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=name == "title",
                initial=str(columns[name]) if name in columns else "",
                error_messages={"required": "Choose the column of the title", "invalid_choice": "Choose a column"},
            )

    @property
    def columns(self) -> dict[str, int]:
        """The places chosen."""
        return {name: int(self.cleaned_data[name]) for name in FIELDS if self.cleaned_data.get(name)}
