"""The common columns of everything with somebody's name on it: one shape for the rows of every kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    IntegerField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from casework.querysets import Scope

# What is about the person and not about a case comes first; contracts to watch come after what is to be done.
ABOUT_ME, TO_DO, TO_WATCH = 0, 1, 2

# Blanks are cast, because PostgreSQL takes two bare NULLs in a union for texts.
_NONE: dict[str, Any] = {
    "x_first": Value(TO_DO, IntegerField()),
    "x_due": Cast(Value(None), DateField()),
    "x_kind": Value("", CharField()),
    "x_pk": F("pk"),
    "x_title": Value("", CharField()),
    "x_case": Cast(Value(None), BigIntegerField()),
    "x_reference": Value("", CharField()),
    "x_case_title": Value("", CharField()),
    "x_value": Cast(Value(None), DecimalField(max_digits=14, decimal_places=2)),
    "x_risk": Value(False, BooleanField()),
    "x_at": Cast(Value(None), DateTimeField()),
    "x_before": Cast(Value(None), DateTimeField()),
    "x_other_day": Cast(Value(None), DateField()),
    "x_who": Value("", CharField()),
    "x_team": Value("", CharField()),
    "x_words": Value("", TextField()),
    "x_state": Value("", CharField()),
    "x_asks": Value("", CharField()),
    "x_path": Value("", CharField()),
}
COLUMNS = tuple(_NONE)


@dataclass(frozen=True)
class Thing:
    """One row of the union, in the order of ``COLUMNS``."""

    first: int
    due: date | None
    kind: str
    pk: int
    title: str
    case_id: int | None
    reference: str
    case_title: str
    value: Decimal | None
    is_high_risk: bool
    at: datetime | None
    before: datetime | None
    other_day: date | None
    who: str
    team: str
    words: str
    state: str
    asks: str
    path: str


@dataclass(frozen=True)
class Asking:
    """Whose things, for whom that person decides today, and where they lead: areas, and whole organisations."""

    scope: Scope
    ids: tuple[int, ...]
    areas_led: tuple[int, ...]
    all_led: tuple[int, ...]
    dates_until: date
    absence_until: date


def row_of(rows: QuerySet[Any], kind: str, *, case: str = "", **columns: Any) -> QuerySet[Any]:
    """Rows in the common columns; ``case`` is the way from the row to its case file."""
    of_case = {}
    if case:
        of_case = {
            "x_case": F(f"{case}__pk"),
            "x_reference": F(f"{case}__reference"),
            "x_case_title": F(f"{case}__title"),
            "x_value": F(f"{case}__value_ex_vat"),
            "x_risk": F(f"{case}__is_high_risk"),
            "x_path": F(f"{case}__path"),
        }
    named = {f"x_{name}": value for name, value in columns.items()}
    filled = _NONE | {"x_kind": Value(kind, CharField())} | of_case | named
    return rows.order_by().annotate(**filled).values_list(*COLUMNS)


def name_at(path: str) -> Coalesce:
    """A name that may not be there."""
    return Coalesce(F(path), Value(""), output_field=CharField())
