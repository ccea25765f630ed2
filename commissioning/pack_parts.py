"""What other rooms add to a gate's printed pack: a part of its own, between what the case rests on and what was said.

A higher room registers its part in ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from documents.fact_tables import FactTable

if TYPE_CHECKING:
    from commissioning.dossier import Dossier
    from commissioning.models import Gate


@dataclass(frozen=True)
class PackPart:
    """One part: its title, sentences, what is known by name, and tables. ``key`` is its address within the print."""

    key: str
    title: str
    sentences: Sequence[str] = ()
    rows: Sequence[tuple[str, str]] = ()
    tables: Sequence[FactTable] = ()

    def frozen(self) -> dict[str, Any]:
        """As JSON, which the print keeps."""
        return {
            "key": self.key,
            "title": self.title,
            "sentences": list(self.sentences),
            "rows": [list(row) for row in self.rows],
            "tables": [table.frozen() for table in self.tables],
        }


#: The part that a room has for a gate, or nothing; in a fixed number of statements.
Loader = Callable[["Gate", "Dossier"], "PackPart | None"]
_loaders: list[Loader] = []


def register_pack_part(loader: Loader) -> None:
    """Add a part to the packs of gates."""
    _loaders.append(loader)


def parts_of(gate: Gate, dossier: Dossier) -> list[PackPart]:
    """What the other rooms have to say at this gate."""
    return [part for loader in _loaders if (part := loader(gate, dossier)) is not None]
