"""Which band a case is in and which queues it goes to: pure functions over facts and one version of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from organisation.formatting import money

NEEDS = ("not_required", "optional", "expected", "required")
PENNY = Decimal("0.01")
_RISKY = {"any": "any criterion"}


@dataclass(frozen=True)
class Facts:
    """What the rules read of a case.

    ``value`` is pounds over the whole term, on the basis the rules version names (excluding VAT by default).
    ``criteria`` are the ticked high-risk criteria by key with their names; any one makes the case high risk.
    ``flags`` are other facts a rule may name (special terms, an unusual route, a digital part).
    """

    value: Decimal
    criteria: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()

    @property
    def is_high_risk(self) -> bool:
        """Framework 4.3: any one criterion makes a case high risk."""
        return bool(self.criteria)

    def has(self, flag: str) -> bool:
        """Whether a criterion is ticked or another flag is set."""
        return flag in self.criteria or flag in self.flags


@dataclass(frozen=True)
class RangeRule:
    """A value range as read from a row; keys name figures."""

    from_key: str = ""
    from_inclusive: bool = False
    to_key: str = ""
    to_inclusive: bool = False

    @property
    def is_open(self) -> bool:
        """Whether any value at all is inside."""
        return not self.from_key and not self.to_key


@dataclass(frozen=True)
class BandRule:
    """One band of a rules version."""

    key: str
    name: str
    within: RangeRule
    is_overlay: bool
    who_buys: str
    request: str
    gate_1: str
    gate_3: str
    gate_4: str
    summary: str = ""
    legal: str = ""
    authority: str = ""


@dataclass(frozen=True)
class Rule:
    """One routing rule of a rules version."""

    key: str
    name: str
    trigger: str
    within: RangeRule
    risk: str
    needed_flag: str
    enough_flags: tuple[str, ...]
    queue: str
    item_kind: str
    asks: str
    title: str
    within_key: str
    question_effect: str
    reason: str


@dataclass(frozen=True)
class Figure:
    """A named number and what it counts."""

    amount: Decimal
    unit: str


@dataclass(frozen=True)
class Rules:
    """One published version, whole."""

    number: int
    figures: Mapping[str, Figure]
    bands: tuple[BandRule, ...]
    routes: tuple[Rule, ...]
    vat_is_excluded: bool = True

    def amount(self, key: str) -> Decimal:
        """The figure named ``key``; raises ``KeyError`` if this version has none."""
        return self.figures[key].amount


@dataclass(frozen=True)
class Route:
    """One queue that a case goes to, what is asked there, and why in words."""

    rule_key: str
    rule_name: str
    rules_number: int
    queue: str
    item_kind: str
    asks: str
    title: str
    within: int | None
    unit: str
    question_effect: str
    reasons: tuple[str, ...]

    @property
    def because(self) -> str:
        """The reasons as one sentence without a final stop."""
        return "; and ".join(self.reasons)


@dataclass(frozen=True)
class Requirements:
    """The band a case is in and the strongest need that the band and the high-risk overlay together make."""

    band: BandRule
    overlay: BandRule | None
    request: str
    gate_1: str
    gate_3: str
    gate_4: str
    who_buys: str

    def gate(self, number: int) -> str:
        """How firmly gate 1, 2 (the procurement request), 3 or 4 is asked for."""
        return {1: self.gate_1, 2: self.request, 3: self.gate_3, 4: self.gate_4}[number]


class NoBand(Exception):
    """The bands of a version leave a value without a home, or give it two. Publishing refuses such a version."""


def in_range(value: Decimal, within: RangeRule, rules: Rules) -> bool:
    """Whether ``value`` is inside, to the penny."""
    if within.from_key:
        floor = rules.amount(within.from_key)
        if value < floor or (value == floor and not within.from_inclusive):
            return False
    if within.to_key:
        ceiling = rules.amount(within.to_key)
        if value > ceiling or (value == ceiling and not within.to_inclusive):
            return False
    return True


def range_words(value: Decimal, within: RangeRule, rules: Rules) -> str:
    """Why the value is inside: "£640,000 is over £100,000"."""
    parts: list[str] = []
    if within.from_key:
        parts.append(f"{'at least' if within.from_inclusive else 'over'} {money(rules.amount(within.from_key))}")
    if within.to_key:
        parts.append(f"{'no more than' if within.to_inclusive else 'under'} {money(rules.amount(within.to_key))}")
    return f"{money(value)} is {' and '.join(parts)}"


def requirements(facts: Facts, rules: Rules) -> Requirements:
    """The band of a case and what it asks; raises ``NoBand`` unless exactly one band fits."""
    fitting = [band for band in rules.bands if not band.is_overlay and in_range(facts.value, band.within, rules)]
    if len(fitting) != 1:
        raise NoBand(f"{money(facts.value)} is in {len(fitting)} bands of rules version {rules.number}")
    band = fitting[0]
    overlay = None
    if facts.is_high_risk:
        overlay = next((other for other in rules.bands if other.is_overlay), None)
    both = [band, overlay] if overlay else [band]
    return Requirements(
        band=band,
        overlay=overlay,
        request=_strongest(layer.request for layer in both),
        gate_1=_strongest(layer.gate_1 for layer in both),
        gate_3=_strongest(layer.gate_3 for layer in both),
        gate_4=_strongest(layer.gate_4 for layer in both),
        who_buys=(overlay or band).who_buys,
    )


def _strongest(needs: Iterable[str]) -> str:
    return max(needs, key=NEEDS.index)


def route(trigger: str, facts: Facts, rules: Rules) -> list[Route]:
    """The queues that ``trigger`` sends a case to, in the order of the rules, each with its reasons in words."""
    found: list[Route] = []
    for rule in rules.routes:
        if rule.trigger != trigger:
            continue
        reasons = _reasons(rule, facts, rules)
        if reasons is None:
            continue
        figure = rules.figures.get(rule.within_key)
        found.append(
            Route(
                rule_key=rule.key,
                rule_name=rule.name,
                rules_number=rules.number,
                queue=rule.queue,
                item_kind=rule.item_kind,
                asks=rule.asks,
                title=rule.title,
                within=int(figure.amount) if figure else None,
                unit=figure.unit if figure else "",
                question_effect=rule.question_effect,
                reasons=reasons,
            )
        )
    return found


def _reasons(rule: Rule, facts: Facts, rules: Rules) -> tuple[str, ...] | None:
    """Why a rule fires, or None when it does not.

    Conditions marked "needed" must all hold. A value range stands among the conditions that are enough by themselves
    as soon as high risk or a flag is also enough; otherwise it is needed too.
    """
    needed: list[str] = []
    if rule.risk == "excluded" and facts.is_high_risk:
        return None
    if rule.risk == "needed":
        if not facts.is_high_risk:
            return None
        needed.append(_risk_words(facts))
    if rule.needed_flag:
        if not facts.has(rule.needed_flag):
            return None
        needed.append(_flag_words(rule.needed_flag, facts, rule.reason))

    has_alternatives = rule.risk == "enough" or bool(rule.enough_flags)
    in_value = not rule.within.is_open and in_range(facts.value, rule.within, rules)
    if not has_alternatives:
        if not rule.within.is_open:
            if not in_value:
                return None
            needed.insert(0, range_words(facts.value, rule.within, rules))
        return tuple(needed) or (rule.reason or "Every case goes here at this point",)

    enough: list[str] = []
    if in_value:
        enough.append(range_words(facts.value, rule.within, rules))
    if rule.risk == "enough" and facts.is_high_risk:
        enough.append(_risk_words(facts))
    enough += [_flag_words(flag, facts, "") for flag in rule.enough_flags if facts.has(flag)]
    return tuple(needed + enough) if enough else None


def _risk_words(facts: Facts) -> str:
    names = ", ".join(facts.criteria.values())
    count = len(facts.criteria)
    return f"{count} high-risk {'criterion' if count == 1 else 'criteria'}: {names}"


def _flag_words(flag: str, facts: Facts, reason: str) -> str:
    if flag in facts.criteria:
        return f"criterion ticked: {facts.criteria[flag]}"
    return reason or f"marked: {flag.replace('_', ' ')}"


# --- what publishing refuses -----------------------------------------------------------------------------------------


def critical_values(rules: Rules) -> list[Decimal]:
    """Every value at which something can change: each money figure, a penny to either side, nothing, and a lot."""
    amounts = [figure.amount for figure in rules.figures.values() if figure.unit == "pounds"]
    values = {Decimal(0), max(amounts, default=Decimal(0)) + 1}
    for amount in amounts:
        values |= {amount, amount + PENNY, max(amount - PENNY, Decimal(0))}
    return sorted(values)


def faults_of(rules: Rules) -> Iterator[str]:
    """What is unsafe about a version, in words: values without one band, and functions or gates that more risk loses.

    Compares neighbouring critical values at the same risk, and low with high risk at the same value, for every
    trigger and each smallest set of flags that lets a rule fire. That covers all pairs, because "takes nothing away"
    carries over step by step and a further flag only ever adds.
    """
    missing = list(_missing_figures(rules))
    if missing:
        yield from missing
        return
    values = critical_values(rules)
    try:
        for value in values:
            requirements(Facts(value), rules)
    except NoBand as fault:
        yield f"{fault}. Every value must be in exactly one band"
        return
    steps = [
        (Facts(lower, criteria), Facts(higher, criteria))
        for criteria in ({}, _RISKY)
        for lower, higher in pairwise(values)
    ]
    steps += [(Facts(value), Facts(value, _RISKY)) for value in values]
    for less, more in steps:
        yield from _weakened(less, more, rules)
    for trigger in sorted({rule.trigger for rule in rules.routes}):
        # Only the rules of one trigger, and the flags they name, can make a difference to it.
        own = replace(rules, routes=tuple(rule for rule in rules.routes if rule.trigger == trigger))
        for flag_set in sorted({least for rule in own.routes for least in _least_flags(rule)}, key=sorted):
            for less, more in steps:
                yield from _lost(replace(less, flags=flag_set), replace(more, flags=flag_set), trigger, own)


def _least_flags(rule: Rule) -> Iterator[frozenset[str]]:
    """The smallest sets of flags under which a rule may fire: what it needs, with nothing else or with one enough."""
    needed = {rule.needed_flag} - {""}
    yield frozenset(needed)
    for enough in rule.enough_flags:
        yield frozenset(needed | {enough})


def _missing_figures(rules: Rules) -> Iterator[str]:
    """Bands and rules that name a figure this version does not have, or one that does not count pounds."""
    bounded = [(f"The band {band.name}", band.within) for band in rules.bands]
    bounded += [(f"The rule {rule.name}", rule.within) for rule in rules.routes]
    for who, within in bounded:
        for key in (within.from_key, within.to_key):
            if key and key not in rules.figures:
                yield f"{who} names the figure {key}, which does not exist"
            elif key and rules.figures[key].unit != "pounds":
                yield f"{who} is bounded by the figure {key}, which is not in pounds"
    for rule in rules.routes:
        if rule.within_key and rule.within_key not in rules.figures:
            yield f"The rule {rule.name} names the figure {rule.within_key}, which does not exist"


def _lost(less: Facts, more: Facts, trigger: str, rules: Rules) -> Iterator[str]:
    """Queues that hear of ``less`` but not of ``more``."""
    before = {found.queue for found in route(trigger, less, rules)}
    after = {found.queue for found in route(trigger, more, rules)}
    for queue in sorted(before - after):
        yield (
            f"The {queue} queue would be taken away {_step_words(less, more)} (trigger: {trigger.replace('_', ' ')})"
        )


def _weakened(less: Facts, more: Facts, rules: Rules) -> Iterator[str]:
    """Gates that are asked for less firmly of ``more`` than of ``less``."""
    low, high = requirements(less, rules), requirements(more, rules)
    for number in (1, 2, 3, 4):
        if NEEDS.index(high.gate(number)) < NEEDS.index(low.gate(number)):
            yield f"Gate {number} would be asked for less firmly {_step_words(less, more)}"


def _step_words(less: Facts, more: Facts) -> str:
    if less.value != more.value:
        return f"when the value rises from {money(less.value)} to {money(more.value)}"
    return f"when a {money(less.value)} case becomes high risk"
