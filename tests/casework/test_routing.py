"""Bands and routes: every case is in exactly one band, more value or risk never takes anything away, in words."""

from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.framework_loading import _known, _routing_rule
from casework.models import Band, Threshold
from casework.routing import (
    BandRule,
    Facts,
    Figure,
    NoBand,
    RangeRule,
    Rule,
    Rules,
    requirements,
    route,
)
from casework.rules_safety import critical_values, faults_of
from casework.services.rules import assemble
from tests.factories.casework import framework_content

PENNY = Decimal("0.01")
NEEDS = ["not_required", "optional", "expected", "required"]


@cache
def content() -> dict[str, Any]:
    return framework_content()


@cache
def default_rules() -> Rules:
    """The default framework's rules, put together without a database."""
    told = content()
    return assemble(
        1,
        [Threshold(key=row["key"], amount=Decimal(row["amount"]), unit=row["unit"]) for row in told["figures"]],
        [Band(**_known(Band, row)) for row in told["bands"]],
        [_routing_rule(order, row) for order, row in enumerate(told["routing_rules"])],
    )


CRITERIA = {row["key"]: row["name"] for row in framework_content()["risk_criteria"]}
FLAGS = [row["key"] for row in framework_content()["flags"]]
TRIGGERS = sorted({row["trigger"] for row in framework_content()["routing_rules"]})

boundaries = st.sampled_from(critical_values(default_rules()))
values = st.one_of(
    boundaries,
    st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2, allow_nan=False, allow_infinity=False),
    st.decimals(min_value=0, max_value=600_000, places=2, allow_nan=False, allow_infinity=False),
)
criteria = st.dictionaries(st.sampled_from(sorted(CRITERIA)), st.just(""), max_size=12).map(
    lambda keys: {key: CRITERIA[key] for key in keys}
)
flag_sets = st.frozensets(st.sampled_from(FLAGS))
facts = st.builds(Facts, values, criteria, flag_sets)


def firmness(case: Facts, rules: Rules) -> list[int]:
    found = requirements(case, rules)
    return [NEEDS.index(found.gate(number)) for number in (1, 2, 3, 4)]


def queues(trigger: str, case: Facts, rules: Rules) -> set[str]:
    return {found.queue for found in route(trigger, case, rules)}


# --- Every case is in exactly one band --------------------------------------------------------------------------------


@given(facts)
def test_every_case_is_in_exactly_one_band(case: Facts) -> None:
    rules = default_rules()

    found = requirements(case, rules)

    # Written out anew, so that the product's own comparison is not asked to check itself.
    expected = (
        "service_buys"
        if case.value < 25_000
        else "quotation"
        if case.value <= 100_000
        else "sourcing"
        if case.value <= 500_000
        else "sourcing_legal"
    )
    assert found.band.key == expected
    assert (found.overlay is not None) == bool(case.criteria)


@pytest.mark.parametrize(
    ("value", "band"),
    [
        ("0", "service_buys"),
        ("18000", "service_buys"),
        ("24999.99", "service_buys"),
        ("25000", "quotation"),
        ("25000.01", "quotation"),
        ("99999.99", "quotation"),
        ("100000", "quotation"),
        ("100000.01", "sourcing"),
        ("500000", "sourcing"),
        ("500000.01", "sourcing_legal"),
        ("999999999999.99", "sourcing_legal"),
    ],
)
def test_boundaries_hold_to_the_penny(value: str, band: str) -> None:
    """Reading R2: exactly the quotation figure needs quotes; exactly the upper figures stay below."""
    assert requirements(Facts(Decimal(value)), default_rules()).band.key == band


@pytest.mark.parametrize(
    ("value", "gates"),
    [
        ("24999.99", ["not_required", "not_required", "optional", "optional"]),
        ("25000", ["not_required", "required", "optional", "optional"]),
        ("100000", ["not_required", "required", "optional", "optional"]),
        ("100000.01", ["required", "required", "expected", "expected"]),
    ],
)
def test_gates_of_each_band(value: str, gates: list[str]) -> None:
    found = requirements(Facts(Decimal(value)), default_rules())

    assert [found.gate(number) for number in (1, 2, 3, 4)] == gates


@given(values, st.sampled_from(sorted(CRITERIA)))
def test_any_one_criterion_asks_for_everything_at_any_value(value: Decimal, key: str) -> None:
    found = requirements(Facts(value, {key: CRITERIA[key]}), default_rules())

    assert [found.gate(number) for number in (1, 2, 3, 4)] == ["required", "required", "expected", "expected"]


@pytest.mark.parametrize(
    ("value", "who_buys"),
    [
        ("18000", "CCPS, which chooses between quotes and a full tender"),
        ("60000", "CCPS, which chooses between quotes and a full tender"),
        ("100000.01", "CCPS, working with you on a sourcing strategy"),
        ("640000", "CCPS, working with you on a sourcing strategy"),
    ],
)
def test_high_risk_never_buys_in_a_weaker_way_than_the_value_alone(value: str, who_buys: str) -> None:
    assert requirements(Facts(Decimal(value), {"strategic": "Strategic"}), default_rules()).who_buys == who_buys


# --- More value or risk takes nothing away ----------------------------------------------------------------------------


@given(values, values, criteria, criteria, flag_sets, st.sampled_from(TRIGGERS))
def test_more_value_or_risk_takes_nothing_away(
    one: Decimal,
    other: Decimal,
    some: dict[str, str],
    more: dict[str, str],
    flags: frozenset[str],
    trigger: str,
) -> None:
    rules = default_rules()
    less = Facts(min(one, other), some, flags)
    greater = Facts(max(one, other), some | more, flags)

    assert queues(trigger, less, rules) <= queues(trigger, greater, rules)
    assert all(low <= high for low, high in zip(firmness(less, rules), firmness(greater, rules), strict=True))


def test_default_rules_have_no_fault() -> None:
    assert list(faults_of(default_rules())) == []


# --- Where a case goes, and why in words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "risky", "expected"),
    [
        ("100000", False, []),
        ("100000.01", False, ["£100,000.01 is over £100,000"]),
        ("18000", True, ["1 high-risk criterion: Thin market"]),
        ("640000", True, ["£640,000 is over £100,000", "1 high-risk criterion: Thin market"]),
    ],
)
def test_early_notice_says_why(value: str, risky: bool, expected: list[str]) -> None:
    case = Facts(Decimal(value), {"thin_market": "Thin market"} if risky else {})

    found = [way for way in route("start", case, default_rules()) if way.item_kind == "early_notice"]

    assert [list(way.reasons) for way in found] == ([expected] if expected else [])
    if found:
        assert (found[0].queue, found[0].asks, found[0].within, found[0].unit) == (
            "ccps",
            "acknowledge",
            5,
            "working_days",
        )
        assert (found[0].rule_name, found[0].rules_number) == ("Early notice at start", 1)


def test_reasons_are_joined_into_one_sentence() -> None:
    case = Facts(Decimal("640000"), {"thin_market": "Thin market", "strategic": "Business critical"})

    (found,) = [way for way in route("start", case, default_rules()) if way.item_kind == "early_notice"]

    assert found.because == ("£640,000 is over £100,000; and 2 high-risk criteria: Thin market, Business critical")


def test_ticked_data_criterion_goes_to_information_governance_at_any_value() -> None:
    case = Facts(Decimal("18000"), {"statutory_or_data": "Statutory service or sensitive data"})

    found = {way.queue: way.because for way in route("start", case, default_rules())}

    assert found == {
        "ccps": "1 high-risk criterion: Statutory service or sensitive data",
        "information_governance": "criterion ticked: Statutory service or sensitive data",
    }


@pytest.mark.requirement("N-035")
@pytest.mark.parametrize(
    ("value", "risky", "flags", "joins"),
    [
        ("500000", False, (), False),
        ("500000.01", False, (), True),
        ("18000", True, (), True),
        ("18000", False, ("special_terms",), True),
        ("18000", False, ("unusual_route",), True),
        ("18000", False, ("digital",), False),
    ],
)
def test_legal_joins_a_tender(value: str, risky: bool, flags: tuple[str, ...], joins: bool) -> None:
    case = Facts(Decimal(value), {"outage": "Loss of critical functions"} if risky else {}, frozenset(flags))

    assert (queues("request_accepted", case, default_rules()) == {"legal"}) is joins


@given(facts)
def test_a_submitted_request_is_asked_for_once_or_as_sourcing(case: Facts) -> None:
    asked = [way.asks for way in route("request_submitted", case, default_rules())]

    if case.criteria or case.value > 100_000:
        assert set(asked) == {"source"}
    else:
        assert asked == ["quote"]


@given(facts, st.sampled_from(TRIGGERS))
def test_every_route_has_a_reason_a_rule_and_a_known_queue(case: Facts, trigger: str) -> None:
    known = {row["key"] for row in content()["queues"]}

    for way in route(trigger, case, default_rules()):
        assert way.reasons
        assert all(reason.strip() for reason in way.reasons)
        assert way.queue in known
        assert way.rule_name


# --- What publishing refuses ------------------------------------------------------------------------------------------


def figure_of(**amounts: int) -> dict[str, Figure]:
    return {key: Figure(Decimal(amount), "pounds") for key, amount in amounts.items()}


EVERYTHING = RangeRule()


def band(key: str, within: RangeRule = EVERYTHING, *, overlay: bool = False, need: str = "optional") -> BandRule:
    return BandRule(key, key, within, overlay, "The service", need, need, need, need)


def rule(key: str = "r", queue: str = "legal", within: RangeRule = EVERYTHING, **more: Any) -> Rule:
    given_ = {"trigger": "start", "risk": "any", "needed_flag": "", "enough_flags": ()} | more
    return Rule(
        key,
        key,
        given_["trigger"],
        within,
        given_["risk"],
        given_["needed_flag"],
        given_["enough_flags"],
        queue,
        "kind",
        "advise",
        "Title",
        "",
        "none",
        "a reason",
    )


LOW, HIGH = RangeRule(to_key="line", to_inclusive=True), RangeRule(from_key="line")
TWO_BANDS = (band("low", LOW), band("high", HIGH, need="required"))


def faults(bands: tuple[BandRule, ...] = TWO_BANDS, *routes: Rule) -> list[str]:
    return list(faults_of(Rules(1, figure_of(line=100), bands, routes)))


def test_safe_rules_have_no_fault() -> None:
    assert faults(TWO_BANDS, rule(within=HIGH)) == []


def test_gap_between_bands_is_found_at_the_exact_amount() -> None:
    gap = (band("low", RangeRule(to_key="line")), band("high", HIGH))

    assert faults(gap) == ["£100 is in 0 bands of rules version 1. Every value must be in exactly one band"]


def test_overlap_of_bands_is_found() -> None:
    overlap = (band("low", LOW), band("high", RangeRule(from_key="line", from_inclusive=True)))

    assert faults(overlap) == ["£100 is in 2 bands of rules version 1. Every value must be in exactly one band"]


def test_overlays_are_no_band() -> None:
    with pytest.raises(NoBand):
        requirements(Facts(Decimal(1)), Rules(1, {}, (band("all", overlay=True),), ()))


def test_queue_lost_as_the_value_rises_is_found() -> None:
    assert set(faults(TWO_BANDS, rule(within=LOW))) == {
        "The legal queue would be taken away when the value rises from £100 to £100.01 (trigger: start)"
    }


def test_queue_lost_as_the_value_rises_only_with_a_flag_is_found() -> None:
    found = faults(TWO_BANDS, rule(within=LOW, needed_flag="digital"))

    assert "The legal queue would be taken away when the value rises from £100 to £100.01 (trigger: start)" in found


def test_queue_lost_as_risk_rises_is_found() -> None:
    found = faults(TWO_BANDS, rule(risk="excluded"))

    assert "The legal queue would be taken away when a £100 case becomes high risk (trigger: start)" in found


def test_queue_lost_as_the_value_rises_only_at_high_risk_is_found() -> None:
    found = faults(TWO_BANDS, rule(within=LOW, risk="needed"))

    assert "The legal queue would be taken away when the value rises from £100 to £100.01 (trigger: start)" in found


def test_two_rules_may_share_a_queue_out_between_them() -> None:
    assert faults(TWO_BANDS, rule("a", within=LOW), rule("b", within=HIGH)) == []


def test_gate_asked_for_less_firmly_as_the_value_rises_is_found() -> None:
    falling = (band("low", LOW, need="required"), band("high", HIGH))

    found = faults(falling)

    assert "Gate 1 would be asked for less firmly when the value rises from £100 to £100.01" in found
    assert "Gate 2 would be asked for less firmly when the value rises from £100 to £100.01" in found


def test_figure_that_does_not_exist_is_named_in_words() -> None:
    lost = (band("low", RangeRule(to_key="gone")), band("high", HIGH))

    assert faults(lost) == ["The band low names the figure gone, which does not exist"]
    assert faults(TWO_BANDS, rule(within=RangeRule(from_key="gone"))) == [
        "The rule r names the figure gone, which does not exist"
    ]


def test_figure_of_days_cannot_bound_a_value() -> None:
    rules = Rules(1, {"days": Figure(Decimal(7), "calendar_days")}, (band("all", RangeRule(from_key="days")),), ())

    assert list(faults_of(rules)) == ["The band all is bounded by the figure days, which is not in pounds"]


def test_queue_lost_only_where_two_flags_stand_together_is_found() -> None:
    both = rule(risk="excluded", needed_flag="digital", enough_flags=("terms",))

    assert "The legal queue would be taken away when a £100 case becomes high risk (trigger: start)" in faults(
        TWO_BANDS, both
    )


def test_clock_that_does_not_exist_is_named_in_words() -> None:
    lost = Rule("r", "r", "start", RangeRule(), "any", "", (), "legal", "kind", "advise", "T", "gone", "none", "a")

    assert faults(TWO_BANDS, lost) == ["The rule r names the figure gone, which does not exist"]


random_rules = st.builds(
    rule,
    key=st.just("r"),
    queue=st.sampled_from(["legal", "ccps"]),
    within=st.sampled_from([RangeRule(), LOW, HIGH, RangeRule(from_key="line", to_key="top", to_inclusive=True)]),
    risk=st.sampled_from(["any", "needed", "enough", "excluded"]),
    needed_flag=st.sampled_from(["", "digital", "grant"]),
    enough_flags=st.sampled_from([(), ("digital",), ("grant", "terms")]),
)


@given(st.lists(random_rules, max_size=4), st.data())
def test_rules_without_a_fault_take_nothing_away_from_any_pair_of_cases(
    routes: list[Rule], data: st.DataObject
) -> None:
    """What publishing checks at a few values and single flags holds for all values and all sets of flags."""
    bands = (band("low", LOW), band("high", HIGH, need="required"), band("risk", overlay=True, need="required"))
    rules = Rules(1, figure_of(line=100, top=200), bands, tuple(routes))
    amounts = st.decimals(min_value=0, max_value=400, places=2)
    one, other = data.draw(amounts), data.draw(amounts)
    flags = data.draw(st.frozensets(st.sampled_from(["digital", "grant", "terms"])))
    risky, riskier = data.draw(st.sampled_from([({}, {}), ({}, {"x": "X"}), ({"x": "X"}, {"x": "X"})]))

    less, more = Facts(min(one, other), risky, flags), Facts(max(one, other), riskier, flags)

    if not list(faults_of(rules)):
        assert queues("start", less, rules) <= queues("start", more, rules)
