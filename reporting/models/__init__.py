"""What only this room remembers."""

from reporting.models.rollups import Fact, Fold, RollUp
from reporting.models.saved_view import SavedView
from reporting.models.visit import Visit

__all__ = ["Fact", "Fold", "RollUp", "SavedView", "Visit"]
