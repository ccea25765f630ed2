"""The form of one row of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from documents.kinds import TABLE, Json, cell_question, digest
from documents.shape import QuestionShape
from organisation.forms import PageForm


class RowForm(PageForm):
    """One box for each column that is filled in. A wrong value is refused here: a row is short, and on its own page."""

    was = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": None}))

    def __init__(
        self, *args: Any, question: QuestionShape, cells: Mapping[str, Json] | None = None, **kwargs: Any
    ) -> None:
        """Take the table question and the row as it stands (None for a new one)."""
        super().__init__(*args, **kwargs)
        self.question = question
        self.submit_label = "Save this row" if cells is not None else "Add this row"
        self.fields["was"].initial = digest(dict(cells)) if cells is not None else ""
        for column in TABLE.asked_columns(question):
            kind = TABLE.cell_kind(column)
            field = kind.field(cell_question(column))
            if cells is not None and column.key in cells:
                field.initial = kind.for_field(cells[column.key])
            self.fields[column.key] = field

    def cells(self) -> dict[str, Json]:
        """The cells as they were sent."""
        return TABLE.read_row(self.question, self.data)

    def clean(self) -> dict[str, Any]:
        """Refuse a row with nothing in it."""
        cleaned = super().clean() or {}
        if not self.errors and not self.cells():
            raise forms.ValidationError("Fill in at least one box, or cancel")
        return cleaned
