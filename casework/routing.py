"""Which band a case is in and which queues it goes to: pure functions over facts and one version of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from organisation.formatting import money

NEEDS = ("not_required", "optional", "expected", "required")
PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Facts:
    """What the rules read of a case.

    ``value`` is pounds over the whole term, on the basis the rules version names (excluding VAT by default).
    ``criteria`` are the ticked high-risk criteria by key with their names; any one makes the case high risk.
    ``flags`` are other facts a rule may name (special terms, an unusual route, a digital part). ``words`` says more of
    a flag, for the reason that people read: which route, which terms.
    """

    value: Decimal
    criteria: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)

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

    @property
    def needs(self) -> Mapping[str, str]:
        """How firmly it asks for the request and for each gate."""
        return {"request": self.request, "gate_1": self.gate_1, "gate_3": self.gate_3, "gate_4": self.gate_4}


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
    """One queue that a case goes to, what is asked there, and why in words.

    ``soon`` is how much of the time is left, in its unit, when the clock turns amber; None where no figure says so.
    """

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
    soon: int | None = None

    @property
    def because_beside_rule(self) -> str:
        """The reasons where the rule's name stands beside them: a criterion of the same name is not named twice."""
        return self.because.replace(f"criterion ticked: {self.rule_name}", "criterion ticked")

    @property
    def because(self) -> str:
        """The reasons as one sentence without a final stop."""
        return "; and ".join(self.reasons)


@dataclass(frozen=True)
class Requirements:
    """The band a case is in and the strongest need that the band and the high-risk overlay together make.

    ``who_buys`` is said by the stronger of the two: high risk at £640,000 leaves CCPS its sourcing strategy.
    """

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
        who_buys=_stronger(band, overlay).who_buys if overlay else band.who_buys,
    )


def _stronger(band: BandRule, overlay: BandRule) -> BandRule:
    """The layer that asks more; a band that asks as much as high risk does keeps its own way of buying."""
    short = any(NEEDS.index(band.needs[key]) < NEEDS.index(need) for key, need in overlay.needs.items())
    return overlay if short else band


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
                soon=_soon(rule, rules),
            )
        )
    return found


# The figure that says when a clock of this length turns amber (framework 6.2).
_AMBER = {"request_days": "request_amber_days"}


def _soon(rule: Rule, rules: Rules) -> int | None:
    figure = rules.figures.get(_AMBER.get(rule.within_key, ""))
    return int(figure.amount) if figure else None


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
    if flag in facts.words:
        return facts.words[flag]
    return reason or f"marked: {flag.replace('_', ' ')}"
