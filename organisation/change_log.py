"""Where changes made in the admin and on account pages are told, so that the audit trail can write them down.

The trail stands in a higher room, which this one may not know: it sets the writer when the application starts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from organisation.actors import Actor

# What a field was and what it is now, both as words or plain values.
Changes = Mapping[str, list[Any]]
Writer = Callable[[Actor, str, Any, Changes], None]

_writer: Writer | None = None


class NobodyWritesDown(RuntimeError):
    """Raised rather than let a change go by that no trail would hold."""


def on_change(writer: Writer) -> None:
    """Set who writes changes down: ``writer(actor, verb, subject, changes)``."""
    global _writer
    _writer = writer


def note_change(actor: Actor, verb: str, subject: Any, changes: Changes) -> None:
    """Have one change written down. Call it last in the transaction that makes the change."""
    if _writer is None:
        raise NobodyWritesDown(f"No audit trail is set to write down {verb!r}")
    _writer(actor, verb, subject, changes)
