"""What an activity's page says beside its own lists: warnings, and what other records offer. A room registers loaders.

A note is words that a person reads while working in the activity; it blocks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commissioning.models import CommissionActivity
    from organisation.models import Person


@dataclass(frozen=True)
class Line:
    """One line of a note, with the page it comes from where there is one."""

    words: str
    url: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Note:
    """One note. A warning stands above the form; anything else stands under the lists."""

    title: str
    words: str = ""
    lines: Sequence[Line] = ()
    is_warning: bool = False


Loader = Callable[["CommissionActivity", "Person"], Iterable[Note]]

_loaders: dict[str, list[Loader]] = {}


def register_notes(activity: str, loader: Loader) -> None:
    """Add notes to the page of an activity, by its key. A loader reads at most one statement."""
    _loaders.setdefault(activity, []).append(loader)


def notes_of(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """Everything to say on the page of one activity, warnings first."""
    found = [note for loader in _loaders.get(activity.activity.key, ()) for note in loader(activity, viewer)]
    return sorted(found, key=lambda note: not note.is_warning)
