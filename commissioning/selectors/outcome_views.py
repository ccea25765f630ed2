"""The target outcomes of gate 1, and what each stakeholder says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from commissioning.models import Gate, GateStakeholder
from documents.models import Paper
from documents.selectors import standing_value

QUESTION, NAME = "outcomes", "outcome"
VIEW_FIELDS = ("pk", "person_id", "name", "stake", "row_id", "outcome", "agrees", "at", "words", "settled")


@dataclass(frozen=True)
class Given:
    """One view of one outcome; ``is_stale`` once the outcome reads otherwise. ``at`` is a moment, or text if folded."""

    agrees: bool
    words: str
    at: Any
    is_settled: bool
    is_stale: bool


@dataclass
class StakeholderLine:
    """One person named, and what they say, by the outcome's row."""

    pk: int
    person_id: int
    name: str
    stake: str
    views: dict[str, Given] = field(default_factory=dict)

    def words(self, outcomes: Sequence[tuple[str, str]]) -> str:
        """Agrees with 2 of 3, comments on 1."""
        stands = [view for key, _ in outcomes if (view := self.views.get(key)) and not view.is_stale]
        if not stands:
            return "Asked, no view yet"
        agreed = sum(view.agrees for view in stands)
        rest = len(stands) - agreed
        return f"Agrees with {agreed} of {len(outcomes)}{f', comments on {rest}' if rest else ''}"


@dataclass(frozen=True)
class OutcomesShown:
    """The outcomes as the paper has them, and everyone who was asked."""

    outcomes: Sequence[tuple[str, str]]
    stakeholders: Sequence[StakeholderLine]

    @property
    def lines(self) -> list[tuple[StakeholderLine, str]]:
        """Who was asked, and what they say in short."""
        return [(line, line.words(self.outcomes)) for line in self.stakeholders]

    def of(self, person_id: int) -> StakeholderLine | None:
        """What one person was asked."""
        return next((line for line in self.stakeholders if line.person_id == person_id), None)


def outcomes_of(paper: Paper | None) -> list[tuple[str, str]]:
    """The target outcomes of an initiation document as it stands: row and words, in one statement."""
    return outcomes_in(standing_value(paper, QUESTION)) if paper else []


def outcomes_in(value: Any) -> list[tuple[str, str]]:
    """The same from the answer that stands."""
    if not isinstance(value, list):
        return []
    found = [(str(row["id"]), str((row.get("cells") or {}).get(NAME) or "").strip()) for row in value]
    return [(key, words) for key, words in found if words]


def outcomes_shown(gate: Gate) -> OutcomesShown:
    """The outcomes with what everyone says, in two statements; the newest view of each outcome stands."""
    return shown_in(outcomes_of(gate.paper), view_rows(gate=gate).values(*VIEW_FIELDS))


def view_rows(**which: Any) -> Any:
    """Everyone named on a gate, once for each view they gave, for ``values(*VIEW_FIELDS)``."""
    rows = GateStakeholder.objects.filter(removed_at__isnull=True, **which).annotate(
        name=F("person__name"),
        row_id=F("views__row_id"),
        outcome=F("views__outcome"),
        agrees=F("views__agrees"),
        at=F("views__given_at"),
        words=F("views__comment__words"),
        settled=F("views__comment__settled_at"),
        view_id=F("views__pk"),
    )
    return rows.order_by("person__name", "pk", "view_id")


def shown_in(outcomes: Sequence[tuple[str, str]], rows: Iterable[Mapping[str, Any]]) -> OutcomesShown:
    """The outcomes with everyone's newest views, from rows that were read already."""
    now = dict(outcomes)
    found: dict[int, StakeholderLine] = {}
    for row in rows:
        line = found.setdefault(row["pk"], StakeholderLine(row["pk"], row["person_id"], row["name"], row["stake"]))
        if row["row_id"] is not None:
            line.views[row["row_id"]] = Given(
                agrees=bool(row["agrees"]),
                words=row["words"] or "",
                at=row["at"],
                is_settled=row["settled"] is not None,
                is_stale=now.get(row["row_id"], "")[:500] != row["outcome"],
            )
    return OutcomesShown(outcomes, list(found.values()))
