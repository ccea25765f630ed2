"""Whether commissions that belong together pass a threshold that each of them stays under. Pure functions.

Procurement Act 2023, Schedule 3: contracts that could be one are valued as one, unless there is a reason. Only
commissions at or under the threshold add up: one that is above it faced what it asks already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from casework.routing import Facts, Rules, requirements, route

MONTHS = 12


@dataclass(frozen=True)
class Part:
    """One commission that adds up with others: value in pounds, on the basis the rules test."""

    pk: int
    reference: str
    title: str
    path: str
    value: Decimal
    begun_on: date


@dataclass(frozen=True)
class Added:
    """What adds up on one basis: the highest threshold passed, the sum, and the parts, the commission itself first."""

    basis: str
    threshold: str
    amount: Decimal
    total: Decimal
    parts: tuple[Part, ...]


def thresholds_that_matter(facts: Facts, rules: Rules) -> list[tuple[str, Decimal]]:
    """The figures in pounds at which this commission would be asked for something else, lowest first."""
    ranges = [*(band.within for band in rules.bands), *(rule.within for rule in rules.routes)]
    bounding = {key for within in ranges for key in (within.from_key, within.to_key)}
    found = []
    for key, figure in sorted(rules.figures.items(), key=lambda row: row[1].amount):
        if key not in bounding or figure.unit != "pounds":
            continue
        below, above = (
            Facts(value, facts.criteria, facts.flags) for value in (figure.amount, figure.amount + Decimal("0.01"))
        )
        just_under = Facts(max(figure.amount - Decimal("0.01"), Decimal(0)), facts.criteria, facts.flags)
        if len({_asked(each, rules) for each in (just_under, below, above)}) > 1:
            found.append((key, figure.amount))
    return found


def _asked(facts: Facts, rules: Rules) -> tuple[object, ...]:
    needs = requirements(facts, rules)
    queues = frozenset(found.queue for found in route("start", facts, rules))
    return needs.band.key, needs.request, needs.gate_1, needs.gate_3, needs.gate_4, queues


def added_up(basis: str, own: Part, others: Iterable[Part], facts: Facts, rules: Rules) -> Added | None:
    """The highest threshold that they pass together and that none of them passes alone; None where there is none."""
    others = list(others)
    for key, amount in reversed(thresholds_that_matter(facts, rules)):
        if own.value > amount:
            continue
        parts = [own, *(part for part in others if part.value <= amount)]
        total = sum((part.value for part in parts), Decimal(0))
        if len(parts) > 1 and total > amount:
            return Added(basis, key, amount, total, tuple(parts))
    return None


def in_words(parts: Sequence[Part]) -> str:
    """The references, for the record of what was seen."""
    return ", ".join(part.reference for part in parts)[:500]
