"""Collecting what a transaction did and writing it last, under the head of its chain."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction

from casework.audit import chain as chains
from casework.models import Act, AuditEvent, CaseFile, ChainHead
from casework.refusals import Refused, Replayed
from organisation import clock
from organisation.actors import Actor, System
from organisation.models import Organisation, Person
from organisation.rules import asked_about

INSTALLATION = "installation"


@dataclass
class _Pending:
    """What one outermost ``audited`` block has collected so far."""

    actor: Actor | None
    events: list[AuditEvent] = field(default_factory=list)
    refused: list[AuditEvent] = field(default_factory=list)


_pending: ContextVar[_Pending | None] = ContextVar("pending_audit", default=None)


@contextmanager
def audited(*, by: Actor | None, act_id: uuid.UUID | None = None, verb: str = "", subject: str = "") -> Iterator[None]:
    """Run a write in one transaction whose audit events are written last.

    Blocks nest: the outermost one owns the transaction and the chain. ``by`` is who is answerable for the events
    inside (None only for a visitor who is not signed in). A repeated ``act_id`` raises ``Replayed`` before anything
    else happens. A ``Refused`` that leaves the outermost block rolls everything back and is then recorded by itself.
    """
    outer = _pending.get()
    if outer is not None:
        if act_id is not None:
            take_act(act_id, by, verb, subject)
        yield
        return
    pending = _Pending(actor=by)
    token = _pending.set(pending)
    try:
        try:
            with transaction.atomic():
                if act_id is not None:
                    take_act(act_id, by, verb, subject)
                yield
                _write(pending.events)
        except Refused:
            if pending.refused:
                with transaction.atomic():
                    _write(pending.refused)
            raise
    finally:
        _pending.reset(token)


def take_act(act_id: uuid.UUID, by: Actor | None, verb: str, subject: str) -> None:
    """Take the form's number, or raise ``Replayed`` if this person took it before for this act on this subject.

    One INSERT decides: a second transaction with the same number waits for the first, then finds it taken. A number
    that somebody else used, or that was used for something else, is no replay: nobody can swallow another's act.
    """
    person_id = by.pk if isinstance(by, Person) else 0
    table = connection.ops.quote_name(Act._meta.db_table)
    number = act_id if connection.vendor == "postgresql" else act_id.hex
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (act_id, person_id, verb, subject, at) VALUES (%s, %s, %s, %s, %s) "  # noqa: S608 - the table name is the model's own
            "ON CONFLICT (act_id, person_id, verb, subject) DO NOTHING",
            [str(number), person_id, verb[:60], subject[:80], connection.ops.adapt_datetimefield_value(at)],
        )
        if cursor.rowcount == 0:
            raise Replayed


def _as_text(value: Any) -> Any:
    """Changes are kept as text, so that they hash the same whatever the database does with numbers."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return [_as_text(part) for part in value]
    return str(value)


def _label_of(subject: models.Model) -> str:
    """What the subject was called then. A person's name stays out of the chain, so that it can be erased."""
    return f"Account {subject.pk}" if isinstance(subject, Person) else str(subject)[:300]


def _case_of(subject: models.Model) -> CaseFile | None:
    if isinstance(subject, CaseFile):
        return subject
    case_file = getattr(subject, "case_file", None)
    return case_file if isinstance(case_file, CaseFile) else None


def _chain_of(subject: models.Model, case_file: CaseFile | None) -> str:
    organisation_id = case_file.organisation_id if case_file else getattr(subject, "organisation_id", None)
    if organisation_id is None:
        # A holding belongs with its post; a framework or calendar that one organisation keeps is its business alone.
        place = asked_about(subject)
        if isinstance(place, Organisation):
            organisation_id = place.pk
        else:
            organisation_id = getattr(place, "organisation_id", None) or getattr(place, "kept_by_id", None)
    return f"organisation:{organisation_id}" if organisation_id else INSTALLATION


def _event(
    *,
    actor: Actor | None,
    verb: str,
    subject: models.Model,
    reason: str,
    changes: Mapping[str, Any] | None,
    from_state: str,
    to_state: str,
    role: str,
    covering_id: int | None,
    rules_version: int | None,
    is_refusal: bool,
) -> AuditEvent:
    case_file = _case_of(subject)
    return AuditEvent(
        chain=_chain_of(subject, case_file),
        at=clock.now(),
        actor_id=actor.pk if isinstance(actor, Person) else None,
        actor_words=actor.because[:300] if isinstance(actor, System) else "",
        role=role,
        covering_id=covering_id,
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk or ""),
        subject_label=_label_of(subject),
        case_id=case_file.pk if case_file else None,
        root_case_id=(case_file.root_id or case_file.pk) if case_file else None,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        changes={str(key): _as_text(value) for key, value in (changes or {}).items()},
        rules_version=rules_version,
        is_refusal=is_refusal,
    )


def record(
    *,
    verb: str,
    subject: models.Model,
    by: Actor | None = None,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
    from_state: str = "",
    to_state: str = "",
    role: str = "",
    covering_id: int | None = None,
    rules_version: int | None = None,
) -> None:
    """Add one event to the transaction in hand.

    Must run inside ``audited``; the actor of the block is meant unless ``by`` names another (a follow-on act).
    """
    pending = _pending.get()
    if pending is None:
        raise RuntimeError(f"'{verb}' must be recorded inside audited()")
    pending.events.append(
        _event(
            actor=by or pending.actor,
            verb=verb,
            subject=subject,
            reason=reason,
            changes=changes,
            from_state=from_state,
            to_state=to_state,
            role=role,
            covering_id=covering_id,
            rules_version=rules_version,
            is_refusal=False,
        )
    )


def record_refusal(*, verb: str, subject: models.Model, by: Actor, words: str) -> None:
    """Note that ``verb`` was refused; it is written once the refused transaction has been rolled back."""
    pending = _pending.get()
    if pending is None:
        raise RuntimeError(f"The refusal of '{verb}' must be recorded inside audited()")
    pending.refused.append(
        _event(
            actor=by,
            verb=verb,
            subject=subject,
            reason=words,
            changes=None,
            from_state=getattr(subject, "state", "") or "",
            to_state="",
            role="",
            covering_id=None,
            rules_version=None,
            is_refusal=True,
        )
    )


def _write(events: list[AuditEvent]) -> None:
    """Number, link and insert the events: one lock, one insert and one update for each chain."""
    by_chain: dict[str, list[AuditEvent]] = {}
    for event in events:
        by_chain.setdefault(event.chain, []).append(event)
    # Always in the same order, so that two transactions over two chains cannot wait for each other.
    for chain in sorted(by_chain):
        head = ChainHead.objects.select_for_update().filter(chain=chain).first()
        if head is None:
            ChainHead.objects.bulk_create([ChainHead(chain=chain)], ignore_conflicts=True)
            head = ChainHead.objects.select_for_update().get(chain=chain)
        number, previous = head.number, head.hash or chains.GENESIS
        for event in by_chain[chain]:
            number += 1
            event.number, event.previous_hash = number, previous
            event.hash = previous = chains.link(event, previous)
        AuditEvent.objects.bulk_create(by_chain[chain])
        ChainHead.objects.filter(pk=head.pk).update(number=number, hash=previous)
