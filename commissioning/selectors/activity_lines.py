"""The activities of a commission as its pages and guards read them, and what the guards of one activity read."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.utils.dateparse import parse_date

from casework.lifecycle import dossier_of
from commissioning.dossier import ActivityDossier, ActivityLine
from commissioning.models import Commission, CommissionActivity
from commissioning.selectors import activity_standing
from commissioning.selectors.activity_papers import with_form
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import moment_in
from commissioning.sheets import checks_of, sheets_of_activity
from commissioning.states import ActivityState
from documents.states import PaperState
from organisation.prepared import Prepared

_ACTIVITY = (
    "pk",
    "state",
    "reason",
    "due_on",
    "done_at",
    "is_suggested",
    *("key", "name", "stage", "group", "owner", "lead_name", "said"),
    *("case_state", "case_outcome", "specification_state"),
)
#: How much of what came of an activity a list of many shows.
MOST_SAID = 300


def with_activities(rows: Any) -> Any:
    """Fold the activity plan into commissions, for pages that have no statement to spare."""
    return rows.annotate(
        st_activities=Folded(_plan_rows(CommissionActivity.objects.filter(commission=OuterRef("pk"))), *_ACTIVITY)
    )


def activities_of(commission: Commission) -> tuple[ActivityLine, ...]:
    """The activity plan in the catalogue's order, in one statement; in none where it was folded in."""
    folded = getattr(commission, "st_activities", None)
    if folded is not None:
        return tuple(map(_activity_line, folded))
    return tuple(map(_activity_line, _PLAN.rows(commission=commission.pk)))


def _plan_rows(rows: Any) -> Any:
    return rows.order_by("activity__order", "activity_id").annotate(
        key=F("activity__key"),
        name=F("activity__name"),
        stage=F("activity__stage"),
        group=F("activity__group"),
        owner=Coalesce(NullIf("led_by", Value("")), "activity__owner"),
        lead_name=F("lead__name"),
        said=Left("output", MOST_SAID),
        **activity_standing.columns(),
    )


_PLAN: Prepared[Any] = Prepared(
    lambda commission: _plan_rows(CommissionActivity.objects.filter(commission=commission)).values(*_ACTIVITY)
)


def _activity_line(row: dict[str, Any]) -> ActivityLine:
    due_on, done_at = row["due_on"], row["done_at"]
    return ActivityLine(
        pk=row["pk"],
        key=row["key"],
        name=row["name"],
        stage=row["stage"],
        group=row["group"],
        state=row["state"],
        state_words=str(ActivityState(row["state"]).label),
        owner=row["owner"],
        reason=row["reason"],
        lead=row["lead_name"] or "",
        due_on=parse_date(due_on) if isinstance(due_on, str) else due_on,
        done_at=moment_in(done_at) if isinstance(done_at, str) else done_at,
        is_suggested=bool(row["is_suggested"]),
        said=row["said"],
        stands=activity_standing.words_of(row),
    )


@dossier_of(CommissionActivity)
def load_activity(activity: CommissionActivity) -> ActivityDossier:
    """An activity, whether files, lines or its form show what came of it, and what its form and checks still miss."""
    values: Any = _OUTPUT.get(pk=activity.pk, key=activity.activity.key)
    has_lines = any(found for name, found in values.items() if name.startswith(_HAS))
    return activity_dossier(activity, values["st_paper"], has_lines=has_lines, has_files=values["st_has_files"])


def _output(pk: int, key: str) -> Any:
    """One activity of the catalogue's ``key``, with whether each of its own sheets has rows."""
    asked = {
        f"{_HAS}{sheet.key}": Exists(sheet.rows(OuterRef("commission")).order_by())
        for sheet in sheets_of_activity(key)
        if sheet.activity == key
    }
    return with_form(CommissionActivity.objects.filter(pk=pk)).values("st_paper", "st_has_files", **asked)


_HAS = "has_sheet_"
_OUTPUT: Prepared[Any] = Prepared(_output)


def activity_dossier(
    activity: CommissionActivity, papers: list[dict[str, Any]], *, has_lines: bool, has_files: bool
) -> ActivityDossier:
    """The same for a page that has read the activity ``with_form`` and the lines of its sheets already."""
    form = next(iter(papers), None)
    points = tuple(point for check in checks_of(activity.activity.key) for point in check(activity))
    return ActivityDossier(
        activity,
        has_lines or has_files or (form is not None and form["state"] == PaperState.SUBMITTED),
        points,
        draft_form=form["pk"] if form and form["state"] == PaperState.DRAFTING and form["answered"] else None,
    )
