"""The fixed, documented encoding of an audit event and the hash that links it to the one before.

Encoding: a JSON object of the fields in ``HASHED_FIELDS`` with sorted keys, no spaces, UTF-8; instants as UTC ISO
text with six decimals; ids as numbers or null. The hash is SHA-256 of the previous hash, a line break and that JSON.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casework.models import AuditEvent

GENESIS = "0" * 64

HASHED_FIELDS = (
    "chain",
    "number",
    "actor_id",
    "actor_words",
    "role",
    "covering_id",
    "verb",
    "subject_kind",
    "subject_id",
    "subject_label",
    "case_id",
    "root_case_id",
    "from_state",
    "to_state",
    "reason",
    "changes",
    "rules_version",
    "is_refusal",
)


def encode(event: AuditEvent) -> bytes:
    """The bytes that are hashed for ``event``."""
    fields: dict[str, object] = {name: getattr(event, name) for name in HASHED_FIELDS}
    fields["at"] = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(event: AuditEvent, previous_hash: str) -> str:
    """The hash of ``event`` when it follows the event whose hash is ``previous_hash``."""
    return hashlib.sha256(previous_hash.encode() + b"\n" + encode(event)).hexdigest()


@dataclass(frozen=True)
class Break:
    """One place where a chain does not hold."""

    chain: str
    number: int
    words: str


def breaks_in(chain: str, events: Iterable[AuditEvent], head_number: int, head_hash: str) -> Iterator[Break]:
    """Walk one chain in order and yield every edit, gap and cut end."""
    previous, expected = GENESIS, 1
    for event in events:
        if event.number != expected:
            yield Break(chain, expected, f"Event {expected} is missing; the next one found is {event.number}")
            expected = event.number
        elif event.previous_hash != previous:
            yield Break(chain, event.number, f"Event {event.number} does not follow the event before it")
        if link(event, event.previous_hash) != event.hash:
            yield Break(chain, event.number, f"Event {event.number} was changed after it was written")
        previous, expected = event.hash, expected + 1
    if expected - 1 != head_number:
        yield Break(chain, head_number, f"The chain ends at {expected - 1} but its head says {head_number}")
    elif head_number and previous != head_hash:
        yield Break(chain, head_number, "The last event is not the one its head names")
