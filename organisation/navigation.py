"""The service navigation. Each room adds its own entry when it starts; this room knows none of their addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse

from organisation.models.person import Person
from organisation.permissions import ANYWHERE, may


@dataclass(frozen=True)
class NavEntry:
    """One entry as a room registered it."""

    label: str
    url_name: str
    order: int
    act: str | None
    at_end: bool
    count: Callable[[Person], str] | None = None


@dataclass(frozen=True)
class NavItem:
    """One entry as a page shows it."""

    label: str
    url: str
    is_current: bool


_entries: dict[str, NavEntry] = {}
_search: list[str] = []


def register_nav(
    label: str,
    url_name: str,
    order: int,
    act: str | None = None,
    at_end: bool = False,
    count: Callable[[Person], str] | None = None,
) -> None:
    """Add an entry to the navigation of every page; with `act`, only for those who may do that act anywhere.

    `at_end` puts it at the right edge. `count` says in words what waits there ("3 unread"), or nothing; it may not ask
    the database. An entry whose address does not exist is left out.
    """
    _entries[url_name] = NavEntry(label, url_name, order, act, at_end, count)


def register_search(url_name: str) -> None:
    """Say which page the search box in the header asks."""
    _search[:] = [url_name]


def search_url() -> str:
    """Return the address the search box asks, or nothing while no room offers a search."""
    return _address(_search[0]) if _search else ""


def items_for(person: Person | AnonymousUser, path: str, current: str = "", at_end: bool = False) -> list[NavItem]:
    """List the entries `person` may use; the current one is named by `current`, or found by the page's path."""
    shown = []
    for entry in sorted(_entries.values(), key=lambda entry: entry.order):
        url = _address(entry.url_name) if entry.at_end == at_end else ""
        if url and (entry.act is None or may(person, entry.act, ANYWHERE)):
            shown.append((entry.label, url, _counted(entry, person)))
    if not current:
        # The longest address that the page stands under; "/" is only itself, or every page would be under it.
        under = [url for _, url, _ in shown if path == url or (url != "/" and path.startswith(url))]
        current = max(under, key=len, default="")
    return [NavItem(f"{label}{waits}", url, current in (label, url)) for label, url, waits in shown]


def _counted(entry: NavEntry, person: Person | AnonymousUser) -> str:
    words = entry.count(person) if entry.count is not None and isinstance(person, Person) else ""
    return f" ({words})" if words else ""


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
