"""Everything the guards of this room read, as plain values. The selectors fill it (selectors/dossiers.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commissioning.models import AuthorityRecord
    from contracts.models import Contract, Handover, HandoverPart, MobilisationTask, Signature
    from procurement.dossier import Standing
    from procurement.models import Challenge


@dataclass(frozen=True)
class ContractDossier:
    """A contract with what the guards of its present state read; the rest is left empty.

    ``standing`` is None for a contract that no commission stands behind; ``challenges`` are those still open.
    """

    contract: Contract
    standing: Standing | None = None
    authority: tuple[AuthorityRecord, ...] = ()
    signatures: tuple[Signature, ...] = ()
    tasks: tuple[MobilisationTask, ...] = ()
    challenges: tuple[Challenge, ...] = ()

    def signature_of(self, party: str) -> Signature | None:
        """One side's signature."""
        return next((signature for signature in self.signatures if signature.party == party), None)


@dataclass(frozen=True)
class HandoverDossier:
    """A handover with its headings, in their order."""

    handover: Handover
    parts: tuple[HandoverPart, ...]
    has_indicators: bool

    def part(self, heading: str) -> HandoverPart | None:
        """One heading's part."""
        return next((part for part in self.parts if part.heading == heading), None)
