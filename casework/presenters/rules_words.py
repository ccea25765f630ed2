"""Rules in words: figures, bands and routing rules as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.figures import amount_words
from casework.models import Need, RiskTest, RulesVersion, Threshold
from casework.routing import RangeRule, Rule, Rules
from casework.states import ASKS_WORDS
from organisation.formatting import in_sentence, listed, money

_RISK_WORDS = {
    RiskTest.NEEDED: "the case must be high risk",
    RiskTest.ENOUGH: "high risk is enough by itself",
    RiskTest.EXCLUDED: "the case must not be high risk",
}


@dataclass(frozen=True)
class RuleWords:
    """One routing rule as sentences."""

    key: str
    name: str
    when: str
    conditions: list[str]
    asks: str
    within: str
    question: str


def range_of(within: RangeRule, rules: Rules) -> str:
    """A range of values: "over £100,000 and no more than £500,000"."""
    parts = []
    if within.from_key:
        parts.append(f"{'at least' if within.from_inclusive else 'over'} {money(rules.amount(within.from_key))}")
    if within.to_key:
        parts.append(f"{'no more than' if within.to_inclusive else 'under'} {money(rules.amount(within.to_key))}")
    return " and ".join(parts) or "any value"


def figures_of(version: RulesVersion) -> list[tuple[str, str, str]]:
    """Name, amount and source of every figure."""
    rows = Threshold.objects.in_version(version).order_by("order", "id")
    return [(row.name, amount_words(row.amount, row.unit), row.source) for row in rows]


def bands_of(rules: Rules) -> list[dict[str, object]]:
    """Every band with its range and what it asks at each gate."""
    return [
        {
            "name": band.name,
            "range": "any value, when the case is high risk" if band.is_overlay else range_of(band.within, rules),
            "who_buys": band.who_buys,
            "gates": [
                ("Gate 1", Need(band.gate_1).label),
                ("Gate 2, procurement request", Need(band.request).label),
                ("Gate 3", Need(band.gate_3).label),
                ("Gate 4", Need(band.gate_4).label),
            ],
        }
        for band in rules.bands
    ]


def routes_of(rules: Rules, queues: Mapping[str, str]) -> list[RuleWords]:
    """Every routing rule in words."""
    return [_route(rule, rules, queues) for rule in rules.routes]


def _route(rule: Rule, rules: Rules, queues: Mapping[str, str]) -> RuleWords:
    figure = rules.figures.get(rule.within_key)
    questions = {
        "pause": "A question pauses the clock.",
        "restart": "A question pauses the clock, and a reply starts it anew.",
    }
    asks = ASKS_WORDS.get(rule.asks, rule.asks.replace("_", " ").capitalize())
    return RuleWords(
        key=rule.key,
        name=rule.name,
        when=rule.trigger.replace("_", " ").capitalize(),
        conditions=_conditions(rule, rules),
        asks=f"{queues.get(rule.queue, rule.queue)}: {in_sentence(asks)}",
        within=amount_words(figure.amount, figure.unit) if figure else "No time limit",
        question=questions.get(rule.question_effect, "") if figure else "",
    )


def _conditions(rule: Rule, rules: Rules) -> list[str]:
    found = []
    if not rule.within.is_open:
        found.append(f"the value is {range_of(rule.within, rules)}")
    if rule.risk in _RISK_WORDS:
        found.append(_RISK_WORDS[RiskTest(rule.risk)])
    if rule.needed_flag:
        found.append(f"it is marked “{rule.needed_flag.replace('_', ' ')}”")
    if rule.enough_flags:
        flags = listed([flag.replace("_", " ") for flag in rule.enough_flags])
        found.append(f"any of these marks is enough: {flags}")
    return found
