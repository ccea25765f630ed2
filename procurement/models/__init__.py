"""How something is bought."""

from procurement.models.catalogue import RouteToMarket
from procurement.models.exercise import Exercise
from procurement.models.prices import Quote, SupplierAsked
from procurement.models.request import ProcurementRequest
from procurement.models.sourcing import AwardCriterion, Challenge

__all__ = [
    "AwardCriterion",
    "Challenge",
    "Exercise",
    "ProcurementRequest",
    "Quote",
    "RouteToMarket",
    "SupplierAsked",
]
