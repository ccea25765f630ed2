"""What stops a paper from being submitted or reopened. Pure: they read the paper's contents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from casework.blockers import Blocker

if TYPE_CHECKING:
    from documents.contents import PaperContents, Problem


def submit(contents: PaperContents, inputs: Mapping[str, Any]) -> Iterator[Blocker]:
    """Every missing or wrong answer, each linked to its question."""
    for problem in contents.problems:
        yield blocker_of(contents, problem)
    if inputs.get("is_agreed") is False:
        yield Blocker("statement", "Statement: not agreed to")


def reopen(contents: PaperContents, inputs: Mapping[str, Any]) -> Iterator[Blocker]:
    """Notes may only name sections that the paper has."""
    for key in inputs.get("section_notes") or {}:
        if contents.shape.section(key) is None:
            yield Blocker("section_notes", f"Section “{key}”: not part of this paper")


def blocker_of(contents: PaperContents, problem: Problem) -> Blocker:
    """One problem as a blocker, with the section's name in front."""
    return Blocker(
        key=problem.question.key,
        words=f"{problem.section.title}: {problem.words}",
        link="documents:section",
        link_args=(contents.paper.pk, problem.section.key),
        anchor=problem.anchor,
    )
