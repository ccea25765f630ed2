"""The sheets of Review: what came of the success measures."""

from __future__ import annotations

from commissioning.forms.measure_results import MeasureResultForm
from commissioning.models.measure_results import MeasureResult
from commissioning.sheets import Column, Sheet, register_sheet
from organisation.formatting import day


def _target(row: MeasureResult) -> str:
    return f"{row.measure.target_words} by {day(row.measure.by_when)}"


RESULTS = Sheet(
    key="measure_results",
    title="Results against the success measures",
    one="a result",
    model=MeasureResult,
    form=MeasureResultForm,
    activity="outcomes_assessment",
    home="commissioning:success_measures",
    beside=("Success measures", "commissioning:success_measures"),
    intro="The measures stand as gate 1 agreed them. Put beside each what came of it, and what shows it.",
    empty="No result is recorded yet.",
    rank=("measure__by_when", "measure_id", "-measured_on"),
    related=("measure",),
    columns=(
        Column("Measure", lambda row: row.measure.measure),
        Column("Target", _target),
        Column("Result", lambda row: row.result),
        Column("On", lambda row: day(row.measured_on)),
        Column("Reached", lambda row: str(row.get_reached_display())),
        Column("Evidence", lambda row: row.evidence),
    ),
)


def register_own() -> None:
    """Register the sheets of Review."""
    register_sheet(RESULTS)
