"""How a result is rated against its stored thresholds, and how it is written. Pure functions."""

from __future__ import annotations

from decimal import Decimal

from contracts.states import Direction, Rating
from organisation.formatting import MINUS, NOT_RECORDED

TONES = {Rating.GREEN: "rating-green", Rating.AMBER: "rating-amber", Rating.RED: "rating-red"}


def rating_of(value: Decimal, *, target: Decimal, tolerance: Decimal, direction: str) -> Rating:
    """Green at the target or better, amber within the tolerance of it, red beyond (framework 13).

    ``tolerance`` is a difference in the indicator's own unit, never negative; exactly at it is still amber.
    """
    short = target - value if direction == Direction.HIGHER else value - target
    if short <= 0:
        return Rating.GREEN
    return Rating.AMBER if short <= tolerance else Rating.RED


def quantity(value: Decimal | None, unit: str) -> str:
    """Write a result with its unit: 84%, £12, 1,204 people. Needless noughts are left out."""
    if value is None:
        return NOT_RECORDED
    size = f"{abs(value):,f}"
    if "." in size:
        size = size.rstrip("0").rstrip(".")
    sign = MINUS if value < 0 and size != "0" else ""
    if unit == "%":
        return f"{sign}{size}%"
    if unit == "£":
        return f"{sign}£{size}"
    return f"{sign}{size} {unit}".rstrip()


def target_words(target: Decimal, unit: str, direction: str) -> str:
    """Write a target with its direction: 90% or more, 20% or less."""
    return f"{quantity(target, unit)} or {'more' if direction == Direction.HIGHER else 'less'}"
