"""What a change of the rules would do, before it is made: which values move, and which drafts would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from casework.routing import Facts, Rules, requirements, route
from casework.rules_safety import critical_values
from organisation.formatting import listed, money
from organisation.models import CommissioningFramework, Person

_RISKY = {"any": "any criterion"}


@dataclass(frozen=True)
class Moved:
    """One case that today's rules and the new ones treat differently.

    ``stays`` marks a case that started under earlier rules and keeps them; the others would move.
    """

    reference: str
    title: str
    url: str
    before: str
    after: str
    stays: bool = False


Rehearsal = Callable[[CommissioningFramework, Rules, Person], list[Moved]]

_rehearsals: list[Rehearsal] = []


def register_rehearsal(rehearsal: Rehearsal) -> None:
    """Add what a higher room knows: ``rehearsal(framework, rules, viewer)`` lists the cases that ``viewer`` may see
    and that ``rules`` would treat differently from those in force for them now. A fixed number of statements.
    """
    _rehearsals.append(rehearsal)


def moved_by(framework: CommissioningFramework, rules: Rules, viewer: Person) -> list[Moved]:
    """Every case that would be treated differently, as far as the viewer may see it."""
    return [moved for rehearsal in _rehearsals for moved in rehearsal(framework, rules, viewer)]


def value_shifts(before: Rules, after: Rules, queues: Mapping[str, str]) -> list[str]:
    """In sentences: which values would be in another band, and which functions would hear of which values.

    Looks at low and high risk without further marks, at every figure of either version and a penny to its sides:
    between those nothing changes.
    """
    values = sorted({*critical_values(before), *critical_values(after)})
    said = [
        f"{span}: {now} now, {then} then"
        for span, now, then in _spans(values, lambda value: (_band(value, before), _band(value, after)))
    ]
    triggers = sorted({rule.trigger for rule in (*before.routes, *after.routes)})
    for criteria, risk in (({}, ""), (_RISKY, " at high risk")):
        for trigger in triggers:
            when = trigger.replace("_", " ")

            def asked(value: Decimal, trigger: str = trigger, criteria: dict[str, str] = criteria) -> tuple[str, str]:
                facts = Facts(value, criteria)
                return _queues(trigger, facts, before, queues), _queues(trigger, facts, after, queues)

            said += [
                f"{span}{risk}, at “{when}”: {now} asked now, {then} then" for span, now, then in _spans(values, asked)
            ]
    return said


def _band(value: Decimal, rules: Rules) -> str:
    return requirements(Facts(value), rules).band.name


def _queues(trigger: str, facts: Facts, rules: Rules, names: Mapping[str, str]) -> str:
    found = sorted({names.get(way.queue, way.queue) for way in route(trigger, facts, rules)})
    return listed(found) if found else "nobody"


def _spans(values: list[Decimal], compare: Callable[[Decimal], tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Runs of neighbouring values for which the same differs, as "£100,000.01 to £120,000"."""
    first: Decimal | None = None
    last = Decimal(0)
    differs: tuple[str, str] | None = None
    for value in values:
        pair = compare(value)
        if pair == differs:
            last = value
            continue
        if differs is not None and first is not None:
            yield _span(first, last), *differs
        first, last, differs = (value, value, pair) if pair[0] != pair[1] else (None, value, None)
    if differs is not None and first is not None:
        yield f"{money(first)} and over", *differs


def _span(first: Decimal, last: Decimal) -> str:
    return money(first) if first == last else f"{money(first)} to {money(last)}"
