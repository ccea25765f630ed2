"""Who may comment on which kind of paper, and in which capacity. The room that a paper belongs to registers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from organisation.models import Person

if TYPE_CHECKING:
    from documents.models import Paper


@dataclass(frozen=True)
class Reviewers:
    """Who comments on one kind of paper.

    ``capacity`` says in which capacity somebody does ("Finance"), empty where they may not; ``people`` names those who
    may, for a refusal. Each costs at most one statement.
    """

    template_key: str
    capacity: Callable[[Person, Paper], str]
    people: Callable[[Paper], Iterable[Person]]


_reviewers: dict[str, Reviewers] = {}


def register_reviewers(found: Reviewers) -> None:
    """Let people comment on the sections of one kind of paper."""
    if found.template_key in _reviewers:
        raise ValueError(f"The reviewers of {found.template_key!r} papers are registered twice")
    _reviewers[found.template_key] = found


def takes_comments(template_key: str) -> bool:
    """Whether anyone may comment on papers of this kind."""
    return template_key in _reviewers


def capacity_for(person: Person, paper: Paper) -> str:
    """In which capacity this person comments on this paper; empty where they may not. Never its author."""
    found = _reviewers.get(paper.template_key)
    if found is None or person.pk in (paper.begun_by_id, paper.submitted_by_id):
        return ""
    return found.capacity(person, paper)


def people_for(paper: Paper) -> list[Person]:
    """Some of those who may comment on a paper."""
    found = _reviewers.get(paper.template_key)
    return list(found.people(paper)) if found else []
