"""What a stage found out, decided and wrote down: read-only, for whoever works in the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from casework.models import CaseFile
from commissioning.dossier import Dossier
from commissioning.models import Commission, CommissionActivity, Gate, KeyAnswer, SuccessMeasure
from commissioning.selectors.activity_papers import Form, form_of, with_form
from commissioning.sheet_facts import PREFIX, load_sheets
from commissioning.sheets import Sheet, sheets_of_activity
from commissioning.states import STAGES, ActivityState, CommissionState
from documents.facts import FactValue
from organisation.formatting import day

SHOWN = (ActivityState.DONE, ActivityState.IN_PROGRESS)
#: Lists that read other tables cost a statement each; more than these are shown as a link only.
MOST_WITH_OTHERS = 2
GATES = {"analyse": (1,), "plan": (2, 3), "secure": (4,), "review": ()}


@dataclass(frozen=True)
class Listed:
    """One list of an activity: its lines in words, and its page."""

    title: str
    lines: tuple[str, ...]
    sums: str
    url: str


@dataclass(frozen=True)
class Output:
    """What came of one activity."""

    name: str
    url: str
    status: str
    words: str
    link: str
    form: Form | None
    lists: tuple[Listed, ...]


@dataclass(frozen=True)
class Outputs:
    """What a stage left: its activities' results, its decisions, its measures of success, its answered questions."""

    activities: tuple[Output, ...]
    decisions: tuple[tuple[str, str], ...]
    measures: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


def outputs_of(commission: Commission, stage: CommissionState) -> Outputs:
    """Everything that a stage left, in at most seven statements."""
    rows = with_form(CommissionActivity.objects.filter(commission=commission, activity__stage=stage, state__in=SHOWN))
    activities = list(rows.select_related("activity").order_by("activity__order", "activity_id"))
    wanted = {sheet.key: sheet for row in activities for sheet in sheets_of_activity(row.activity.key)}
    read = [sheet for sheet in wanted.values() if not sheet.related]
    read += [sheet for sheet in wanted.values() if sheet.related][:MOST_WITH_OTHERS]
    case_file = commission.case_file
    facts = load_sheets([case_file], [f"{PREFIX}{sheet.key}" for sheet in read]).get(case_file.pk, {})
    measures = SuccessMeasure.objects.filter(commission=commission, removed_at__isnull=True, replaced_by=None)
    gates = Gate.objects.filter(commission=commission, number__in=GATES[stage], settled_at__isnull=False)
    answered = KeyAnswer.objects.filter(commission=commission, question__stage=stage).exclude(answer="")
    return Outputs(
        activities=tuple(_output(row, facts, read) for row in activities),
        decisions=tuple(
            (f"Gate {gate.number}: {gate.get_state_display().lower()}, {day(gate.settled_at)}", gate.get_absolute_url())
            for gate in gates.order_by("number").select_related("commission")
        ),
        measures=tuple(
            f"{row.outcome}: {row.measure}, from {row.baseline_words} to {row.target_words}"
            for row in measures.order_by("pk")
        )
        if stage == CommissionState.ANALYSE
        else (),
        answers=tuple(
            (row.question.text, row.answer) for row in answered.select_related("question").order_by("question__number")
        ),
    )


def _output(row: Any, facts: dict[str, FactValue], read: Sequence[Sheet]) -> Output:
    lists = []
    for sheet in sheets_of_activity(row.activity.key):
        fact = facts.get(f"{PREFIX}{sheet.key}")
        url = reverse("commissioning:sheet", args=[row.commission_id, sheet.key])
        if fact is not None:
            lists.append(Listed(sheet.title, tuple(fact.shown.split("\n")), fact.detail, url))
        elif sheet not in read:
            lists.append(Listed(sheet.title, (), "", url))
    return Output(
        name=row.activity.name,
        url=reverse("commissioning:activity", args=[row.pk]),
        status=str(row.get_state_display()),
        words=row.output,
        link=row.output_link,
        form=form_of(row, may_write=False),
        lists=tuple(lists),
    )


def before(stage: str) -> CommissionState | None:
    """The stage before one; none before the first."""
    keys = [str(one) for one in STAGES]
    place = keys.index(stage) if stage in keys else 0
    return STAGES[place - 1] if place else None


@dataclass(frozen=True)
class Found:
    """The start of one result, for the page on which the next stage opens."""

    name: str
    url: str
    words: str


def found_before(dossier: Dossier, stage: str) -> list[Found]:
    """The results of the stage before, as the activity plan holds them: no statement of its own."""
    earlier = before(stage)
    return [
        Found(line.name, reverse("commissioning:activity", args=[line.pk]), line.said)
        for line in dossier.activities
        if line.stage == earlier and line.state in SHOWN
    ]


def load_found(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """What Analyse found, activity by activity, as a fact that the papers of Plan can show; one statement."""
    rows = (
        CommissionActivity.objects.filter(
            commission__case_file__in=case_files, activity__stage=CommissionState.ANALYSE, state__in=SHOWN
        )
        .exclude(output="")
        .order_by("activity__order", "activity_id")
        .values_list("commission__case_file_id", "commission_id", "activity__name", "output")
    )
    found: dict[int, tuple[int, list[str]]] = {}
    for case_id, commission_id, name, output in rows:
        found.setdefault(case_id, (commission_id, []))[1].append(f"{name}: {' '.join(output.split())}")
    return {
        case_id: FactValue(
            lines,
            "\n".join(lines),
            "Results of Analyse",
            change_url=reverse("commissioning:outputs", args=[commission_id, "analyse"]),
        )
        for case_id, (commission_id, lines) in found.items()
    }
