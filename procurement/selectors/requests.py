"""Procurement requests as other rooms and the pages of this one read them."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from casework.models import CaseFile
from documents.models import Answer
from organisation.formatting import day
from organisation.models import Person
from procurement.models import ProcurementRequest, RouteToMarket
from procurement.states import NOT_LIVE, REQUEST_TONES, RequestState


def accepted() -> Exists:
    """Whether CCPS has accepted a request of the commission: an expression over ``OuterRef("commission_id")``."""
    return Exists(accepted_requests(OuterRef("commission_id")))


def accepted_requests(commission_id: object) -> QuerySet[ProcurementRequest]:
    """The accepted request of a commission; at most one, because only one is live at a time."""
    return ProcurementRequest.objects.filter(commission_id=commission_id, state=RequestState.ACCEPTED)


def live_requests(commission_id: object) -> QuerySet[ProcurementRequest]:
    """The request of a commission that still asks for, or holds, CCPS's time."""
    return ProcurementRequest.objects.filter(commission_id=commission_id).exclude(state__in=NOT_LIVE)


# What the form of the default framework offers, by the key of the route to market it stands for.
_ROUTES: Final = {
    "flexible": "competitive_flexible",
    "framework": "framework_further_competition",
    "joint": "joint_procurement",
}


def form_answers(request: ProcurementRequest, *keys: str) -> dict[str, object]:
    """What the form says to some of its questions, in one statement."""
    rows = Answer.objects.filter(paper=request.paper_id, question_key__in=keys, is_offered=False)
    return dict(rows.values_list("question_key", "value"))


def route_named(framework_id: int, said: object) -> RouteToMarket | None:
    """The route to market that an answer of the form names, if it names one that is offered."""
    if not isinstance(said, str) or not said:
        return None
    key = _ROUTES.get(said, said)
    return RouteToMarket.objects.in_force().filter(framework_id=framework_id, key=key).first()


def requests_of(case_file: CaseFile, person: Person) -> list[dict[str, Any]]:
    """The requests under a commission's file that a person may see, newest first, in one statement."""
    seen = ProcurementRequest.objects.visible_to(person).filter(case_file__root=case_file)
    return [
        {
            "reference": f"Request {row.case_file.reference}",
            "url": row.get_absolute_url(),
            "state": row.state,
            "state_words": row.get_state_display(),
            "tone": REQUEST_TONES[RequestState(row.state)],
            "is_live": row.is_live,
            "note": _note(row),
        }
        for row in seen.select_related("case_file", "lead", "item").order_by("-pk")
    ]


def _note(row: ProcurementRequest) -> str:
    if row.state == RequestState.ACCEPTED and row.lead is not None:
        return f"{row.get_path_display()}, led by {row.lead.name}, by {day(row.target_on)}"
    if row.state == RequestState.SUBMITTED and row.item is not None and row.item.due_on is not None:
        return f"CCPS answers by {day(row.item.due_on)}"
    return ""
