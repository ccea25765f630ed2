"""Everything the guards of this room read, as plain values. The selectors fill it (selectors/dossiers.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casework.routing import Facts, Requirements
    from commissioning.models import AuthorityRecord, Commission
    from procurement.models import Exercise, Quote, SupplierAsked


@dataclass(frozen=True)
class Standing:
    """How the commission behind a purchase stands now, under its pinned rules.

    ``specification_number`` is the signed-off version, None while none is; ``live_exercise`` and ``live_run_by`` tell
    of the exercise that is not abandoned.
    """

    commission: Commission
    facts: Facts | None
    needs: Requirements | None
    specification_number: int | None
    is_buying: bool
    live_exercise: str = ""
    live_run_by: str = ""


@dataclass(frozen=True)
class ExerciseDossier:
    """An exercise with what its guards read."""

    exercise: Exercise
    standing: Standing
    asked: tuple[SupplierAsked, ...]
    quotes: tuple[Quote, ...]
    authority: tuple[AuthorityRecord, ...]

    @property
    def prices(self) -> list[Quote]:
        """The prices that stand."""
        return [quote for quote in self.quotes if quote.stands and not quote.declined]

    @property
    def chosen(self) -> Quote | None:
        """The chosen price, if it still stands."""
        return next((quote for quote in self.prices if quote.pk == self.exercise.chosen_id), None)
