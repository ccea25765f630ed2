"""What hangs under a commission in this room: its requests and exercises, for the commission's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from casework.models import CaseFile, Wall
from commissioning.models import DeliveryDecision
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import settled
from organisation.formatting import day, money
from organisation.models import Person
from organisation.prepared import Prepared
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
LONGEST_NOTE = 300
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
    return _read(case_file).under


def is_past_gate_3(case_file: CaseFile) -> bool:
    """Whether gate 3 of the commission is approved or waived, out of the same statement."""
    return _read(case_file).is_past_gate_3


def other_delivery_of(case_file: CaseFile) -> str:
    """The delivery decision that leads to no purchase, by its name; empty where none does. The same statement."""
    return _read(case_file).other_delivery


@dataclass
class _Files:
    under: list[Any]
    is_past_gate_3: bool = False
    other_delivery: str = ""


def _read(case_file: CaseFile) -> _Files:
    known: _Files | None = getattr(case_file, "buying_files", None)
    if known is not None:
        return known
    found = _Files([])
    for row in _FILES.rows(pk=case_file.pk):
        if row.pk != case_file.pk:
            found.under.append(row)
        else:
            found.is_past_gate_3, found.other_delivery = row.is_past_gate_3, row.other_delivery or ""
    case_file.buying_files = found  # type: ignore[attr-defined]
    return found


def _files(pk: int) -> QuerySet[Any]:
    walls = Wall.objects.filter(case_file=OuterRef("pk"), lifted_at__isnull=True).order_by("pk")
    other = DeliveryDecision.objects.filter(
        commission=OuterRef("commission_id"), superseded_at__isnull=True, model__buys=False
    )
    # The commission's own file comes along: it tells how gate 3 stands, and whether anything is bought.
    rows = CaseFile.objects.filter(Q(root=pk, kind__in=KINDS) | Q(pk=pk))
    rows = rows.annotate(walled=Folded(walls, "person_id"), commission_id=F("commission__pk"))
    rows = rows.annotate(is_past_gate_3=settled(3), other_delivery=Subquery(other.values("model__name")[:1]))
    return rows.select_related(*RELATED).order_by("-pk")


_FILES: Prepared[Any] = Prepared(_files)


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
    elif row.state == RequestState.MORE_INFORMATION:
        note = "CCPS asks for information"
    elif row.state == RequestState.DECLINED:
        note = f"{row.get_decline_ground_display()}"
    if note and row.next_steps:
        note += f". Next steps: {shorten(row.next_steps, LONGEST_NOTE, placeholder='…')}"
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
