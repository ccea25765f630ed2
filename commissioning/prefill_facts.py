"""Rows that papers begin with: people's time, engagement, main dates, risks and benefits that were entered elsewhere.

Each fact's value is a list of rows, by the columns of the question that copies it when a paper is begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from casework.models import CaseFile
from commissioning.models import (
    Engagement,
    MeasureResult,
    PlannedStep,
    RiskLogEntry,
    TimelineStep,
    WorkTime,
)
from commissioning.record_facts import STANDING_MEASURES, measure_line
from commissioning.selectors.step_records import records_of
from documents.facts import FactValue, pks_of, register_fact
from documents.kinds.single import LONGEST_LINE
from organisation.formatting import counted
from organisation.prepared import Prepared

_MOST = 30


_PEOPLE: Prepared[Any] = Prepared(
    lambda case_files: (
        WorkTime.objects.filter(commission__case_file__in=case_files, removed_at__isnull=True)
        .order_by("team", "person__name", "month")
        .values_list("commission__case_file_id", "commission_id", "team", "person__name", "month", "days")
    )
)
_TALKS = Prepared(
    lambda case_files: (
        Engagement.objects.filter(commission__case_file__in=case_files, removed_at__isnull=True)
        .order_by("takes_place_on", "pk")
        .select_related("commission")
    )
)
_RISKS = Prepared(
    lambda case_files: (
        RiskLogEntry.objects.filter(commission__case_file__in=case_files, removed_at__isnull=True, is_closed=False)
        .select_related("commission", "owner")
        .order_by("-impact", "-likelihood", "pk")
    )
)


def _milestones(case_files: tuple[int, ...]) -> Any:
    rows = PlannedStep.objects.filter(
        commission__case_file__in=case_files, is_milestone=True, left_out_reason=""
    ).order_by("ends_on", "order")
    catalogue = TimelineStep.objects.filter(
        framework=OuterRef("commission__case_file__organisation__framework"), key=OuterRef("key")
    )
    return rows.select_related("commission").annotate(shown_by=Subquery(catalogue.values("shown_by")[:1]))


_MILESTONES: Prepared[Any] = Prepared(_milestones)


def load_people(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """Whose time is needed, added up by team and person, in one statement."""
    found: dict[int, dict[tuple[str, str], list[Any]]] = {}
    pages: dict[int, int] = {}
    for case_id, pk, team, person, month, days in _PEOPLE.rows(case_files=pks_of(case_files)):
        pages[case_id] = pk
        entry = found.setdefault(case_id, {}).setdefault((team, person or ""), [Decimal(0), month, month])
        entry[0], entry[2] = entry[0] + days, month
    return {
        case_id: _rows(
            [
                {
                    "role": team,
                    "who": who,
                    # The paper asks for whole days; half a day is a day of somebody's diary.
                    "days": ceil(days),
                    "when": _months(first, last),
                }
                for (team, who), (days, first, last) in of_case.items()
            ],
            "People's time",
            reverse("commissioning:sheet", args=[pages[case_id], "work_time"]),
        )
        for case_id, of_case in found.items()
    }


def load_engagement(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """Whom the council talked to, what it heard and what changed, in one statement."""
    found: dict[int, list[dict[str, Any]]] = {}
    pages: dict[int, int] = {}
    for row in _TALKS.rows(case_files=pks_of(case_files)):
        case_id = row.commission.case_file_id
        pages[case_id] = row.commission_id
        on = row.takes_place_on.isoformat() if row.takes_place_on else None
        cells = {"when": on, "who": row.title, "heard": row.heard or None, "changed": row.changed or None}
        found.setdefault(case_id, []).append({key: value for key, value in cells.items() if value})
    return {
        case_id: _rows(cells, "Engagement log", reverse("commissioning:sheet", args=[pages[case_id], "engagement"]))
        for case_id, cells in found.items()
    }


def load_dates(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """The milestones of the timeline that was worked out, in one statement beside what shows which of them are over.

    One that is over stands with the day on which it was, not with the day it had been planned for.
    """
    steps = _MILESTONES.rows(case_files=pks_of(case_files))
    shown = records_of({row.commission_id: row.commission for row in steps}.values())
    found: dict[int, list[dict[str, Any]]] = {}
    pages: dict[int, int] = {}
    for row in steps:
        case_id = row.commission.case_file_id
        pages[case_id] = row.commission_id
        record = shown[row.commission_id].shows(row.gate, row.shown_by or ())
        on = record.on if record and record.on else row.ends_on
        cells = {"milestone": row.name, "on": on.isoformat(), "owner": str(row.get_lane_display())}
        found.setdefault(case_id, []).append(cells)
    return {
        case_id: _rows(
            sorted(cells, key=lambda row: str(row["on"])),
            "Timeline",
            reverse("commissioning:timeline", args=[pages[case_id]]),
        )
        for case_id, cells in found.items()
    }


def load_risks(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """The open risks of the log, the gravest first, in one statement."""
    found: dict[int, list[dict[str, Any]]] = {}
    pages: dict[int, int] = {}
    for row in _RISKS.rows(case_files=pks_of(case_files)):
        case_id = row.commission.case_file_id
        pages[case_id] = row.commission_id
        cells = {
            "risk": row.risk[:LONGEST_LINE],
            "likelihood": _size(row.likelihood),
            "impact": _size(row.impact),
            "action": row.mitigation,
            "owner": row.owner.name,
        }
        found.setdefault(case_id, []).append(cells)
    return {
        case_id: _rows(cells, "Risk log", reverse("commissioning:sheet", args=[pages[case_id], "risks"]))
        for case_id, cells in found.items()
    }


def _size(size: int) -> str:
    """What papers call a size of the log: low, medium, high."""
    return RiskLogEntry.Size(size).name.lower()


def load_benefits(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """The outcomes that success is measured by, each with how it will be known, in one statement."""
    found: dict[int, list[dict[str, Any]]] = {}
    pages: dict[int, int] = {}
    for row in STANDING_MEASURES.rows(case_files=pks_of(case_files)):
        case_id = row.commission.case_file_id
        pages[case_id] = row.commission_id
        cells = {"benefit": row.outcome[:LONGEST_LINE], "known_by": measure_line(row)[:LONGEST_LINE]}
        found.setdefault(case_id, []).append(cells)
    return {
        case_id: _rows(cells, "Success measures", reverse("commissioning:success_measures", args=[pages[case_id]]))
        for case_id, cells in found.items()
    }


def load_results(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """Each success measure that stands with its newest result, in two statements."""
    newest = MeasureResult.objects.filter(measure__commission__case_file__in=case_files, removed_at__isnull=True)
    results = {row.measure_id: row for row in newest.order_by("measured_on", "pk")}
    found: dict[int, list[dict[str, Any]]] = {}
    pages: dict[int, int] = {}
    for row in STANDING_MEASURES.rows(case_files=pks_of(case_files)):
        case_id = row.commission.case_file_id
        pages[case_id] = row.commission_id
        cells = {"outcome": row.outcome[:LONGEST_LINE], "measure": measure_line(row)[:LONGEST_LINE]}
        if result := results.get(row.pk):
            cells |= {"result": result.result, "evidence": result.evidence}
            if result.reached != MeasureResult.Reached.TOO_EARLY:
                cells["achieved"] = result.reached
        found.setdefault(case_id, []).append(cells)
    return {
        case_id: _rows(cells, "Success measures", reverse("commissioning:success_measures", args=[pages[case_id]]))
        for case_id, cells in found.items()
    }


def _rows(cells: list[dict[str, Any]], source: str, url: str) -> FactValue:
    return FactValue(cells[:_MOST], counted(len(cells), "row"), source, None, url)


def _months(first: Any, last: Any) -> str:
    return f"{first:%B %Y}" if first == last else f"{first:%B %Y} to {last:%B %Y}"


def register_own() -> None:
    """Register the facts."""
    register_fact("rows_people", "People's time, in rows", load_people)
    register_fact("rows_engagement", "Engagement, in rows", load_engagement)
    register_fact("rows_dates", "Milestones, in rows", load_dates)
    register_fact("rows_risks", "Open risks of the log, in rows", load_risks)
    register_fact("rows_results", "Success measures and their results, in rows", load_results)
    register_fact("rows_benefits", "Outcomes and their measures, in rows", load_benefits)
