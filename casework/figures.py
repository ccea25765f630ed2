"""What a figure of the rules is called with what it counts."""

from __future__ import annotations

from decimal import Decimal

from organisation.formatting import counted, money, percent

_COUNTED = {"calendar_days": "calendar day", "working_days": "working day", "months": "month"}


def amount_words(amount: Decimal | None, unit: str) -> str:
    """A figure with what it counts: £25,000, 5 working days, 10%."""
    if amount is None:
        return "None"
    if unit == "pounds":
        return money(amount)
    if unit == "percent":
        return percent(amount)
    if not amount and unit.endswith("_days"):
        return "The same day"
    return counted(int(amount), _COUNTED.get(unit, unit))
