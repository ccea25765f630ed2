"""What changed in a paper since it was last submitted, and since the earlier paper that it grew out of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from documents.comparing import Change, SectionChanges, compare
from documents.models import Paper, Revision
from organisation.formatting import in_sentence

DRAFT = "draft"

_predecessors: dict[str, tuple[str, ...]] = {}


def register_predecessors(template_key: str, earlier: Sequence[str]) -> None:
    """Say which papers a kind of paper grows out of, nearest first: a full business case out of the outline case."""
    _predecessors[template_key] = tuple(earlier)


def predecessors_of(template_key: str) -> tuple[str, ...]:
    """The kinds of paper that this one grows out of, nearest first."""
    return _predecessors.get(template_key, ())


@dataclass(frozen=True)
class Comparison:
    """A paper beside an earlier one. ``since`` ends "changed since …"; ``url`` leads to the comparison word by word."""

    since: str
    sections: Sequence[SectionChanges]
    url: str

    @property
    def count(self) -> int:
        """How many answers changed."""
        return sum(len(section.changes) for section in self.sections)

    def of(self, section_key: str) -> list[Change]:
        """The changes under one section of the paper as it is now."""
        return [change for section in self.sections if section.key == section_key for change in section.changes]


def comparisons(paper: Paper, now: Mapping[str, Any], *, before: int, to: str) -> list[Comparison]:
    """The paper as it reads ``now`` beside its revision ``before`` (0 for none), and beside the nearest earlier paper.

    One statement. Papers of two kinds are compared in the questions they share. ``to`` is what the comparing page calls
    the reading of now: a revision's number, or "draft".
    """
    earlier = predecessors_of(paper.template_key)
    if not before and not earlier:
        return []
    wanted = Q(paper=paper, number=before) if before else Q(pk__in=[])
    if earlier:
        wanted |= Q(paper__case_file_id=paper.case_file_id, paper__template_key__in=earlier, paper__label="")
    rows = Revision.objects.filter(wanted).order_by("number")
    own: Mapping[str, Any] | None = None
    others: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for key, number, content in rows.values_list("paper__template_key", "number", "content"):
        if key == paper.template_key:
            own = content
        else:
            others[key] = (number, content)
    return beside(paper, now, own=(before, own) if own is not None else None, others=others, to=to)


def beside(
    paper: Paper,
    now: Mapping[str, Any],
    *,
    own: tuple[int, Mapping[str, Any]] | None,
    others: Mapping[str, tuple[int, Mapping[str, Any]]],
    to: str,
) -> list[Comparison]:
    """The same from contents that were read already: ``others`` by the kind of paper, each with its revision."""
    found = []
    if own is not None:
        since = f"revision {own[0]}"
        found.append(Comparison(since, compare(own[1], now), _url(paper, str(own[0]), to)))
    nearest = next((key for key in predecessors_of(paper.template_key) if key in others), None)
    if nearest is not None:
        number, content = others[nearest]
        since = f"the {in_sentence(content['paper'])}, revision {number}"
        found.append(Comparison(since, compare(content, now, shared_only=True), _url(paper, nearest, to)))
    return found


def _url(paper: Paper, before: str, to: str) -> str:
    return f"{reverse('documents:compare', args=[paper.pk])}?{urlencode({'from': before, 'to': to})}"
