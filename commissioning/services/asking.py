"""Asking functions about a commission when something happens to it: what the rules send where, put into queues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from casework.lead_times import lead_blockers
from casework.models import WorkItem
from casework.refusals import Blocked
from casework.routing import Route, Rules, route
from casework.services import work_items
from commissioning.models import Commission
from commissioning.selectors.dossiers import criteria_of, facts_of, rules_of, rules_version_of
from organisation import clock
from organisation.actors import Actor


def routes_for(
    commission: Commission, trigger: str, flags: Iterable[str] = (), words: Mapping[str, str] | None = None
) -> tuple[list[Route], Rules]:
    """Where ``trigger`` sends the commission with further flags set; nowhere without a value."""
    rules = rules_of(rules_version_of(commission))
    facts = facts_of(commission, criteria_of(commission), vat_is_excluded=rules.vat_is_excluded)
    if facts is None:
        return [], rules
    return route(trigger, replace(facts, flags=facts.flags | frozenset(flags), words=words or {}), rules), rules


def fire(
    commission: Commission,
    trigger: str,
    *,
    by: Actor,
    flags: Iterable[str] = (),
    words: Mapping[str, str] | None = None,
    ask: str = "",
    needed_by: date | None = None,
    question: str = "",
    urgent_reason: str = "",
    path: str = "",
    about: str = "",
    **details: Any,
) -> list[WorkItem]:
    """Put what the rules ask for at this moment into the queues, in the caller's transaction.

    ``flags`` are set for this occasion only ("asked_legal", "unusual_route"); ``words`` says more of some of them, for
    the reason that people read; ``ask`` names the occasion, so that the same rule may ask again on another; ``about``
    ends the title of what is asked, where the rule's own words would leave open which one is meant. Raises
    ``Blocked`` when a queue is given less time than its lead (reading R6) and no urgent reason is given.
    """
    routes, rules = routes_for(commission, trigger, flags, words)
    short = list(lead_blockers(routes, needed_by, urgent_reason, clock.today(), rules))
    if short:
        raise Blocked(short, "This cannot be asked with so little time.")
    if about:
        routes = [replace(found, title=f"{found.title}: {about}") for found in routes]
    return work_items.open_routes(
        commission.case_file,
        routes,
        by=by,
        ask=ask,
        needed_by=needed_by,
        question=question,
        urgent_reason=urgent_reason,
        path=path or commission.get_absolute_url(),
        **details,
    )
