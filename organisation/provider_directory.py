"""The providers that the councils somebody works in know, to find one that could help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from organisation.fields import match_name
from organisation.models import Person, Supplier

PAGE = 50
VOLUNTARY, SMALL = "voluntary", "small"
KINDS = {
    VOLUNTARY: "Voluntary, community or social enterprise",
    SMALL: "Small or medium-sized",
}
_FLAGS = {VOLUNTARY: "is_vcse", SMALL: "is_sme"}


@dataclass(frozen=True)
class Wanted:
    """What is looked for: part of a name, and a kind of provider; ``after`` is the place where a page begins."""

    name: str = ""
    kind: str = ""
    after: int = 0

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Wanted:
        """Out of an address; what makes no sense counts as not said."""
        kind, after = sent.get("kind", ""), sent.get("after", "")
        return cls(
            sent.get("q", "").replace("\x00", "").strip()[:200],
            kind if kind in KINDS else "",
            int(after) if after.isdecimal() and after.isascii() and len(after) < 18 else 0,
        )

    def address(self, after: int = 0) -> str:
        """The same as a query, from another place on."""
        said = {"q": self.name, "kind": self.kind, "after": after or ""}
        return f"?{urlencode({key: value for key, value in said.items() if value})}"


@dataclass(frozen=True)
class Listed:
    """One page of the directory, and the address of the next where there is one."""

    rows: tuple[Supplier, ...]
    next_url: str = ""


def providers(person: Person, wanted: Wanted) -> Listed:
    """One page of the providers somebody may see, by name: one statement."""
    rows = Supplier.objects.visible_to(person).order_by("match_name", "pk")
    if wanted.name:
        rows = rows.filter(match_name__contains=match_name(wanted.name))
    if wanted.kind:
        rows = rows.filter(**{_FLAGS[wanted.kind]: True})
    if wanted.after:
        first = Supplier.objects.filter(pk=wanted.after).values("match_name")[:1]
        later = rows.filter(match_name__gt=first) | rows.filter(match_name=first, pk__gt=wanted.after)
        rows = later.order_by("match_name", "pk")
    found = list(rows[: PAGE + 1])
    shown = tuple(found[:PAGE])
    return Listed(shown, wanted.address(shown[-1].pk) if len(found) > PAGE else "")
