"""Procurement requests as other rooms and the pages of this one read them."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from commissioning.models import Commission
from documents.models import Answer
from procurement.models import ProcurementRequest, RouteChoice, RouteToMarket
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


# Of the routes that the form has no choice of their own for, the choice that comes nearest.
_NEAREST: Final = {
    "service_purchase": "quotation",
    "light_touch": "open_tender",
    "framework_direct": "framework",
    "dynamic_purchasing": "framework",
    "approved_list": "framework",
    "urgent_award": "direct_award",
}


def said_of_route(key: str) -> str:
    """What the form calls a route to market, by the route's key: the other way round from ``route_named``."""
    by_route = {route: said for said, route in _ROUTES.items()}
    return by_route.get(key) or _NEAREST.get(key, key)


def agreed_route(commission: Commission) -> RouteChoice | None:
    """The route that was agreed in Plan, in one statement."""
    rows = RouteChoice.objects.filter(commission=commission, removed_at__isnull=True, agreed__isnull=False)
    return rows.select_related("agreed__route").first()


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
