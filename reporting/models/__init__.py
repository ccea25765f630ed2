"""What only this room remembers."""

from reporting.models.visit import Visit

__all__ = ["Visit"]
