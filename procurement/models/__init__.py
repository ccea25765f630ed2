"""How something is bought."""

from procurement.models.catalogue import RouteToMarket
from procurement.models.exercise import Exercise
from procurement.models.prices import Quote, SupplierAsked
from procurement.models.request import ProcurementRequest
from procurement.models.route_choice import CandidateRoute, RouteChoice
from procurement.models.sourcing import AwardCriterion, Challenge
from procurement.models.strategy import SourcingStep, SourcingStrategy

__all__ = [
    "AwardCriterion",
    "CandidateRoute",
    "Challenge",
    "Exercise",
    "ProcurementRequest",
    "Quote",
    "RouteChoice",
    "RouteToMarket",
    "SourcingStep",
    "SourcingStrategy",
    "SupplierAsked",
]
