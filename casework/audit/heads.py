"""The heads of all chains in a signed file a day, kept where the database's owner cannot reach."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from casework.audit.chain import Break, breaks_in
from casework.models import AuditEvent, ChainHead
from organisation import clock


def _signature(body: str) -> str:
    return hmac.new(settings.AUDIT_SIGNING_KEY.encode(), body.encode(), hashlib.sha256).hexdigest()


def _folder() -> Path:
    return Path(settings.AUDIT_HEADS_DIR)


def sign_heads() -> Path:
    """Write today's signed head file, replacing an earlier one of the same day."""
    heads = {head.chain: {"number": head.number, "hash": head.hash} for head in ChainHead.objects.order_by("chain")}
    body = json.dumps({"signed_at": clock.now().isoformat(), "heads": heads}, sort_keys=True)
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"heads-{clock.today().isoformat()}.json"
    unfinished = target.with_suffix(".part")
    unfinished.write_text(json.dumps({"body": body, "signature": _signature(body)}))
    unfinished.replace(target)
    return target


def _signed_heads() -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Each signed file's name and heads; None where the signature does not match."""
    folder = _folder()
    for path in sorted(folder.glob("heads-*.json")) if folder.is_dir() else []:
        try:
            sealed = json.loads(path.read_text())
            honest = hmac.compare_digest(_signature(sealed["body"]), sealed["signature"])
            yield path.name, json.loads(sealed["body"])["heads"] if honest else None
        except (ValueError, KeyError, TypeError, AttributeError):
            yield path.name, None


def all_breaks() -> Iterator[Break]:
    """Verify every chain against its events, its head row and every signed file."""
    heads = {head.chain: head for head in ChainHead.objects.all()}
    chains = sorted(set(heads) | set(AuditEvent.objects.values_list("chain", flat=True).distinct()))
    for chain in chains:
        head = heads.get(chain)
        events = AuditEvent.objects.filter(chain=chain).order_by("number").iterator(chunk_size=2000)
        yield from breaks_in(chain, events, head.number if head else 0, head.hash if head else "")
    for name, signed in _signed_heads():
        if signed is None:
            yield Break("files", 0, f"The signature of {name} does not match its contents")
            continue
        for chain, place in signed.items():
            if not place["number"]:
                continue
            kept = AuditEvent.objects.filter(chain=chain, number=place["number"]).values_list("hash", flat=True).first()
            if kept != place["hash"]:
                yield Break(chain, place["number"], f"Event {place['number']} is not the one that {name} signed")
