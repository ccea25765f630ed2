"""A sheet as a page shows it: rows in words, figures under them, and where each row is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from commissioning.models import Commission
from commissioning.models.sheet_row import SheetRow
from commissioning.return_pages import with_back
from commissioning.selectors.folded_sheets import rows_of_sheets
from commissioning.sheets import Sheet, Sum

#: The most rows that one page shows; a sheet that is longer belongs in a file.
MOST = 200


@dataclass(frozen=True)
class Cell:
    """One cell: its column's head (for narrow screens), the words, whether it is a figure, and the page it names."""

    head: str
    words: str
    is_number: bool
    url: str = ""


@dataclass(frozen=True)
class ShownRow:
    """One row: its name, the cells after it, and the pages that change it or take it away."""

    pk: int
    name: str
    cells: tuple[Cell, ...]
    change_url: str
    remove_url: str


@dataclass(frozen=True)
class ShownSheet:
    """A sheet ready for the page. ``add_url`` is empty where the person may not write."""

    title: str
    thing: str
    one: str
    intro: str
    empty: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[ShownRow, ...]
    sums: tuple[Sum, ...]
    is_cut: bool
    add_url: str
    url: str
    beside: tuple[str, str] | None


def shown_sheet(
    sheet: Sheet, commission: Commission, *, may_write: bool, most: int = MOST, here: str = ""
) -> ShownSheet:
    """The rows of a commission, in one statement. ``here`` is the page that the forms of the rows lead back to."""
    rows = rows_of_sheets([sheet], commission, most + 1)[sheet.key]
    return _shown(sheet, commission, rows, may_write=may_write, most=most, here=here)


def shown_sheets(
    sheets: Sequence[Sheet], commission: Commission, *, may_write: bool, here: str = ""
) -> list[ShownSheet]:
    """Several sheets: one statement for all, one more for each whose rows cannot be folded."""
    rows = rows_of_sheets(sheets, commission, MOST + 1)
    return [_shown(sheet, commission, rows[sheet.key], may_write=may_write, most=MOST, here=here) for sheet in sheets]


def _shown(
    sheet: Sheet, commission: Commission, rows: Sequence[SheetRow], *, may_write: bool, most: int, here: str
) -> ShownSheet:
    first, *rest = sheet.columns
    may_add = may_write and not (sheet.only_one and rows)

    def address(name: str, *row: int) -> str:
        return with_back(reverse(f"commissioning:{name}", args=[commission.pk, sheet.key, *row]), here)

    return ShownSheet(
        title=sheet.title,
        thing=sheet.thing,
        one=sheet.one,
        intro=sheet.intro,
        empty=sheet.empty,
        heads=tuple((column.head, column.is_number) for column in sheet.columns),
        rows=tuple(
            ShownRow(
                row.pk,
                first.shown(row),
                tuple(Cell(column.head, column.shown(row), column.is_number, column.link(row)) for column in rest),
                address("sheet_row", row.pk) if may_write else "",
                address("remove_sheet_row", row.pk) if may_write and not sheet.keeps(row) else "",
            )
            for row in rows[:most]
        ),
        sums=tuple(sheet.sums(rows)) if rows else (),
        is_cut=len(rows) > most,
        add_url=address("add_sheet_row") if may_add else "",
        url=reverse("commissioning:sheet", args=[commission.pk, sheet.key]),
        beside=(sheet.beside[0], reverse(sheet.beside[1], args=[commission.pk])) if sheet.beside else None,
    )
