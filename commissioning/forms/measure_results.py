"""The form of a result against a success measure."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.chosen import ChosenField
from commissioning.forms.sheets import SheetForm
from commissioning.models import MeasureResult, SuccessMeasure
from commissioning.states import CommissionState
from organisation import clock
from organisation.forms import DayField, LineField, TextField

IN_REVIEW = "Results are recorded in Review. Until then the measures wait as gate 1 agreed them"


class MeasureResultForm(SheetForm):
    """What one measure came to."""

    measure = ChosenField(
        label="Which success measure?",
        empty="Choose a measure",
        error_messages={"required": "Choose a measure", "invalid_choice": "Choose a measure from the list"},
    )
    result = LineField(
        label="What is the result?", help_text="The figure alone: the unit is the measure's own.", max_length=100
    )
    measured_on = DayField(label="On what day did it stand there?", called="day of the result")
    reached = forms.ChoiceField(
        label="Is the target reached?",
        choices=MeasureResult.Reached.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose if the target is reached"},
    )
    evidence = TextField(label="What shows it?", max_length=2_000, rows=3, called="evidence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The measures that stand."""
        super().__init__(*args, **kwargs)
        rows = SuccessMeasure.objects.filter(commission=self.commission, removed_at=None, replaced_by=None)
        self.fields["measure"].offer(rows.order_by("by_when", "pk"), _measure_words)  # type: ignore[attr-defined]
        self.fields["measured_on"].latest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Only in Review, and once a day for each measure."""
        cleaned = super().clean()
        if self.commission.state != CommissionState.REVIEW:
            self.add_error("measure", IN_REVIEW)
        measure, on = self.cleaned_data.get("measure"), self.cleaned_data.get("measured_on")
        if measure and on:
            rows = MeasureResult.objects.filter(measure=measure, measured_on=on, removed_at=None)
            if rows.exclude(pk=self.row.pk if self.row else None).exists():
                self.add_error("measured_on", "There is a result of that day already. Change it instead")
        return cleaned


def _measure_words(row: SuccessMeasure) -> str:
    return f"{row.measure}: {row.target_words}"
