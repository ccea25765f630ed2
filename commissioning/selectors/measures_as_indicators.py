"""Success measures offered as indicators: what is written already is not typed a second time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commissioning.models import Commission, PlannedIndicator, SuccessMeasure

#: A figure at the beginning of what a measure says: "81", "81.5 %".
_FIGURE = re.compile(r"^(\d+(?:\.\d{1,2})?)\s*\D{0,20}$")
NAME_LENGTH = 150


@dataclass(frozen=True)
class Offered:
    """A measure that no indicator stands for yet."""

    pk: int
    measure: str
    outcome: str


def offered_measures(commission: Commission, indicators: Iterable[PlannedIndicator]) -> list[Offered]:
    """The standing measures whose name no indicator has, in one statement."""
    taken = {row.name.casefold() for row in indicators}
    rows = _standing(commission).values_list("pk", "measure", "outcome")
    return [Offered(*row) for row in rows[:100] if row[1][:NAME_LENGTH].casefold() not in taken]


def initial_from(commission: Commission, asked: str) -> dict[str, Any]:
    """What a new indicator begins with when it is taken from a measure of this commission. One statement."""
    row = _standing(commission).filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    if row is None:
        return {}
    baseline, target = _figure(row.baseline), _figure(row.target)
    found = {"name": row.measure[:NAME_LENGTH], "outcome": row.outcome, "unit": row.unit}
    found |= {"baseline": baseline, "target": target}
    if baseline is not None and target is not None:
        better = PlannedIndicator.Direction.HIGHER if target >= baseline else PlannedIndicator.Direction.LOWER
        found["direction"] = better
    return {name: value for name, value in found.items() if value not in (None, "")}


def _standing(commission: Commission) -> Any:
    rows = SuccessMeasure.objects.filter(commission=commission, removed_at__isnull=True, replaced_by__isnull=True)
    return rows.order_by("by_when", "pk")


def _figure(words: str) -> Decimal | None:
    found = _FIGURE.match(words.strip().replace(",", ""))
    return Decimal(found[1]) if found else None
