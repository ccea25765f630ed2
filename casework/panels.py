"""What higher rooms show on a lower room's page: a panel each, loaded in at most one statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from casework.models import CaseFile
from organisation.models import Person


@dataclass(frozen=True)
class Panel:
    """One section of a record's page, drawn by the template of the room that offers it."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


Loader = Callable[[CaseFile, Person], Panel | None]

_panels: dict[str, list[tuple[int, Loader]]] = {}


def register_panel(kind: str, order: int, loader: Loader) -> None:
    """Add a panel to the page of every record of a kind ("commission"). Lower orders stand first."""
    _panels.setdefault(kind, []).append((order, loader))


def panels_of(case_file: CaseFile, person: Person) -> list[Panel]:
    """The panels of one record, as this person sees them."""
    loaders = sorted(_panels.get(case_file.kind, []), key=lambda row: row[0])
    return [panel for _, loader in loaders if (panel := loader(case_file, person)) is not None]
