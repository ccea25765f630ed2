"""Attaching, replacing and removing a file."""

from __future__ import annotations

from typing import Any

from django import forms

from documents.file_checks import ACCEPT, PERMITTED_WORDS
from documents.states import Classification
from organisation.forms import PageForm, TextField


def _file_field(label: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=f"{PERMITTED_WORDS}.",
        # An empty file is refused by the same words as every other wrong one.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT, "class": "govuk-file-upload"}),
        error_messages={"required": "Choose a file to attach"},
    )


class AttachForm(PageForm):
    """One file and who it is for."""

    submit_label = "Attach this file"

    file = _file_field("File")
    classification = forms.ChoiceField(
        label="Who it is for",
        choices=Classification.choices,
        help_text="Anything but Official is opened only by those whose work needs it.",
    )


class ReplaceForm(AttachForm):
    """A newer file in the place of one."""

    submit_label = "Replace the file"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what happens to the old one."""
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "Newer file"


class RemoveForm(PageForm):
    """Why a file goes."""

    submit_label = "Remove the file"
    submit_tone = "warning"

    reason = TextField(label="Reason", rows=3, max_length=500, help_text="Kept in the history.")
