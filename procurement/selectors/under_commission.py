"""What hangs under a commission in this room: its requests and exercises, for the commission's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef

from casework.models import CaseFile, Wall
from commissioning.selectors.folding import Folded
from organisation.formatting import day, money
from organisation.models import Person
from procurement.models import Exercise, ProcurementRequest
from procurement.selectors.pages import TONES
from procurement.states import REQUEST_TONES, ExerciseState, RequestState, RunBy

KINDS = ("request", "exercise")
RELATED = (
    "procurement_request__lead",
    "procurement_request__item",
    "exercise__route",
    "exercise__chosen__supplier",
)
Line = dict[str, object]


@dataclass
class Buying:
    """The lines of the panel, newest first, requests above exercises; and what stands now."""

    requests: list[Line] = field(default_factory=list)
    exercises: list[Line] = field(default_factory=list)
    is_accepted: bool = False
    has_live_request: bool = False
    has_live_exercise: bool = False


def files_under(case_file: CaseFile) -> list[Any]:
    """The files of requests and exercises under a commission's, newest first, in one statement.

    Kept on the file in hand, because the strip of gates and the panel of one page both ask. ``walled`` says from whom
    each is kept: whoever shows a row leaves out theirs.
    """
    known: list[Any] | None = getattr(case_file, "buying_files", None)
    if known is not None:
        return known
    walls = Wall.objects.filter(case_file=OuterRef("pk"), lifted_at__isnull=True).order_by("pk")
    rows = CaseFile.objects.filter(root=case_file, kind__in=KINDS).annotate(walled=Folded(walls, "person_id"))
    found = list(rows.select_related(*RELATED).order_by("-pk"))
    case_file.buying_files = found  # type: ignore[attr-defined]
    return found


def buying_of(case_file: CaseFile, person: Person) -> Buying:
    """What a person may see under a commission's file that they see."""
    found = Buying()
    for case in files_under(case_file):
        if any(wall["person_id"] == person.pk for wall in case.walled):
            continue
        if case.kind == "request":
            _add_request(found, case, case.procurement_request)
        else:
            _add_exercise(found, case, case.exercise)
    return found


def _add_request(found: Buying, case: CaseFile, row: ProcurementRequest) -> None:
    found.is_accepted = found.is_accepted or row.state == RequestState.ACCEPTED
    found.has_live_request = found.has_live_request or row.is_live
    note = ""
    if row.state == RequestState.ACCEPTED and row.lead is not None:
        note = f"{row.get_path_display()}, led by {row.lead.name}, by {day(row.target_on)}"
    elif row.state == RequestState.SUBMITTED and row.item is not None and row.item.due_on is not None:
        note = f"CCPS answers by {day(row.item.due_on)}"
    found.requests.append(
        {
            "title": f"Request {case.reference}",
            "url": row.get_absolute_url(),
            "note": note,
            "tag": (row.get_state_display(), REQUEST_TONES[RequestState(row.state)]),
        }
    )


def _add_exercise(found: Buying, case: CaseFile, row: Exercise) -> None:
    is_live = row.state != ExerciseState.ABANDONED
    found.has_live_exercise = found.has_live_exercise or is_live
    who = "the service area" if row.run_by == RunBy.SERVICE else "CCPS"
    price = f". {row.chosen.supplier}, {money(row.chosen.amount_ex_vat)}" if row.chosen and is_live else ""
    found.exercises.append(
        {
            "title": f"{case.reference} {case.title}",
            "url": row.get_absolute_url(),
            "note": f"{row.route.name}, run by {who}{price}",
            "tag": (row.get_state_display(), TONES.get(ExerciseState(row.state), "grey")),
        }
    )
