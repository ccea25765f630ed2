"""How something is bought."""

from procurement.models.catalogue import RouteToMarket
from procurement.models.exercise import Exercise
from procurement.models.prices import Quote, SupplierAsked

__all__ = ["Exercise", "Quote", "RouteToMarket", "SupplierAsked"]
