"""The forms of the principles, of a conflict between two of them, and of the risk log."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.sheets import SheetForm
from commissioning.models import Principle, RiskLogEntry
from commissioning.selectors.people import choosable
from organisation import clock
from organisation.forms import DayField, LineField, PageForm, PersonField, TextField


class PrinciplesForm(PageForm):
    """One box a principle. Nothing to weigh: they are equal."""

    submit_label = "Save"

    def __init__(self, *args: Any, principles: list[tuple[Principle, str]], **kwargs: Any) -> None:
        """Take the principles with what was written so far."""
        self.principles = principles
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]
        for row, how in principles:
            self.base_fields[f"how_{row.pk}"] = TextField(
                label=row.name, help_text=row.summary, max_length=2000, rows=3, required=False, initial=how
            )
        super().__init__(*args, **kwargs)

    def given(self) -> dict[int, str]:
        """What was written, by the principle's id."""
        return {row.pk: self.cleaned_data[f"how_{row.pk}"] for row, _ in self.principles}


class ConflictForm(SheetForm):
    """Two principles that pull apart, and what was chosen."""

    first = forms.ModelChoiceField(
        Principle.objects.none(), label="Which principle?", empty_label="Choose a principle",
        error_messages={"required": "Choose a principle"},
    )  # fmt: skip
    second = forms.ModelChoiceField(
        Principle.objects.none(), label="Which other one does it pull against?", empty_label="Choose a principle",
        error_messages={"required": "Choose the other principle"},
    )  # fmt: skip
    choice = LineField(label="What was chosen?", max_length=500, called="what was chosen")
    reason = LineField(label="Why?", max_length=1000, called="reason")
    decided_by = PersonField(None, label="Who decided?", called="who decided")
    decided_on = DayField(label="When was it decided?", called="day of the decision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer this council's principles and people."""
        super().__init__(*args, **kwargs)
        rows = Principle.objects.in_force().filter(framework_id=self.commission.case_file.organisation.framework_id)
        for name in ("first", "second"):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["decided_by"].queryset = choosable(self.commission)  # type: ignore[attr-defined]
        self.fields["decided_on"].latest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Two different ones."""
        cleaned = super().clean()
        if self.cleaned_data.get("first") and self.cleaned_data["first"] == self.cleaned_data.get("second"):
            self.add_error("second", "Choose a principle other than the first")
        return cleaned


class RiskLogForm(SheetForm):
    """One risk, whose it is, what is done about it, and when it is looked at again."""

    risk = LineField(label="What could happen?", max_length=300, called="what could happen")
    likelihood = forms.TypedChoiceField(
        label="How likely is it?", choices=RiskLogEntry.Size.choices, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "Choose how likely it is"},
    )  # fmt: skip
    impact = forms.TypedChoiceField(
        label="How bad would it be?", choices=RiskLogEntry.Size.choices, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "Choose how bad it would be"},
    )  # fmt: skip
    owner = PersonField(None, label="Who owns it?", called="owner")
    mitigation = LineField(label="What is done about it?", max_length=1000, called="what is done about it")
    review_on = DayField(label="When is it looked at again?", called="review date")
    is_closed = forms.BooleanField(label="It is closed: nobody need look at it again", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the people who work here."""
        super().__init__(*args, **kwargs)
        owner = self.row.owner_id if self.row is not None else None  # type: ignore[attr-defined]
        self.fields["owner"].queryset = choosable(self.commission, with_lead=owner)  # type: ignore[attr-defined]
