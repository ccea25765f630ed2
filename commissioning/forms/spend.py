"""The form that takes a file of spend."""

from __future__ import annotations

from django import forms

from commissioning.models import SpendFile
from organisation.forms import PageForm


class SpendFileForm(PageForm):
    """One CSV file, and what its lines are."""

    submit_label = "Read the file"

    file = forms.FileField(
        label="CSV file",
        help_text="One line names the columns: a supplier, an amount and a date at least. "
        "Titles above it, £ signs, commas and brackets do no harm.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv", "class": "govuk-file-upload"}),
        error_messages={"required": "Choose a CSV file"},
    )
    kind = forms.ChoiceField(
        label="What are its lines?",
        choices=SpendFile.Kind.choices,
        initial=SpendFile.Kind.INVOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the lines are"},
    )
