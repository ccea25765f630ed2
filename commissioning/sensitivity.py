"""Whether the order of the options would be another if a weight or a cost were a little different. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from commissioning.appraisal import first, moved_weights, per_point, weighted

#: By how many points each weight is moved, and by how many per cent each cost.
WEIGHT_STEPS = (Decimal(10), Decimal(-10))
COST_STEPS = (Decimal(10), Decimal(20), Decimal(-10), Decimal(-20))

O = TypeVar("O", bound=Hashable)  # noqa: E741 - an option
C = TypeVar("C", bound=Hashable)


@dataclass(frozen=True)
class Weighed(Generic[O, C]):
    """What is compared: the weight of each criterion, and each option's scores and cost (present value in pounds)."""

    weights: Mapping[C, Decimal]
    scores: Mapping[O, Mapping[C, int]]
    costs: Mapping[O, Decimal]

    def by_score(self) -> dict[O, Decimal]:
        """The weighted score of each option that is scored on everything."""
        found = {option: weighted(scores, self.weights) for option, scores in self.scores.items()}
        return {option: score for option, score in found.items() if score is not None}

    def by_cost_per_point(self) -> dict[O, Decimal]:
        """What a point of score costs, for each option with a cost and a score above nothing."""
        score = self.by_score()
        found = {option: per_point(cost, score.get(option)) for option, cost in self.costs.items()}
        return {option: price for option, price in found.items() if price is not None}

    @property
    def best_by_score(self) -> frozenset[O]:
        """Whoever scores highest."""
        return first(self.by_score(), highest_first=True)

    @property
    def best_by_cost(self) -> frozenset[O]:
        """Whoever gives a point for the least money."""
        return first(self.by_cost_per_point(), highest_first=False)


@dataclass(frozen=True)
class Turn(Generic[O, C]):
    """One change, and who comes first with it; ``criterion`` or ``option`` says what was moved, ``by`` how far."""

    by: Decimal
    criterion: C | None
    option: O | None
    best_by_score: frozenset[O]
    best_by_cost: frozenset[O]
    turns_score: bool
    turns_cost: bool


def turns(weighed: Weighed[O, C]) -> Iterator[Turn[O, C]]:
    """Each weight moved by ten points either way, and each option's cost by ten and twenty per cent."""
    for criterion in weighed.weights:
        for step in WEIGHT_STEPS:
            moved = moved_weights(weighed.weights, criterion, step)
            yield _turn(weighed, Weighed(moved, weighed.scores, weighed.costs), step, criterion, None)
    for option in weighed.costs:
        for step in COST_STEPS:
            costs = {**weighed.costs, option: weighed.costs[option] * (1 + step / 100)}
            yield _turn(weighed, Weighed(weighed.weights, weighed.scores, costs), step, None, option)


def _turn(
    before: Weighed[O, C], after: Weighed[O, C], by: Decimal, criterion: C | None, option: O | None
) -> Turn[O, C]:
    return Turn(
        by=by,
        criterion=criterion,
        option=option,
        best_by_score=after.best_by_score,
        best_by_cost=after.best_by_cost,
        turns_score=after.best_by_score != before.best_by_score,
        turns_cost=after.best_by_cost != before.best_by_cost,
    )
