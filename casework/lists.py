"""Where each kind of record is listed. The room that holds the list says so; lower rooms only link there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

_lists: dict[str, tuple[str, str]] = {}


def register_list(kind: str, label: str, url_name: str) -> None:
    """Name the page that lists records of a kind: ``register_list("commission", "Commissions", "…:workplan")``."""
    _lists[kind] = (label, url_name)


def list_of(kind: str) -> tuple[str, str] | None:
    """The label and address of a kind's list, if a room offers one."""
    if kind not in _lists:
        return None
    label, url_name = _lists[kind]
    try:
        return label, reverse(url_name)
    except NoReverseMatch:
        return None


@dataclass(frozen=True)
class SearchKind:
    """How search tells records of a kind: the heading of their group, its place, and the words of their states."""

    kind: str
    heading: str
    order: int
    states: Mapping[str, str]


_searched: dict[str, SearchKind] = {}


def register_search_kind(kind: str, heading: str, order: int, states: Mapping[str, str]) -> None:
    """Tell search what to call a room's records: ``register_search_kind("request", "Requests", 20, {…: …})``.

    Every case file is found by reference and title without this; a kind that nobody told is called by its own word.
    """
    _searched[kind] = SearchKind(kind, heading, order, states)


def search_kinds() -> list[SearchKind]:
    """Every kind a room told of, in the order of its groups."""
    return sorted(_searched.values(), key=lambda one: (one.order, one.heading))
