"""What somebody who decides on a gate sees: the paper in short, and what changed since it was last submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commissioning.models import Gate
from commissioning.selectors.figures import FULL, OUTLINE, Moved, moved_figures
from documents.comparing import SectionChanges, compare, plain
from documents.models import Revision

# The answers that say most in few words, by gate.
_TELLING = {
    1: ("aims", "in_scope", "commits_start"),
    3: ("case_for_change", "preferred_why", "commits_effort"),
    4: ("award_reasons", "beyond_tolerance_why", "commits_contract"),
}
_LONGEST = 900


@dataclass
class InShort:
    """A submitted paper in short. ``sections`` are the key and title of each, for comments on single ones."""

    answers: list[tuple[str, str]] = field(default_factory=list)
    changes: list[SectionChanges] = field(default_factory=list)
    changed_since: str = ""
    moved: list[Moved] = field(default_factory=list)
    sections: list[tuple[str, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many answers changed."""
        return sum(len(section.changes) for section in self.changes)


def in_short(gate: Gate, number: int, tolerance: Decimal) -> InShort:
    """Revision ``number`` of a gate's paper in short, in one statement.

    Compared with the revision submitted before; the first full business case with the outline it grew out of.
    """
    if gate.paper is None:
        return InShort()
    keys = [gate.paper.template_key, *([OUTLINE] if gate.paper.template_key == FULL else [])]
    rows = Revision.objects.filter(paper__case_file_id=gate.commission.case_file_id, paper__template_key__in=keys)
    outline: Mapping[str, Any] | None = None
    own: dict[int, Mapping[str, Any]] = {}
    for key, revision, content in rows.order_by("number").values_list("paper__template_key", "number", "content"):
        if key == gate.paper.template_key:
            own[revision] = content
        else:
            outline = content
    now = own.get(number)
    if now is None:
        return InShort()
    before, since = own.get(number - 1), f"revision {number - 1}"
    if before is None and outline is not None:
        before, since = outline, "the outline business case"
    answers = {
        question["key"]: question.get("value") for section in now["sections"] for question in section["questions"]
    }
    return InShort(
        answers=_telling(now, gate.number),
        changes=compare(before, now) if before else [],
        changed_since=since if before else "",
        moved=moved_figures(outline, answers, tolerance) if outline else [],
        sections=[(section["key"], section["title"]) for section in now["sections"]],
    )


def _telling(content: Mapping[str, Any], number: int) -> list[tuple[str, str]]:
    by_key = {question["key"]: question for section in content["sections"] for question in section["questions"]}
    found = []
    for key in _TELLING[number]:
        question = by_key.get(key)
        words = plain(question["shown"]) if question else ""
        if question and words:
            found.append((str(question["label"]), words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"))
    return found
