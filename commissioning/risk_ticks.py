"""Which risk criteria tick themselves, from what was entered and the rules' figures (framework 4.3). Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from casework.routing import Rules
from organisation.formatting import counted, money

OUTAGE, DEPENDENCY, LIKELIHOOD, CONCERN = "outage", "dependency", "likelihood", "concern"
#: The figures of the rules that bound them: days, and per cent.
OUTAGE_DAYS, DEPENDENCY_SHARE = "outage_days", "dependency_share"
TICKING_LIKELIHOODS = ("medium", "high")


@dataclass(frozen=True)
class Measured:
    """What was entered: days, pounds a year, a likelihood, and the open concerns about the supplier in words."""

    outage_days: int | None = None
    yearly_value: Decimal | None = None
    turnover: Decimal | None = None
    likelihood: str = ""
    supplier: str = ""
    concerns: tuple[str, ...] = ()

    @property
    def share(self) -> Decimal | None:
        """The yearly value as a percentage of the supplier's turnover; None unless both are known."""
        if self.yearly_value is None or not self.turnover:
            return None
        return self.yearly_value * 100 / self.turnover


def tick_of(measure: str, measured: Measured, rules: Rules) -> str:
    """Why a criterion of this measure ticks itself, in words; empty when it does not.

    A figure that these rules do not have ticks nothing.
    """
    if measure == OUTAGE:
        return _outage(measured, rules)
    if measure == DEPENDENCY:
        return _dependency(measured, rules)
    if measure == LIKELIHOOD and measured.likelihood in TICKING_LIKELIHOODS:
        return f"The chance of a challenge is {measured.likelihood}"
    if measure == CONCERN and measured.concerns:
        return f"Open concern about {measured.supplier}: {'; '.join(measured.concerns)}"
    return ""


def answered_by(measure: str, measured: Measured) -> bool:
    """Whether what was entered settles the criterion even where it does not tick it: a low chance is a no."""
    return measure == LIKELIHOOD and bool(measured.likelihood)


def measure_words(measure: str, measured: Measured) -> str:
    """What was entered for a criterion, for its row on the risk page."""
    if measure == OUTAGE and measured.outage_days is not None:
        return f"Longest outage: {counted(measured.outage_days, 'day')}"
    if measure == DEPENDENCY and measured.share is not None:
        return f"{_of(measured)} is {_per_cent(measured.share)}"
    if measure == LIKELIHOOD and measured.likelihood:
        return f"Chance of a challenge: {measured.likelihood}"
    if measure == CONCERN and measured.supplier:
        return f"Supplier: {measured.supplier}"
    return ""


def _outage(measured: Measured, rules: Rules) -> str:
    limit = rules.figures.get(OUTAGE_DAYS)
    if limit is None or measured.outage_days is None or measured.outage_days <= limit.amount:
        return ""
    return f"The longest outage is {counted(measured.outage_days, 'day')}, over {counted(int(limit.amount), 'day')}"


def _dependency(measured: Measured, rules: Rules) -> str:
    limit = rules.figures.get(DEPENDENCY_SHARE)
    if limit is None or measured.share is None or measured.share <= limit.amount:
        return ""
    return f"{_of(measured)} is {_per_cent(measured.share)}, over {_per_cent(limit.amount)}"


def _of(measured: Measured) -> str:
    return f"{money(measured.yearly_value)} a year of a turnover of {money(measured.turnover)}"


def _per_cent(share: Decimal) -> str:
    rounded = share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    whole = rounded.to_integral_value()
    return f"{whole if rounded == whole else rounded}%"
