"""Where each kind of record is listed. The room that holds the list says so; lower rooms only link there."""

from __future__ import annotations

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
