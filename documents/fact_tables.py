"""A fact that is a list or a comparison, as the tables a paper prints. Plain values; no database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FactTable:
    """One table of a fact. The first column names the row.

    ``numbers`` are the places of columns that hold amounts, ``totals`` the places of rows that add others up.
    ``caption`` names the table where a fact has several; ``note`` stands under it. ``even`` columns are of one width,
    because they are compared.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    note: str = ""
    numbers: Collection[int] = field(default_factory=tuple)
    totals: Collection[int] = field(default_factory=tuple)
    even: bool = False

    def frozen(self) -> dict[str, Any]:
        """As JSON, which a revision keeps."""
        return {
            "caption": self.caption,
            "note": self.note,
            "even": self.even,
            "columns": [{"label": head, "is_number": place in self.numbers} for place, head in enumerate(self.heads)],
            "rows": [{"cells": list(cells), "is_total": place in self.totals} for place, cells in enumerate(self.rows)],
        }
