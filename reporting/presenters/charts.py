"""Bars as they are drawn: plain geometry for the templates, each mark with the address of the rows it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

# Narrower than this (per cent of the chart) a mark has no room for its figure; the table beside it still links it.
LEAST_FOR_WORDS = 8
COLUMN_HEIGHT = 150
LEAST_FOR_COLUMN_WORDS = 20


@dataclass(frozen=True)
class Part:
    """One figure: how many, of what, and the list that shows exactly these."""

    label: str
    count: int
    url: str
    tone: str


@dataclass(frozen=True)
class Mark:
    """A part as it is drawn, in per cent of the chart's width or in pixels of a column's height."""

    part: Part
    start: str
    size: str
    middle: str
    has_words: bool


@dataclass
class Row:
    """One bar or column with its label. ``total`` is the row's own figure; ``note`` stands beside it.

    ``short`` is the label where there is little room; ``size`` is what the bar is as long as, if not the total.
    """

    label: str
    parts: list[Part]
    total: Part
    total_words: str = ""
    note: str = ""
    note_part: Part | None = None
    size: Decimal | None = None
    short: str = ""
    marks: list[Mark] = field(default_factory=list)

    @property
    def length(self) -> Decimal:
        """What the bar is as long as."""
        return self.size if self.size is not None else Decimal(self.total.count)


def draw_bars(rows: Sequence[Row]) -> None:
    """Give every row its marks, the longest bar filling the width. Bars begin at nought."""
    longest = max((row.length for row in rows), default=Decimal(0)) or Decimal(1)
    for row in rows:
        at, unit = Decimal(0), _unit(row, longest, 100)
        for part in row.parts:
            size = part.count * unit
            if size:
                row.marks.append(
                    Mark(part, f"{at:.2f}%", f"{size:.2f}%", f"{at + size / 2:.2f}%", size >= LEAST_FOR_WORDS)
                )
            at += size


def draw_columns(rows: Sequence[Row]) -> None:
    """The same standing: parts from the bottom up, in pixels of ``COLUMN_HEIGHT``."""
    longest = max((row.length for row in rows), default=Decimal(0)) or Decimal(1)
    for row in rows:
        top, unit = Decimal(COLUMN_HEIGHT), _unit(row, longest, COLUMN_HEIGHT)
        for part in row.parts:
            size = part.count * unit
            top -= size
            if size:
                row.marks.append(
                    Mark(part, f"{top:.1f}", f"{size:.1f}", f"{top + size / 2 + 5:.1f}", size >= LEAST_FOR_COLUMN_WORDS)
                )


def _unit(row: Row, longest: Decimal, whole: int) -> Decimal:
    """How much of the chart one counted thing takes in this row."""
    return row.length / longest * whole / row.total.count if row.total.count else Decimal(0)
