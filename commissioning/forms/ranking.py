"""Putting business cases in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from organisation.forms import NumberField, PageForm, TextField
from organisation.forms.wording import give_words


class RankForm(PageForm):
    """A place for each case, and why in this order."""

    submit_label = "Keep this order"

    reason = TextField(
        label="Why in this order?",
        help_text="Shown beside the order, to everyone who sees the cases.",
        max_length=1000,
        rows=4,
        called="reason",
    )

    def __init__(self, *args: Any, cases: Sequence[tuple[int, str, int]], **kwargs: Any) -> None:
        """Take the cases: submission, name and the place it has now, 0 for none."""
        self.cases = cases
        super().__init__(*args, **kwargs)
        for round_id, name, place in cases:
            field = NumberField(label=name, called=f"place of {name}", min_value=1, max_value=len(cases))
            field.initial = place or None
            give_words(f"place_{round_id}", field)
            self.fields[f"place_{round_id}"] = field
        self.order_fields([*(f"place_{pk}" for pk, _, _ in cases), "reason"])

    def clean(self) -> dict[str, Any]:
        """Each place once."""
        cleaned: dict[str, Any] = super().clean() or {}
        taken: dict[int, str] = {}
        for round_id, name, _ in self.cases:
            place = cleaned.get(f"place_{round_id}")
            if place in taken:
                self.add_error(f"place_{round_id}", f"Place {place} is given to {taken[place]} too")
            elif place:
                taken[place] = name
        return cleaned

    def rounds(self) -> list[int]:
        """The submissions, first to last."""
        return sorted((pk for pk, _, _ in self.cases), key=lambda pk: self.cleaned_data[f"place_{pk}"])
