"""Orders of a list by columns that hold other things than dates, for ``casework.keyset``; and addresses of lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from casework.keyset import Key, Order

SIZES = (25, 50, 100)


class WrittenKey(Key):
    """Where a row stands in a list that is ordered by money, a number or a text."""

    def __str__(self) -> str:
        return f"{'' if self.value is None else self.value}_{self.pk}"


@dataclass(frozen=True)
class OtherOrder(Order):
    """An order by money, a number or a text; ``reads`` takes the text of an address back, or raises ValueError."""

    reads: Callable[[str], Any] = field(default=str, kw_only=True)

    def read(self, text: str) -> Key | None:
        """The key a cursor stands for, or None when it stands for none."""
        value, mark, number = text.rpartition("_")
        blank = super().read(f"_{number}") if mark else None
        if blank is None or not value:
            return blank if self.has_blanks else None
        try:
            return WrittenKey(self.reads(value), blank.pk)
        except (ValueError, InvalidOperation):
            return None


def key_of(order: Order, value: Any, pk: int) -> Key:
    """The key of a row in an order."""
    return WrittenKey(value, pk) if isinstance(order, OtherOrder) else Key(value, pk)


def read_text(text: str) -> str:
    """A text that a column could hold."""
    if "\x00" in text:
        raise ValueError(text)
    return text[:300]


def read_whole(text: str) -> int:
    """A small whole number."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise ValueError(text)
    return int(text)


def read_money(text: str) -> Decimal:
    """An amount that fits the column."""
    value = Decimal(text)
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
        raise ValueError(text)
    return value


def address(path: str, *parts: Mapping[str, str]) -> str:
    """An address with its query; later parts win, and blanks are left out."""
    merged: dict[str, str] = {}
    for part in parts:
        merged |= part
    query = urlencode({name: value for name, value in merged.items() if value})
    return f"{path}?{query}" if query else path
