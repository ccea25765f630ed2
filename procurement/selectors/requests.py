"""Procurement requests as other rooms and the pages of this one read them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from procurement.models import ProcurementRequest
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
