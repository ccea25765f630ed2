"""What another value or risk would ask of a commission: worked out, shown, and never saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from casework.routing import Facts, requirements, route
from commissioning.dossier import CriterionLine
from commissioning.models import Commission
from commissioning.selectors.dossiers import criteria_of, facts_of, rules_of, rules_version_of
from commissioning.shifts import Shift, Stand, compare
from organisation.formatting import money


@dataclass(frozen=True)
class WhatIf:
    """The answer: "At £105,000 you would also need…", with what is added and what is dropped."""

    opening: str
    shift: Shift
    tier: str


def criteria_not_ticked(commission: Commission) -> tuple[CriterionLine, ...]:
    """The criteria that do not apply now."""
    return tuple(line for line in criteria_of(commission) if not line.applies)


def what_if(commission: Commission, value: Decimal | None, risk: str) -> WhatIf | None:
    """Compare how it stands with how it would: another value, another risk ("": as it is, "none", or a criterion's
    key), or both. None while it has no value of its own.
    """
    rules, criteria = rules_of(rules_version_of(commission)), criteria_of(commission)
    here = facts_of(commission, criteria, vat_is_excluded=rules.vat_is_excluded)
    if here is None:
        return None
    ticked = dict(here.criteria)
    if risk == "none":
        ticked = {}
    elif risk:
        ticked |= {line.key: line.name for line in criteria if line.key == risk}
    there = replace(here, value=here.value if value is None else value, criteria=ticked)

    def stand(facts: Facts) -> Stand:
        return Stand(rules, facts, requirements(facts, rules), tuple(route("start", facts, rules)))

    shift, after = compare(stand(here), stand(there), in_short=True), stand(there)
    at = f"At {money(there.value)}" + (", with high risk" if there.is_high_risk else ", at low risk")
    if shift.added:
        opening = f"{at} you would also need:"
    elif shift.dropped:
        opening = f"{at} you would need less:"
    else:
        opening = f"{at} nothing would change."
    return WhatIf(opening, shift, after.needs.band.name if after.needs else "")
