"""What only this room remembers."""

from reporting.models.rollups import Fact, Fold, RollUp
from reporting.models.visit import Visit

__all__ = ["Fact", "Fold", "RollUp", "Visit"]
