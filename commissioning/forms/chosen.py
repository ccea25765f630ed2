"""One row out of a short list that the form has in hand: it asks the database nothing, however often it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms


class ChosenField(forms.TypedChoiceField):
    """A choice among rows; gives the row. ``empty`` is the words of no choice, for a list that opens."""

    def __init__(self, *, empty: str = "", **kwargs: Any) -> None:
        """Offer nothing until ``offer`` is called."""
        self.empty = empty
        self.rows: dict[str, Any] = {}
        super().__init__(coerce=self.row_of, empty_value=None, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> ChosenField:
        """Each form's copy reads its own rows."""
        copied: ChosenField = super().__deepcopy__(memo)
        copied.coerce = copied.row_of
        return copied

    def offer(self, rows: Iterable[Any], words: Callable[[Any], str] = str) -> None:
        """The rows that can be chosen, each in its words."""
        self.rows = {str(row.pk): row for row in rows}
        first = [("", self.empty)] if self.empty else []
        self.choices = [*first, *((pk, words(row)) for pk, row in self.rows.items())]

    def row_of(self, sent: Any) -> Any:
        """The row of a number that was sent."""
        return self.rows[str(sent)]
