"""The success measures of a commission, as gate 1 froze them, beside what came of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.urls import reverse

from commissioning.models import Commission, MeasureResult, SuccessMeasure

TONES = {
    MeasureResult.Reached.YES: "green",
    MeasureResult.Reached.PARTLY: "amber",
    MeasureResult.Reached.NO: "red",
    MeasureResult.Reached.TOO_EARLY: "grey",
}


@dataclass(frozen=True)
class ResultLine:
    """One result as the page shows it."""

    row: MeasureResult
    tone: str
    change_url: str


@dataclass(frozen=True)
class MeasureLine:
    """One measure that stands, its results newest first, and the page that records one more."""

    row: SuccessMeasure
    results: tuple[ResultLine, ...] = field(default=())
    record_url: str = ""


def measures_with_results(commission: Commission) -> list[MeasureLine]:
    """The measures that stand in the order of their dates, in two statements. Results stay with what they measured."""
    results = MeasureResult.objects.filter(removed_at__isnull=True).order_by("-measured_on", "-pk")
    rows = (
        SuccessMeasure.objects.filter(commission=commission, removed_at__isnull=True, replaced_by__isnull=True)
        .select_related("recorded_by", "replaces")
        .prefetch_related(Prefetch("results", queryset=results, to_attr="results_found"))
        .order_by("by_when", "pk")
    )
    add = reverse("commissioning:add_sheet_row", args=[commission.pk, "measure_results"])
    return [
        MeasureLine(
            row,
            tuple(
                ResultLine(
                    found,
                    TONES[MeasureResult.Reached(found.reached)],
                    reverse("commissioning:sheet_row", args=[commission.pk, "measure_results", found.pk]),
                )
                for found in row.results_found
            ),
            f"{add}?measure={row.pk}",
        )
        for row in rows
    ]
