"""Which set of activities the catalogue proposes (framework 4.4)."""

from __future__ import annotations

from casework.routing import Facts, Rules, requirements
from commissioning.models import Proportion


def proportion_of(facts: Facts, rules: Rules) -> Proportion:
    """Framework 4.4: the short set when the service buys at low risk, the full set for sourcing or high risk.

    Read from what the rules ask, not from amounts: no procurement request means the service buys; gate 1 required
    means sourcing or high risk.
    """
    needs = requirements(facts, rules)
    if needs.gate_1 == "required":
        return Proportion.FULL
    return Proportion.SHORT if needs.request == "not_required" else Proportion.STANDARD


def column_of(proportion: Proportion) -> str:
    """The catalogue's column that says whether an activity is in a set."""
    return f"in_{proportion.value}"
