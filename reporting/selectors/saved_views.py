"""The saved views of the workplan that somebody can open."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.db.models import Q
from django.urls import reverse

from organisation.models import Person
from organisation.standing import standing_of
from reporting.models import SavedView
from reporting.orders import address

MOST_SHOWN = 30


@dataclass(frozen=True)
class ViewLine:
    """One saved view: its name, where it leads, and who shared it."""

    pk: int
    name: str
    url: str
    is_mine: bool
    note: str
    is_current: bool


def views_for(person: Person, query: dict[str, str]) -> list[ViewLine]:
    """Somebody's own views, then those that colleagues shared with an organisation they work in. One statement."""
    shared = Q(shared_with__in=standing_of(person).organisations)
    rows = SavedView.objects.filter(Q(person=person) | shared).order_by("name", "pk")
    found = []
    for pk, name, kept, owner, owner_name, shared_with in rows.values_list(
        "pk", "name", "query", "person", "person__name", "shared_with__name"
    )[:MOST_SHOWN]:
        is_mine = owner == person.pk
        note = f"shared with {shared_with}" if shared_with and is_mine else ("" if is_mine else f"from {owner_name}")
        parts = dict(parse_qsl(kept))
        found.append(ViewLine(pk, name, address(reverse("reporting:workplan"), parts), is_mine, note, parts == query))
    return sorted(found, key=lambda line: not line.is_mine)
