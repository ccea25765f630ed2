"""A change of law while a commission runs: whoever holds the commission is asked what it means, until it is said."""

from __future__ import annotations

from django.urls import reverse

from casework import door
from casework.models import WorkItem
from casework.services import work_items
from casework.states import OUTSTANDING
from commissioning.models import LawChange
from organisation.actors import System

KIND = "law_change"
_BECAUSE = System(because="The effect of the change was written down")


def ask_for_effect(row: LawChange) -> None:
    """Ask the holder for the effect of a change, once; with the effect written down, ask no more."""
    case = row.commission.case_file
    if row.effect:
        ask_no_more(row)
        return
    if case.holder is None or WorkItem.objects.filter(case_file=case, key=_key(row)).exists():
        return
    work_items.open_item(
        case,
        by=row.recorded_by or System(because="A change of law was written down"),
        kind=KIND,
        key=_key(row),
        title=f"Say what a change means here: {row.name}"[:200],
        asks="advise",
        assignee=case.holder,
        because=row.what,
        needed_by=row.from_on,
        path=reverse("commissioning:sheet_row", args=[row.commission_id, "law_changes", row.pk]),
    )


def ask_no_more(row: LawChange) -> None:
    """Close the question, if it is open."""
    items = WorkItem.objects.filter(case_file=row.commission.case_file, key=_key(row), state__in=OUTSTANDING)
    for item in items.select_related("case_file"):
        door.carry_out(item, "close", by=_BECAUSE, note="The effect is written down")


def _key(row: LawChange) -> str:
    return f"{KIND}:{row.pk}"
