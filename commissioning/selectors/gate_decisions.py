"""What somebody who decides on a gate sees: the paper in short, and what changed since before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commissioning.models import Gate
from commissioning.selectors.figures import OUTLINE, Moved, moved_figures
from documents.changes import Comparison, beside, predecessors_of
from documents.comparing import plain
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
    """A submitted paper in short. ``sections`` are the key and title of each, for comments on single ones.

    ``compared`` is the paper beside the submission before, and beside the paper of the gate before.
    """

    answers: list[tuple[str, str]] = field(default_factory=list)
    compared: list[Comparison] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    sections: list[tuple[str, str]] = field(default_factory=list)


def in_short(gate: Gate, number: int, tolerance: Decimal) -> InShort:
    """Revision ``number`` of a gate's paper in short, in one statement. ``tolerance`` is in per cent.

    Compared with the revision submitted before, and with the paper of the gate before.
    """
    if gate.paper is None:
        return InShort()
    keys = [gate.paper.template_key, *predecessors_of(gate.paper.template_key)]
    rows = Revision.objects.filter(
        paper__case_file_id=gate.commission.case_file_id, paper__template_key__in=keys, paper__label=""
    )
    others: dict[str, tuple[int, Mapping[str, Any]]] = {}
    own: dict[int, Mapping[str, Any]] = {}
    for key, revision, content in rows.order_by("number").values_list("paper__template_key", "number", "content"):
        if key == gate.paper.template_key:
            own[revision] = content
        else:
            others[key] = (revision, content)
    now = own.get(number)
    if now is None:
        return InShort()
    before = (number - 1, own[number - 1]) if number - 1 in own else None
    answers = {
        question["key"]: question.get("value") for section in now["sections"] for question in section["questions"]
    }
    outline = others.get(OUTLINE)
    return InShort(
        answers=_telling(now, gate.number),
        compared=beside(gate.paper, now, own=before, others=others, to=str(number)),
        moved=moved_figures(outline[1], answers, tolerance) if outline else [],
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
