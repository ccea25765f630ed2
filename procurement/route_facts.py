"""The route that was agreed in Plan, as papers begin with it."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from casework.models import CaseFile
from documents.facts import FactValue, register_facts
from procurement.models import RouteChoice
from procurement.selectors.requests import said_of_route

LABELS = {"agreed_route": "Agreed route to market", "agreed_route_why": "Why that route"}


def load_route(case_files: Sequence[CaseFile]) -> dict[int, dict[str, FactValue]]:
    """The agreed route of several commissions, and why, in one statement."""
    rows = RouteChoice.objects.filter(
        commission__case_file__in=case_files, removed_at__isnull=True, agreed__isnull=False
    ).select_related("commission", "agreed__route")
    found: dict[int, dict[str, FactValue]] = {}
    for row in rows:
        if row.agreed is None:
            continue
        url = reverse("commissioning:sheet", args=[row.commission_id, "route_choice"])
        source, route = "Route to market", row.agreed.route
        why = f"{row.agreed.reasons_for}\n{row.fairness}"
        found[row.commission.case_file_id] = {
            "agreed_route": FactValue(said_of_route(route.key), route.name, source, row.agreed_on, url),
            "agreed_route_why": FactValue(why, why, source, row.agreed_on, url),
        }
    return found


def register_own() -> None:
    """Register the facts."""
    register_facts(LABELS, load_route)
