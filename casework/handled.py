"""Kinds of work item that another room works on a page of its own: a procurement request is triaged on its own page.

A room registers the kind when it starts. The page is the item's ``path``; its verbs are below it, at ``do/<verb>/``.
The item's own answer, question and reply are then refused with a sentence that leads there, unless the room itself
carries them out with ``from_room=True``, in the transaction that changes its record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import DateField, Value

from casework.states import Answer


@dataclass(frozen=True)
class RowDetails:
    """What a queue shows of an item from the record that its room moves: its reference and route, when and how.

    ``wanted`` is what the requester would like done, ``dates`` the first and the last day of their plan, in words.
    """

    reference: str
    route: str
    needed_by: date | None = None
    flags: tuple[str, ...] = ()
    wanted: str = ""
    dates: str = ""


# What the keys 1, 2 and 3 of a queue stand for.
KEYS_OF_ROOMS = ("accept", "ask", "return")

# Given the numbers of items, the details of each: one statement, however many there are.
Details = Callable[[Sequence[int]], Mapping[int, RowDetails]]


@dataclass(frozen=True)
class Handled:
    """How a kind is worked elsewhere.

    ``words`` is the sentence of the refusal; ``verbs`` names the verbs of that page behind a queue's keys "accept",
    "ask" and "return"; ``answers`` is what an answer is called for this kind. ``tells`` says that the room writes the
    messages about its questions and answers itself, because more was said than the item knows.
    """

    kind: str
    words: str
    verbs: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    details: Details | None = None
    tells: bool = False


_handled: dict[str, Handled] = {}


def register_handled(found: Handled) -> None:
    """Say that a kind of item is worked on its room's own page."""
    if found.kind in _handled:
        raise ValueError(f"Items of the kind {found.kind!r} are registered twice")
    _handled[found.kind] = found


def handled(kind: str) -> Handled | None:
    """How a kind is worked elsewhere; None where the item's own page does."""
    return _handled.get(kind)


def details_of(items: Mapping[int, str]) -> dict[int, RowDetails]:
    """The details of items by their number, given the kind of each. One statement a kind that has any."""
    found: dict[int, RowDetails] = {}
    for kind, room in _handled.items():
        wanted = [pk for pk, its_kind in items.items() if its_kind == kind]
        if wanted and room.details:
            found |= room.details(wanted)
    return found


# --- by when the thing itself is needed ---------------------------------------------------------------------------

_case_day: list[Any] = []


def register_case_day(expression: Any) -> None:
    """Say by when the record that a work item belongs to is needed: an expression over items, of which one is known."""
    _case_day[:] = [expression]


def case_day() -> Any:
    """That day, for items that were given none of their own; read with the rows of a list."""
    return _case_day[0] if _case_day else Value(None, output_field=DateField())


# --- what an item holds up ------------------------------------------------------------------------------------------

_holds_up: dict[str, Callable[[str], str]] = {}


def register_holds_up(kind: str, words: Callable[[str], str]) -> None:
    """Say what waits for the answer to a kind of item: ``words(path)`` is given the item's path."""
    _holds_up[kind] = words


def holds_up(kind: str, path: str) -> str:
    """What waits for an answer; empty where nothing is known to."""
    found = _holds_up.get(kind)
    return found(path) if found else ""


def answer_words(kind: str, answer: str) -> str:
    """What an answer is called for a kind of item."""
    found = _handled.get(kind)
    if found and answer in found.answers:
        return found.answers[answer]
    return Answer(answer).label if answer in Answer.values else ""
