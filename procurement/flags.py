"""How the marks that buying sets on a case are said where a queue reads why it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procurement.models import RouteToMarket


def route_words(route: RouteToMarket) -> str:
    """Names the route that brings Legal in."""
    return f"a route the council rarely uses: {route.name}"


def terms_words(terms: str) -> str:
    """Names the terms that bring Legal in."""
    return f"special terms and conditions: {terms}" if terms else "special terms and conditions"
