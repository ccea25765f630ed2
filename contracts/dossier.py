"""Everything the guards of a contract read, as plain values. One selector fills it (selectors/dossiers.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commissioning.models import AuthorityRecord
    from contracts.models import Contract, MobilisationTask, Signature
    from procurement.dossier import Standing


@dataclass(frozen=True)
class ContractDossier:
    """A contract with what the guards of its present state read; the rest is left empty.

    ``standing`` is None for a contract that no commission stands behind.
    """

    contract: Contract
    standing: Standing | None = None
    authority: tuple[AuthorityRecord, ...] = ()
    signatures: tuple[Signature, ...] = ()
    tasks: tuple[MobilisationTask, ...] = ()

    def signature_of(self, party: str) -> Signature | None:
        """One side's signature."""
        return next((signature for signature in self.signatures if signature.party == party), None)
