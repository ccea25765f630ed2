"""Prepared queries: put into SQL once in each process, and run with other values after that.

Django builds a statement anew for each use. Of one that folds thirty facts into a row, that takes ten times as long as
the database takes to answer, on every page and before every act.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, Model, QuerySet

from organisation import clock

M = TypeVar("M", bound=Model)

# What stands in a statement for a number and for the present while it is built; nothing else comes near either.
_FIRST_NUMBER = 8_123_456_700_000
_PRESENT = datetime(9876, 5, 4, 12, 3, 2, tzinfo=UTC)
_MOST_SHAPES = 200
_LARGEST_ID = BigIntegerField.MAX_BIGINT
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")


class NotPreparable(ValueError):
    """The query holds something that changes with time, or leaves out a value it was given."""


@dataclass(frozen=True)
class _Statement:
    """A compiled query. ``places`` says for each parameter what is put there; None keeps the parameter."""

    rows: QuerySet[Any]
    compiler: Any
    sql: str
    parameters: Sequence[Any]
    places: Sequence[Hashable | None]


class Prepared(Generic[M]):
    """A query whose numbers change and whose shape does not.

    ``build`` is given its values by name and returns the queryset. A value that is a whole number, a day, a moment or
    a tuple of numbers is filled in anew at each use; so are ``clock.today()`` and ``clock.now()`` wherever the query
    asks for them. Any other value (texts, names of relations, truth, and what ``fixed`` names, such as how many rows
    are wanted) belongs to the shape: each gets a statement of its own, and so does each length of a tuple.

    Raises NotPreparable at the first use when the query holds another day or moment, for example one counted from
    today: that would stand still while time goes on.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *, fixed: Collection[str] = ()) -> None:
        """Take what builds the queryset; nothing is built before the first use."""
        self._build = build
        self._fixed = frozenset(fixed)
        self._model: Any = None
        self._statements: dict[Hashable, _Statement | None] = {}

    def first(self, **values: Any) -> M | None:
        """The first row, or nothing."""
        return next(iter(self.rows(**values)), None)

    def get(self, **values: Any) -> M:
        """The one row; the model's ``DoesNotExist`` without it."""
        found = self.first(**values)
        if found is None:
            raise self._model.DoesNotExist(f"Nothing has {values}.")
        return found

    def rows(self, **values: Any) -> list[M]:
        """Run it. A number that no database holds, as somebody may type it into an address, finds nothing."""
        connection = connections[DEFAULT_DB_ALIAS]
        parts = {name: _parts(value) for name, value in values.items() if name not in self._fixed}
        shape = (
            connection.vendor,
            *((name, type(value), len(parts[name]) if parts.get(name) else value) for name, value in values.items()),
        )
        try:
            statement = self._statements[shape]
        except KeyError:
            statement = self._compile(connection, values, parts)
            if len(self._statements) >= _MOST_SHAPES:
                self._statements.clear()  # lists of ever other lengths must not fill the memory
            self._statements[shape] = statement
        if statement is None or any(_is_too_large(part) for found in parts.values() for part in found):
            return []
        now = clock.now()
        filled: dict[Hashable, Any] = {
            ("now",): connection.ops.adapt_datetimefield_value(now),
            ("today",): connection.ops.adapt_datefield_value(now.astimezone(clock.LONDON).date()),
        }
        for name, found in parts.items():
            filled |= {(name, at): _as_parameter(connection, part) for at, part in enumerate(found)}
        parameters = tuple(
            parameter if place is None else filled[place]
            for parameter, place in zip(statement.parameters, statement.places, strict=True)
        )
        compiler = copy.copy(statement.compiler)
        compiler.connection = connection  # that of this thread
        compiler.as_sql = partial(_given, (statement.sql, parameters))
        rows = statement.rows.all()
        rows.query.get_compiler = partial(_given, compiler)  # type: ignore[method-assign]
        return list(rows)

    def _compile(self, connection: Any, values: dict[str, Any], parts: dict[str, Sequence[Any]]) -> _Statement | None:
        """Build it with a mark in the place of each value; None where it can find nothing, as an empty list."""
        places_made = count(1)
        marks: dict[Any, Hashable] = {
            connection.ops.adapt_datetimefield_value(_PRESENT): ("now",),
            connection.ops.adapt_datefield_value(_PRESENT.astimezone(clock.LONDON).date()): ("today",),
        }
        given: dict[str, Any] = {}
        for name, value in values.items():
            mine = [_mark_like(part, next(places_made)) for part in parts.get(name, ())]
            marks |= {_as_parameter(connection, mark): (name, at) for at, mark in enumerate(mine)}
            given[name] = (tuple(mine) if isinstance(value, tuple) else mine[0]) if mine else value
        with clock.held_at(_PRESENT):
            rows = self._build(**given)
            self._model = rows.model
            compiler = rows.query.get_compiler(using=rows.db)
            try:
                sql, parameters = compiler.as_sql()
            except EmptyResultSet:
                return None
        places = [marks.get(parameter) if isinstance(parameter, Hashable) else None for parameter in parameters]
        missing = set(marks.values()) - set(places) - {("now",), ("today",)}
        # Django leaves out a condition that an empty list makes impossible, and all that stood in it.
        if missing and () not in values.values():
            raise NotPreparable(f"The statement has no place for {sorted(map(str, missing))}.")
        for parameter, place in zip(parameters, places, strict=True):
            if place is None and _is_moment(parameter):
                raise NotPreparable(f"{parameter} would stand still: give it as a value, or ask the clock for it.")
        return _Statement(rows, compiler, sql, parameters, places)


def _given(found: Any, *_: Any, **__: Any) -> Any:
    """In the place of what Django would work out again."""
    return found


def _parts(value: Any) -> Sequence[Any]:
    """What of a value changes from use to use."""
    if isinstance(value, (int, date)) and not isinstance(value, bool):
        return (value,)
    if isinstance(value, tuple) and all(isinstance(one, int) for one in value):
        return value
    return ()


def _mark_like(part: Any, number: int) -> Any:
    """What stands in the statement for a part of a value while it is built; each looks like no other."""
    if isinstance(part, datetime):
        return _PRESENT + timedelta(days=number)
    if isinstance(part, date):
        return _PRESENT.date() + timedelta(days=number)
    return _FIRST_NUMBER + number


def _as_parameter(connection: Any, part: Any) -> Any:
    """A part of a value as the database's driver is given it."""
    if isinstance(part, datetime):
        return connection.ops.adapt_datetimefield_value(part)
    return connection.ops.adapt_datefield_value(part) if isinstance(part, date) else part


def _is_too_large(part: Any) -> bool:
    return isinstance(part, int) and part > _LARGEST_ID


def _is_moment(parameter: Any) -> bool:
    return isinstance(parameter, date) or (isinstance(parameter, str) and bool(_MOMENT.match(parameter)))
