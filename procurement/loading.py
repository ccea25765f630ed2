"""Loading the routes to market from a commissioning framework's file."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.framework_loading import register_loader
from organisation.models import CommissioningFramework
from procurement.models import RouteToMarket


def load_routes(framework: CommissioningFramework, content: dict[str, Any]) -> str:
    """Add the routes that are not there yet; those that are stay as administrators left them."""
    known = set(RouteToMarket.objects.filter(framework=framework).values_list("key", flat=True))
    since = {"valid_from": date.fromisoformat(content["valid_from"])} if content.get("valid_from") else {}
    fresh = [
        RouteToMarket(
            framework=framework,
            key=row["key"],
            name=row["name"],
            summary=row.get("summary", ""),
            is_unusual=row.get("unusual", False),
            is_without_competition=row.get("without_competition", False),
            weeks=row.get("typical_weeks"),
            order=order,
            **since,
        )
        for order, row in enumerate(content.get("routes_to_market", []))
        if row["key"] not in known
    ]
    RouteToMarket.objects.bulk_create(fresh)
    return f"routes to market: {len(fresh)} added"


def register_own() -> None:
    """Register the loader of this room."""
    register_loader(load_routes)
