"""Figures set by law, by key and date: thresholds, floors and periods. None of them stands in code.

The whole small table is read at once and remembered in this process for a minute; an edit forgets it at once in the
process that made it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from time import monotonic
from typing import Final

from django.db import transaction

from organisation.models.statutory_figure import StatutoryFigure

_REMEMBER_SECONDS: Final = 60.0
_remembered: tuple[float, dict[str, list["Figure"]]] | None = None


class NoFigure(LookupError):
    """Raised when the law (as loaded) sets no figure of this key for that day."""


@dataclass(frozen=True)
class Figure:
    """One figure as it stood on the day asked about. Money includes VAT."""

    key: str
    amount: Decimal
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    provisional: bool


def figure(key: str, on: date) -> Figure:
    """Return the figure that is valid on a day. Raises NoFigure when there is none."""
    for row in _figures().get(key, ()):
        if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to):
            return row
    raise NoFigure(f"No statutory figure {key!r} is valid on {on:%-d %B %Y}")


def days_of(key: str, on: date) -> int:
    """Return a figure that is a number of days, as a whole number."""
    return int(figure(key, on).amount)


def reaches(key: str, amount_inc_vat: Decimal, on: date) -> bool:
    """Say whether an amount is at or above a threshold: the test for 'above threshold'."""
    return amount_inc_vat >= figure(key, on).amount


def exceeds(key: str, amount_inc_vat: Decimal, on: date) -> bool:
    """Say whether an amount is more than a floor: the test the Act words as 'more than'."""
    return amount_inc_vat > figure(key, on).amount


def forget_figures() -> None:
    """Read the figures afresh from now on, and again once the present transaction has ended."""
    _forget()
    transaction.on_commit(_forget)


def _forget() -> None:
    global _remembered
    _remembered = None


def _figures() -> dict[str, list[Figure]]:
    global _remembered
    if _remembered is not None and monotonic() - _remembered[0] < _REMEMBER_SECONDS:
        return _remembered[1]
    by_key: dict[str, list[Figure]] = {}
    fields = ("key", "amount", "unit", "valid_from", "valid_to", "source", "provisional")
    # Newest first, so that where two overlap the later decision wins.
    for row in StatutoryFigure.objects.order_by("key", "-valid_from").values_list(*fields):
        by_key.setdefault(row[0], []).append(Figure(*row))
    if by_key:
        _remembered = (monotonic(), by_key)
    return by_key
