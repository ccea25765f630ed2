"""What publishing a version of the rules refuses: values without one band, and queues or gates that more risk loses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from casework.routing import NEEDS, PENNY, Facts, NoBand, Rule, Rules, requirements, route
from organisation.formatting import money

_RISKY = {"any": "any criterion"}


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
