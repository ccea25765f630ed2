"""Whether a contract for people who may be vulnerable is watched over for how they are kept safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.models import Contract, Indicator


@dataclass(frozen=True)
class Safeguarding:
    """The indicators that watch over it; none where one is still wanted."""

    names: tuple[str, ...]


def is_wanted(contract: Contract) -> bool:
    """Whether the commission behind a contract says that it serves people who may be vulnerable."""
    return contract.commission is not None and contract.commission.serves_vulnerable


def safeguarding_of(contract: Contract, measures: Sequence[Indicator]) -> Safeguarding | None:
    """What the page of the indicators says of it; None where nobody has to be kept safe. No statement of its own."""
    names = tuple(measure.name for measure in measures if measure.is_safeguarding)
    return Safeguarding(names) if names or is_wanted(contract) else None


def lacks_safeguarding(contract: Contract) -> bool:
    """Whether an indicator is wanted and there is none, in at most one statement."""
    return is_wanted(contract) and not Indicator.objects.filter(contract=contract, is_safeguarding=True).exists()
