"""Writes what the ground room changes (people, roles, calendars) into the audit trail."""

from __future__ import annotations

from typing import Any

from casework.audit import audited, record
from organisation.actors import Actor
from organisation.change_log import Changes, on_change


def write_change(actor: Actor, verb: str, subject: Any, changes: Changes) -> None:
    """Record one change, in the transaction in hand if there is one."""
    with audited(by=actor):
        record(verb=verb, subject=subject, by=actor, changes=dict(changes))


def connect() -> None:
    """Become the writer."""
    on_change(write_change)
