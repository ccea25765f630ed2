"""Kinds that hold rows: money by year, and a table of typed columns."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django import forms

from documents.kinds.base import Json, Kind, Posted, Shown
from documents.kinds.single import ChoiceKind, DateKind, FlagKind, LongTextKind, MoneyKind, NumberKind, TextKind
from documents.shape import Choice, Column, QuestionShape
from organisation import formatting

MOST_ROWS = 100
_CELL_KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (TextKind(), LongTextKind(), MoneyKind(), NumberKind(), DateKind(), ChoiceKind(), FlagKind())
}
_MONEY = MoneyKind()


def financial_years(on: date, count: int = 6) -> tuple[Choice, ...]:
    """The council's financial year of a date, from 1 April, and those that follow: 2026/27, 2027/28 and so on."""
    first = on.year if on.month >= 4 else on.year - 1
    labels = [f"{year}/{(year + 1) % 100:02d}" for year in range(first, first + count)]
    return tuple(Choice(label, label) for label in labels)


def cell_question(column: Column) -> QuestionShape:
    """A column, as the question that each of its cells answers."""
    return QuestionShape(key=column.key, kind=column.kind, label=column.label, choices=column.choices)


def year_question(question: QuestionShape, year: Choice) -> QuestionShape:
    """One year of a money-by-year question, as a question of its own."""
    return QuestionShape(key=year.value, kind=_MONEY.key, label=f"{question.label}, {year.label}")


def sum_of(amounts: Iterable[Json]) -> Decimal:
    """The sum of the amounts that can be read."""
    return sum((Decimal(amount) for amount in amounts if isinstance(amount, str)), Decimal(0))


class MoneyByYearKind(Kind):
    """One amount for each of several years; ``choices`` are the years."""

    key = "money_by_year"
    words = "Amounts by year"

    def field_names(self, question: QuestionShape, name: str) -> list[tuple[Choice, str]]:
        """The years and the name of each one's box in the form."""
        return [(year, f"{name}_{place}") for place, year in enumerate(question.choices)]

    def year_field(self, question: QuestionShape, year: Choice) -> forms.Field:
        """The box of one year."""
        field = _MONEY.field(year_question(question, year))
        field.label = year.label
        return field

    def read(self, question: QuestionShape, posted: Posted, name: str) -> Json:
        """The amounts by year, without the years left blank."""
        read = {
            year.value: _MONEY.read(year_question(question, year), posted, box)
            for year, box in self.field_names(question, name)
        }
        return {year: amount for year, amount in read.items() if amount is not None} or None

    def faults(self, question: QuestionShape, value: Json) -> list[str]:
        """An amount that can't be read."""
        years = {year.value: year for year in question.choices}
        return [
            fault
            for year, amount in value.items()
            for fault in _MONEY.faults(year_question(question, years.get(year, Choice(year, year))), amount)
        ]

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """A table of years and amounts with their total."""
        return {
            "form": "table",
            "columns": [{"label": "Year", "is_number": False}, {"label": "Amount", "is_number": True}],
            "rows": [
                {
                    "id": year.value,
                    "cells": [year.label, _cell_words(_MONEY, year_question(question, year), value.get(year.value))],
                    "marks": [],
                }
                for year in question.choices
            ],
            "total": ["Total", formatting.money(sum_of(value.values()))],
        }

    def from_fact(self, value: object) -> Json:
        """The fact's amounts by year."""
        if not isinstance(value, Mapping):
            return None
        return {
            str(year): str(Decimal(str(amount)).quantize(Decimal("0.01"))) for year, amount in value.items()
        } or None


class TableKind(Kind):
    """Rows of typed columns, ``{"id": …, "cells": {column: value}}``. Each row has a page, and keeps its id."""

    key = "table"
    words = "A table of rows"
    in_form = False
    missing_words = "no row added"
    most_rows = MOST_ROWS

    def from_fact(self, value: object) -> Json:
        """Rows of the fact, each a mapping of cells by column; None where it holds no rows."""
        if not isinstance(value, (list, tuple)) or not value or not all(isinstance(row, Mapping) for row in value):
            return None
        return [{"id": uuid.uuid4().hex[:10], "cells": dict(row)} for row in value[: self.most_rows]]

    def read_row(self, question: QuestionShape, posted: Posted) -> dict[str, Json]:
        """The cells of one row from the row's own page."""
        read = {
            column.key: _CELL_KINDS[column.kind].read(cell_question(column), posted, column.key)
            for column in self.asked_columns(question)
        }
        return {key: value for key, value in read.items() if value is not None}

    def asked_columns(self, question: QuestionShape) -> list[Column]:
        """The columns that a person fills in: all but the sums."""
        return [column for column in question.columns if column.kind != "sum"]

    def cell_kind(self, column: Column) -> Kind:
        """The kind of a column's cells."""
        return _CELL_KINDS[column.kind]

    def faults(self, question: QuestionShape, value: Json) -> list[str]:
        """What is wrong with any row, naming it."""
        found = [f"{question.label}: keep to {MOST_ROWS} rows"] if len(value) > MOST_ROWS else []
        for place, row in enumerate(value, start=1):
            for column in self.asked_columns(question):
                cell = row["cells"].get(column.key)
                faults = self.cell_kind(column).faults(cell_question(column), cell) if cell is not None else []
                found += [f"{self.name_of(question, row, place)}: {fault}" for fault in faults]
        return found

    def name_of(self, question: QuestionShape, row: Mapping[str, Json], place: int) -> str:
        """What a row is called: its first cell as it is shown, or its place."""
        if not question.columns or not isinstance(row["cells"].get(question.columns[0].key), str):
            return f"Row {place}"
        return self._words(question, question.columns[0], row["cells"])[:80]

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """The rows as a table; marks are shown with the first column, and sums say how they compare."""
        columns = [column for column in question.columns if column.kind != "flag"]
        return {
            "form": "table",
            "columns": [
                {"label": column.label, "is_number": column.kind in ("money", "number", "sum")} for column in columns
            ],
            "rows": [
                {
                    "id": row["id"],
                    "cells": [self._words(question, column, row["cells"]) for column in columns],
                    "marks": [
                        column.label
                        for column in question.columns
                        if column.kind == "flag" and row["cells"].get(column.key)
                    ],
                }
                for row in value
            ],
            "total": [],
        }

    def row_sum(self, question: QuestionShape, column: Column, cells: Mapping[str, Json]) -> Decimal | None:
        """What a "sum" column comes to in one row; None while none of its parts is filled in."""
        keys = column.sums or tuple(other.key for other in question.columns if other.kind == "money")
        amounts = [cells[key] for key in keys if isinstance(cells.get(key), str)]
        return sum_of(amounts) if amounts else None

    def _words(self, question: QuestionShape, column: Column, cells: Mapping[str, Json]) -> str:
        if column.kind == "sum":
            return formatting.money(self.row_sum(question, column, cells))
        return _cell_words(self.cell_kind(column), cell_question(column), cells.get(column.key))


def _cell_words(kind: Kind, question: QuestionShape, value: Json) -> str:
    shown = kind.show(question, value)
    if shown["form"] == "blank":
        return formatting.NOT_RECORDED
    return " ".join(shown["paragraphs"]) if shown["form"] == "prose" else shown["words"]
