"""Where existing delivery is looked for: each room that keeps records of it offers a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commissioning.models import Commission
from organisation.models import Person


@dataclass(frozen=True)
class Delivered:
    """A record of something the council has done for it, or does itself. ``kind`` as in ``ExistingDelivery``."""

    case_file_id: int
    kind: str
    reference: str
    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Place:
    """One place that is searched, with what was found there."""

    heading: str
    found: Sequence[Delivered]


#: Finds records by the words of a title, reference or supplier; without words, those of the commission's category.
Search = Callable[[Person, Commission, str], Sequence[Delivered]]

_searches: list[tuple[int, str, Search]] = []


def register_search(heading: str, order: int, search: Search) -> None:
    """Add a place to search. A search reads at most one statement, and finds only what the person may see."""
    _searches.append((order, heading, search))


def search_everywhere(person: Person, commission: Commission, words: str) -> list[Place]:
    """What every place finds, in their order."""
    return [Place(heading, search(person, commission, words)) for _, heading, search in sorted(_searches, key=_order)]


def _order(row: tuple[int, str, Search]) -> tuple[int, str]:
    return row[0], row[1]
