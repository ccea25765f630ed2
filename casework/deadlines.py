"""The kinds of deadline, and where the facts behind each are. A room registers its own when it starts::

    register_deadline_kind("handover", "Handover", source=handovers.due)

``source`` yields a ``Due`` for every deadline that should stand now; the nightly proof compares them with the rows.
A kind without a source is kept by its service alone and cannot be proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from casework.models import CaseFile, Deadline
from organisation.models import Person


@dataclass(frozen=True)
class Due:
    """One deadline as the facts have it; ``since`` is left open where nobody counts from it."""

    case_file_id: int
    organisation_id: int
    kind: str
    key: str
    due_on: date
    title: str
    path: str = ""
    holder_id: int | None = None
    requester_id: int | None = None
    queue_id: int | None = None
    since: date | None = None
    is_paused: bool = False

    @property
    def identity(self) -> tuple[int, str, str]:
        """What makes it the same deadline."""
        return self.case_file_id, self.kind, self.key

    @property
    def facts(self) -> tuple[object, ...]:
        """What a row must say to be right; ``since`` is compared only where the facts name it."""
        people = (self.holder_id, self.requester_id, self.queue_id)
        return (self.due_on, self.title[:200], self.path, *people, self.is_paused)


Source = Callable[[], Iterable[Due]]


@dataclass(frozen=True)
class DeadlineKind:
    """One kind as a room registered it.

    ``moves_by_itself``: no service writes it, because its facts move with every change of a record; the night brings
    it up to date, and that it was behind is no fault.
    """

    kind: str
    label: str
    source: Source | None
    moves_by_itself: bool = False


_kinds: dict[str, DeadlineKind] = {}


def register_deadline_kind(
    kind: str, label: str, source: Source | None = None, *, moves_by_itself: bool = False
) -> None:
    """Add a kind of deadline: what people call it, and which function knows every one that should stand."""
    _kinds[kind] = DeadlineKind(kind, label, source, moves_by_itself)


def deadline_kinds() -> dict[str, DeadlineKind]:
    """Every registered kind by its key."""
    return dict(sorted(_kinds.items()))


def kind_words(kind: str) -> str:
    """What people call a kind."""
    known = _kinds.get(kind)
    return known.label if known else kind.replace("_", " ").capitalize()


def due(
    case_file: CaseFile,
    kind: str,
    key: str,
    *,
    due_on: date,
    title: str,
    path: str = "",
    holder: Person | None = None,
    since: date | None = None,
) -> Due:
    """A ``Due`` of a case file in hand, for services and sources that hold the objects."""
    return Due(
        case_file_id=case_file.pk,
        organisation_id=case_file.organisation_id,
        kind=kind,
        key=str(key),
        due_on=due_on,
        title=title,
        path=path,
        holder_id=holder.pk if holder else None,
        since=since,
    )


def facts_of_row(row: Deadline) -> tuple[object, ...]:
    """The same of a row as ``Due.facts``."""
    return (row.due_on, row.title, row.path, row.holder_id, row.requester_id, row.queue_id, row.is_paused)
