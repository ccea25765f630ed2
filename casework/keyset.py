"""Paging by key: page 200 costs what page 1 costs. A cursor is the key of the row that a page begins after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from django.db.models import F, Q, QuerySet

Row = TypeVar("Row")

Value = date | datetime | Decimal | str | None

# Larger than any key: an address that names one has no page.
MOST_ID = 2**63 - 1


@dataclass(frozen=True)
class Order:
    """A list order: one column and the row number to tell equals apart. Where it has blanks, they come last.

    A column holds days unless it says that it holds moments, money or text.
    """

    column: str
    is_descending: bool = False
    is_moment: bool = False
    has_blanks: bool = False
    is_money: bool = False
    is_text: bool = False

    def sorted(self, rows: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        """The rows in this order, or in its opposite."""
        descending = self.is_descending != backwards
        by = F(self.column).desc if descending else F(self.column).asc
        if not self.has_blanks:  # said without need, it would keep the database from its index
            first = by()
        else:
            first = by(nulls_first=True) if backwards else by(nulls_last=True)
        return rows.order_by(first, "-pk" if descending else "pk")

    def after(self, key: Key) -> Q:
        """Rows that come after ``key``."""
        return self._beyond(key, is_before=False)

    def before(self, key: Key) -> Q:
        """Rows that come before ``key``."""
        return self._beyond(key, is_before=True)

    def _beyond(self, key: Key, *, is_before: bool) -> Q:
        side = "lt" if self.is_descending != is_before else "gt"
        if key.value is None:
            equals = Q(**{f"{self.column}__isnull": True, f"pk__{side}": key.pk})
            return equals | Q(**{f"{self.column}__isnull": False}) if is_before else equals
        # Bounded first, so that the database begins at the key; an alternative alone it would read from the start.
        beyond = Q(**{f"{self.column}__{side}e": key.value}) & (
            Q(**{f"{self.column}__{side}": key.value}) | Q(**{f"pk__{side}": key.pk})
        )
        return beyond | Q(**{f"{self.column}__isnull": True}) if self.has_blanks and not is_before else beyond

    def read(self, text: str) -> Key | None:
        """The key a cursor stands for, or None when it stands for none."""
        value, mark, number = text.rpartition("_")
        if not (mark and number.isascii() and number.isdecimal()):
            return None
        if len(number) > len(str(MOST_ID)) or int(number) > MOST_ID:
            return None
        try:
            return Key(self._value(value), int(number))
        except (ValueError, OverflowError, InvalidOperation):
            return None

    def _value(self, text: str) -> Value:
        if not text:
            return None
        if self.is_text:
            return text.replace("\x00", "")
        if self.is_money:
            found = Decimal(text)
            if not found.is_finite():
                raise ValueError(text)
            return found
        if not self.is_moment:
            return date.fromisoformat(text)
        return datetime.strptime(text, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Key:
    """Where a row stands in a list."""

    value: Value
    pk: int

    def __str__(self) -> str:
        if isinstance(self.value, datetime):
            return f"{self.value.astimezone(UTC):%Y%m%dT%H%M%S.%f}_{self.pk}"
        if isinstance(self.value, date):
            return f"{self.value.isoformat()}_{self.pk}"
        return f"{'' if self.value is None else self.value}_{self.pk}"


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list, the number its first row is shown with, and the cursors of its neighbours."""

    rows: list[Row]
    first: int
    next: dict[str, str]
    previous: dict[str, str]

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1


class NoSuchPage(ValueError):
    """An address names a place that no list could have."""


def page_of(rows: QuerySet[Any], order: Order, query: Mapping[str, str], *, size: int, key: Any) -> Page[Any]:
    """One page in one statement. ``key`` gives a row's ``Key``. Raises ``NoSuchPage``."""
    after, before = query.get("after", ""), query.get("before", "")
    first = _first(query.get("from", ""))
    if after and before:
        raise NoSuchPage("both")
    if text := after or before:
        place = order.read(text)
        if place is None:
            raise NoSuchPage(text)
        rows = rows.filter(order.before(place) if before else order.after(place))
    found = list(order.sorted(rows, backwards=bool(before))[: size + 1])
    if not after and not before:
        return first_page_of(found, size=size, key=key)
    is_more, found = len(found) > size, found[:size]
    if before:
        found.reverse()
    has_next = bool(before) or is_more
    has_previous = is_more if before else True
    first = first if has_previous else 1
    return Page(
        rows=found,
        first=first,
        next={"after": str(key(found[-1])), "from": str(first + len(found))} if found and has_next else {},
        previous={"before": str(key(found[0])), "from": str(max(1, first - size))} if found and has_previous else {},
    )


def first_page_of(found: list[Any], *, size: int, key: Any) -> Page[Any]:
    """The first page, of the first ``size`` rows of a list and one more if there is one."""
    rows = found[:size]
    return Page(rows, 1, {"after": str(key(rows[-1])), "from": str(size + 1)} if len(found) > size else {}, {})


def _first(text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise NoSuchPage(text)
    return max(1, int(text))
