"""Procurement requests as other rooms and the pages of this one read them."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from documents.models import Answer
from procurement.models import ProcurementRequest, RouteToMarket
from procurement.states import NOT_LIVE, RequestState


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
