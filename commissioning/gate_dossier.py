"""Everything the guards of a gate read, as plain values. One selector fills it (selectors/gate_rounds.py)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from commissioning.states import PASSES

if TYPE_CHECKING:
    from commissioning.dossier import Dossier
    from commissioning.models import Gate


@dataclass(frozen=True)
class ViewLine:
    """What one person asked says; ``still_asked`` is false once they have left the role they were asked in."""

    pk: int
    person_id: int
    person: str
    outcome: str
    given_by_id: int | None
    still_asked: bool

    @property
    def is_waited_for(self) -> bool:
        """Whether the step cannot pass without it, if all of them must approve."""
        return not self.outcome and self.still_asked


@dataclass(frozen=True)
class StepLine:
    """One step of the open round, with the views in it."""

    pk: int
    order: int
    role: str
    person_id: int | None
    words: str
    needed: int | None
    amount: Decimal | None
    is_passed: bool
    views: tuple[ViewLine, ...]

    def view_of(self, people: Collection[int]) -> ViewLine | None:
        """The first view not yet given of these people."""
        return next((line for line in self.views if not line.outcome and line.person_id in people), None)

    def passes_with(self, view: ViewLine | None) -> bool:
        """Whether the step passes once ``view`` (or, without one, a further person's) is in favour."""
        in_favour = sum(line.outcome in PASSES for line in self.views) + 1
        if self.needed is not None:
            # Fewer may be left than the route asked for: then all of them are enough.
            return in_favour >= min(self.needed, in_favour + self._waited_for_without(view))
        return not self._waited_for_without(view)

    def _waited_for_without(self, view: ViewLine | None) -> int:
        return sum(line.is_waited_for for line in self.views if view is None or line.pk != view.pk)


@dataclass(frozen=True)
class RoundLine:
    """The open round of a gate."""

    pk: int
    number: int
    revision_number: int
    submitted_by_id: int | None
    submitted_at: datetime
    decide_by: date | None
    steps: tuple[StepLine, ...]

    @property
    def open_step(self) -> StepLine | None:
        """The step whose turn it is."""
        return next((step for step in self.steps if not step.is_passed), None)

    @property
    def is_at_last_step(self) -> bool:
        """Whether nobody is asked after the step whose turn it is."""
        step = self.open_step
        return step is not None and step.order == max(other.order for other in self.steps)

    def has_spoken(self, person_id: int) -> bool:
        """Whether somebody has given a view in this round, for themselves or for somebody absent."""
        return any(line.given_by_id == person_id for step in self.steps for line in step.views)


@dataclass
class GateDossier:
    """A gate with its open round; the commission's own facts are read when a guard asks for them."""

    gate: Gate
    round: RoundLine | None
    load_commission: Callable[[], Dossier]
    load_missing: Callable[[], Sequence[Any]] = field(default=lambda: ())
    author_ids: frozenset[int] = frozenset()

    @cached_property
    def commission(self) -> Dossier:
        """What the guards of the commission read."""
        return self.load_commission()

    @property
    def need(self) -> str:
        """How firmly the gate is asked for now."""
        return self.commission.need(self.gate.number)

    def view_for(self, person: Any, covered: Collection[int]) -> ViewLine | None:
        """The view that somebody would give: their own before that of somebody they cover for."""
        step = self.round.open_step if self.round else None
        if step is None:
            return None
        return step.view_of((person.pk,)) or step.view_of(covered)

    def is_last_view(self, view: ViewLine | None) -> bool:
        """Whether one more view in favour passes the gate."""
        step = self.round.open_step if self.round else None
        return bool(self.round and step and self.round.is_at_last_step and step.passes_with(view))
