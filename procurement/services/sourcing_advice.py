"""Asking Legal about the route and the terms by which something will be bought, as soon as somebody chooses them."""

from __future__ import annotations

import hashlib

from casework.models import WorkItem
from casework.states import OUTSTANDING
from commissioning.models import Commission
from commissioning.services import asking
from organisation.actors import Actor
from procurement.flags import route_words, terms_words
from procurement.models import RouteToMarket
from procurement.selectors.requests import accepted_requests

TRIGGER = "sourcing_planned"
SPECIAL_TERMS = "special_terms"


def ask_about_route(commission: Commission, route: RouteToMarket | None, *, by: Actor, path: str) -> list[WorkItem]:
    """A route that the council rarely uses goes to Legal, once for each route, with its name as the reason.

    Not where CCPS accepted the request by this very route: Legal was asked to join the tender then.
    """
    if route is None or not route.is_unusual or accepted_requests(commission.pk).filter(route=route).exists():
        return []
    words = {"unusual_route": route_words(route)}
    return asking.fire(commission, TRIGGER, by=by, flags=words, words=words, ask=f"route:{route.pk}", path=path)


def ask_about_terms(commission: Commission, terms: str, *, by: Actor, path: str) -> list[WorkItem]:
    """Special terms go to Legal with their words. The same words go once; while an answer is awaited, no others do."""
    waiting = WorkItem.objects.filter(case_file=commission.case_file, kind=SPECIAL_TERMS, state__in=OUTSTANDING)
    if not terms or waiting.exists():
        return []
    words, said = {"special_terms": terms_words(terms)}, hashlib.sha256(terms.encode()).hexdigest()[:12]
    return asking.fire(commission, TRIGGER, by=by, flags=words, words=words, ask=f"terms:{said}", path=path)
