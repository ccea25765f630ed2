"""The arithmetic of the options appraisal: discounting, weights, ranks and how firm the order is."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from commissioning.appraisal import (
    Line,
    by_year,
    moved_weights,
    present_value,
    ranks,
    weighted,
    whole_life,
)
from commissioning.sensitivity import Weighed, turns

PENNY = Decimal("0.01")
pounds = st.decimals(min_value=0, max_value=10_000_000, places=2)
rates = st.decimals(min_value=0, max_value=20, places=1)
years = st.integers(2026, 2055)
amounts = st.dictionaries(years, pounds, max_size=12)
weights = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 60).map(Decimal), min_size=1)
places = st.dictionaries(st.integers(1, 9), st.decimals(min_value=0, max_value=9, places=1), min_size=1)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    first = draw(years)
    return Line("running", first, draw(st.integers(first, 2055)), draw(pounds))


@st.composite
def compared(draw: st.DrawFn) -> Weighed[int, str]:
    """Two to four options, scored on everything, each with a cost."""
    found = draw(weights)
    options = range(draw(st.integers(2, 4)))
    scores = {option: {key: draw(st.integers(0, 5)) for key in found} for option in options}
    return Weighed(found, scores, {option: draw(st.integers(1, 999).map(Decimal)) for option in options})


def test_a_sum_of_money_is_worth_less_the_later_it_is_paid() -> None:
    """£1,000 a year for three years at 3.5%: 1,000 + 966.18 + 933.51."""
    thousand = {year: Decimal(1000) for year in (2027, 2028, 2029)}

    assert present_value(thousand, 2027, Decimal("3.5")) == Decimal("2899.69")


@given(amounts, rates)
def test_discounting_never_adds_and_a_rate_of_nothing_changes_nothing(amounts, rate) -> None:
    total = sum(amounts.values(), Decimal(0))

    assert present_value(amounts, 2026, rate) <= total + PENNY
    assert present_value(amounts, 2026, Decimal(0)) == total


@given(amounts, rates, rates)
def test_a_higher_rate_never_makes_the_future_dearer(amounts, one, other) -> None:
    low, high = sorted((one, other))

    assert present_value(amounts, 2026, high) <= present_value(amounts, 2026, low)


@given(pounds, years, years, rates)
def test_what_is_paid_later_is_never_worth_more(amount, one, other, rate) -> None:
    early, late = sorted((one, other))

    assert present_value({late: amount}, 2026, rate) <= present_value({early: amount}, 2026, rate)


@given(st.lists(lines(), max_size=5), st.lists(lines(), max_size=5), rates)
def test_costs_add_up_however_they_are_listed(some, more, rate) -> None:
    together = some + more

    assert sum(by_year(together).values(), Decimal(0)) == whole_life(together)
    apart = present_value(by_year(some), 2026, rate) + present_value(by_year(more), 2026, rate)
    assert abs(present_value(by_year(together), 2026, rate) - apart) <= 2 * PENNY


@given(weights, st.data(), st.integers(-60, 60).map(Decimal))
def test_moving_a_weight_keeps_the_sum_and_the_proportions_of_the_others(weights, data, points) -> None:
    key = data.draw(st.sampled_from(sorted(weights)))

    moved = moved_weights(weights, key, points)

    assert abs(sum(moved.values()) - sum(weights.values())) < PENNY
    assert all(weight >= 0 for weight in moved.values())
    others = [name for name in weights if name != key]
    for one in others:
        for other in others:
            assert abs(moved[one] * weights[other] - moved[other] * weights[one]) < PENNY
    if len(weights) > 1:
        assert moved[key] == min(max(weights[key] + points, 0), sum(weights.values()))


@given(weights, st.data())
def test_weighted_score_lies_between_the_lowest_and_the_highest_score(weights, data) -> None:
    scores = {key: data.draw(st.integers(0, 5)) for key in weights}

    found = weighted(scores, weights)

    assert found is not None
    assert min(scores.values()) - PENNY <= found <= max(scores.values()) + PENNY
    assert weighted({key: score for key, score in scores.items() if key != min(scores)}, weights) is None


@given(places)
def test_a_place_is_one_more_than_how_many_are_better(values) -> None:
    found = ranks(values, highest_first=True)

    for key, value in values.items():
        assert found[key] == 1 + len([other for other in values.values() if other > value])
    assert ranks({key: -value for key, value in values.items()}, highest_first=False) == found


A_TIE_WITH_SIXTHS = Weighed(
    {"a": Decimal(1), "b": Decimal(3), "c": Decimal(1), "d": Decimal(1)},
    {0: {"a": 0, "b": 1, "c": 0, "d": 0}, 1: {"a": 0, "b": 0, "c": 0, "d": 1}},
    {0: Decimal(3), 1: Decimal(1)},
)


@example(A_TIE_WITH_SIXTHS, 2)
@given(compared(), st.integers(2, 9))
def test_order_does_not_depend_on_the_unit_of_weights_or_costs(weighed, times) -> None:
    scaled = Weighed(
        {key: weight * times for key, weight in weighed.weights.items()},
        weighed.scores,
        {key: cost * times for key, cost in weighed.costs.items()},
    )

    assert scaled.best_by_cost == weighed.best_by_cost
    assert scaled.best_by_score == weighed.best_by_score


@given(compared())
def test_an_option_that_scores_lower_on_everything_never_comes_first(weighed) -> None:
    worst = dict.fromkeys(weighed.weights, -1)
    with_worst = Weighed(weighed.weights, {**weighed.scores, 99: worst}, weighed.costs)

    assert all(99 not in turn.best_by_score for turn in turns(with_worst))


@given(compared())
def test_each_weight_and_each_cost_is_tried_and_a_turn_is_a_turn(weighed) -> None:
    found = list(turns(weighed))

    assert len(found) == 2 * len(weighed.weights) + 4 * len(weighed.costs)
    for turn in found:
        assert turn.turns_score == (turn.best_by_score != weighed.best_by_score)
        assert turn.turns_cost == (turn.best_by_cost != weighed.best_by_cost)
        if turn.option is not None:
            assert not turn.turns_score, "a cost does not change a score"
        if turn.by < 0 and turn.option in weighed.best_by_cost and turn.option is not None:
            assert turn.option in turn.best_by_cost, "the cheapest stays the cheapest when it gets cheaper"
