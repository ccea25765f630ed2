"""What the dashboard is made from: the figures, the addresses behind them, and a panel as it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from commissioning.states import MOVING, CommissionState
from reporting import counting
from reporting.orders import address
from reporting.periods import Period, months_on
from reporting.presenters.charts import Row, draw_bars, draw_columns
from reporting.selectors.figures import Figures
from reporting.selectors.places import Names, Places

OPEN = (*MOVING, CommissionState.ON_HOLD)
QUARTERS_SHOWN = 8
Legend = list[tuple[str, str]]


@dataclass(frozen=True)
class Board:
    """All that the panels are made from."""

    figures: Figures
    places: Places
    names: Names
    chosen: Mapping[str, str]
    period: Period
    today: date

    @property
    def where(self) -> dict[str, str]:
        """The directorate and category as every list's address holds them."""
        return {name: value for name, value in self.chosen.items() if name in ("directorate", "category")}

    def commissions(self, **query: str) -> str:
        """The workplan, narrowed."""
        return address(reverse("reporting:workplan"), self.where, query)

    def asked(self, **query: str) -> str:
        """The list of what was asked, narrowed."""
        return address(reverse("reporting:asked"), self.where, query)

    def asked_in_period(self, first: date | None = None, last: date | None = None, **query: str) -> str:
        """The same, of the period or of a part of it."""
        days = {
            "asked_from": (first or self.period.first).isoformat(),
            "asked_to": (last or self.period.ends_on).isoformat(),
        }
        return self.asked(**days, **query)

    def contracts(self, **query: str) -> str:
        """The register, narrowed."""
        return address(reverse("contracts:register"), self.where, query)


@dataclass(frozen=True)
class Headline:
    """A figure at the top of the page: the list behind it, and a plain line under it."""

    number: str
    words: str
    url: str
    note: str = ""
    is_bad: bool = False


@dataclass
class PanelView:
    """One panel. ``title`` states the finding; ``row_label`` heads the table's first column."""

    key: str
    title: str
    subtitle: str
    row_label: str
    rows: list[Row]
    legend: Legend = field(default_factory=list)
    total_label: str = "All"
    words_label: str = ""
    note_label: str = ""
    empty: str = "Nothing to show under these filters."
    is_columns: bool = False

    def __post_init__(self) -> None:
        """Draw the bars."""
        (draw_columns if self.is_columns else draw_bars)(self.rows)

    @property
    def part_labels(self) -> list[str]:
        """The columns of the table between the row's label and its total."""
        return [label for _, label in self.legend]

    def lines(self) -> Iterable[list[object]]:
        """The table as a file holds it."""
        for row in self.rows:
            parts = [part.count for part in row.parts] if self.legend else []
            cells: list[object] = [row.label, *parts, row.total.count]
            if self.words_label:
                cells.append(row.size if row.size is not None else row.total_words)
            if row.note_part or self.note_label:
                cells.append(row.note_part.count if row.note_part else 0)
            yield cells

    def header(self) -> list[str]:
        """The head of the file."""
        words = [self.words_label] if self.words_label else []
        note = [self.note_label] if self.note_label else []
        return [self.row_label, *self.part_labels, self.total_label, *words, *note]


def quarters(today: date) -> list[str]:
    """The calendar quarters from this one on."""
    first = counting.quarter_days(counting.quarter_of(today))[0]
    return [counting.quarter_of(months_on(first, 3 * n)) for n in range(QUARTERS_SHOWN)]
