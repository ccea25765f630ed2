"""Working days in words."""

from __future__ import annotations

from decimal import Decimal


def days_words(days: Decimal) -> str:
    """3 days, 1 day, 2.5 days."""
    return "1 day" if days == 1 else f"{days.normalize():f} days"
