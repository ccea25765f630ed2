"""Whose money a total is: the council's own, and apart from it what partners pay and what is managed for others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, Sum
from django.db.models.functions import Coalesce, NullIf

from organisation.formatting import money_in_prose

NOTHING = Decimal(0)
_POUNDS = DecimalField(max_digits=20, decimal_places=2)


@dataclass(frozen=True)
class Whose:
    """Pounds excluding VAT by whose they are. Only ``own`` is the council's budget."""

    own: Decimal = NOTHING
    partners: Decimal = NOTHING
    managed: Decimal = NOTHING

    def __add__(self, other: Whose) -> Whose:
        return Whose(self.own + other.own, self.partners + other.partners, self.managed + other.managed)

    @property
    def apart(self) -> list[str]:
        """What is not ours, each in words: "£5,000 managed for others"."""
        named = ((self.partners, "paid by partners"), (self.managed, "managed for others"))
        return [f"{money_in_prose(amount)} {words}" for amount, words in named if amount]

    def words(self) -> str:
        """£13,000 excluding VAT, and apart from our own £5,000 managed for others."""
        apart = " and ".join(self.apart)
        return f"{money_in_prose(self.own)} excluding VAT{f', and apart from our own {apart}' if apart else ''}"


def shares_in_total(value: str, commission: str = "commission", *, in_proportion: bool = False) -> dict[str, Any]:
    """What a statement sums to learn whose the values are: ``value`` is the column, ``commission`` the way to it.

    ``in_proportion`` is for a record that holds a part of the commission's value, like one of its contracts: the
    shares are then taken in the same proportion.
    """
    shares: list[Any] = [Coalesce(F(f"{commission}__{name}_ex_vat"), NOTHING) for name in ("partners", "managed")]
    if in_proportion:
        of: Any = NullIf(F(f"{commission}__case_file__value_ex_vat"), NOTHING)
        # Divided last: SQLite keeps round sums as whole numbers, and would lose the share in a division of two.
        shares = [Coalesce(share * F(value) / of, NOTHING) for share in shares]
    partners, managed = shares

    def summed(expression: Any) -> Any:
        return Sum(ExpressionWrapper(expression, output_field=_POUNDS))

    return {
        "own": summed(F(value) - partners - managed),
        "partners": summed(partners),
        "managed": summed(managed),
    }


def whose(row: Mapping[str, Any]) -> Whose:
    """The sums of such a statement."""
    return Whose(*(Decimal(row[name] or 0) for name in ("own", "partners", "managed")))


def parts(value: Decimal | None, partners: Decimal | None, managed: Decimal | None) -> Whose:
    """The same of one record. Without a value nothing is our own yet."""
    others = (partners or NOTHING, managed or NOTHING)
    return Whose(value - sum(others) if value is not None else NOTHING, *others)


def apart_of(found: Whose) -> Iterator[tuple[str, Decimal]]:
    """What is not ours, by its name, as far as there is any."""
    yield from ((name, amount) for name, amount in (("partners", found.partners), ("managed", found.managed)) if amount)
