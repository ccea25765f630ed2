"""The arithmetic of an options appraisal: whole-life cost, present value, weighted scores, ranks. Pure.

Amounts are Decimal pounds at today's prices. A financial year is named by the calendar year in which it begins.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TypeVar

#: All weights together.
WHOLE = 100
HIGHEST_SCORE = 5
_PENNY = Decimal("0.01")
_TWENTY_FIGURES = Context(prec=20)

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Line:
    """An amount in each year from ``first_year`` to ``last_year``, both included."""

    kind: str
    first_year: int
    last_year: int
    amount: Decimal


def by_year(lines: Iterable[Line]) -> dict[int, Decimal]:
    """What the lines come to in each year."""
    found: dict[int, Decimal] = {}
    for line in lines:
        for year in range(line.first_year, line.last_year + 1):
            found[year] = found.get(year, Decimal(0)) + line.amount
    return dict(sorted(found.items()))


def whole_life(lines: Iterable[Line]) -> Decimal:
    """What the lines come to over all their years."""
    return sum((line.amount * (line.last_year - line.first_year + 1) for line in lines), Decimal(0))


def present_value(amounts: Mapping[int, Decimal], base_year: int, rate: Decimal) -> Decimal:
    """What amounts by year are worth in the base year, to the penny.

    ``rate`` is per cent a year: an amount n years after the base year is divided by (1 + rate/100) n times. The base
    year itself is not discounted (HM Treasury, The Green Book, on discounting).
    """
    growth = 1 + rate / 100
    total = sum((amount / growth ** (year - base_year) for year, amount in amounts.items()), Decimal(0))
    return total.quantize(_PENNY, ROUND_HALF_UP)


def weighted(scores: Mapping[K, int], weights: Mapping[K, Decimal]) -> Decimal | None:
    """The average score by weight; None while a criterion is not scored, or where none has any weight."""
    total = sum(weights.values(), Decimal(0))
    if not total or any(key not in scores for key in weights):
        return None
    return sum((weight * scores[key] for key, weight in weights.items()), Decimal(0)) / total


def ranks(values: Mapping[K, Decimal], *, highest_first: bool) -> dict[K, int]:
    """The place of each: 1 is best, and what is equal shares a place.

    Shares that have no end (a sixth) differ in their last figures; twenty figures are compared.
    """
    values = {key: _TWENTY_FIGURES.plus(value) for key, value in values.items()}
    if highest_first:
        return {key: 1 + sum(other > value for other in values.values()) for key, value in values.items()}
    return {key: 1 + sum(other < value for other in values.values()) for key, value in values.items()}


def moved_weights(weights: Mapping[K, Decimal], key: K, points: Decimal) -> dict[K, Decimal]:
    """The weights once ``key`` has gained or lost points; the others give or take theirs in proportion.

    The sum stays as it was. A weight never falls below nothing, nor rises above the sum; where the others weigh
    nothing, nobody can give or take, so nothing moves.
    """
    total = sum(weights.values(), Decimal(0))
    rest = total - weights[key]
    if not rest:
        return dict(weights)
    moved = min(max(weights[key] + points, Decimal(0)), total)
    return {other: moved if other == key else weight * (total - moved) / rest for other, weight in weights.items()}


def per_point(cost: Decimal, score: Decimal | None) -> Decimal | None:
    """What one point of score costs; None without a score."""
    return cost / score if score else None


def first(values: Mapping[K, Decimal], *, highest_first: bool) -> frozenset[K]:
    """Whoever comes first, several where they are equal."""
    return frozenset(key for key, rank in ranks(values, highest_first=highest_first).items() if rank == 1)
