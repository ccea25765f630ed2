"""Rows of the audit trail in words, for the page and for the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps

from casework.audit import sentences
from casework.audit.sentences import actor_words, detail_of, role_words, state_label, told
from casework.lifecycle import Lifecycle
from casework.models import AuditEvent
from casework.selectors.audit import references_of
from organisation.formatting import moment, sentence_start


@dataclass(frozen=True)
class AuditRow:
    """One event as auditors read it."""

    number: str
    at: datetime
    when: str
    sentence: str
    is_refusal: bool
    role: str
    reference: str
    path: str
    from_state: str
    to_state: str
    reason: str
    rules_version: str
    url: str


def rows_of(events: list[AuditEvent]) -> list[AuditRow]:
    """Put a page of events into words: two statements more, however many they are."""
    cases = references_of(events)
    return [_row(event, said, cases) for event, said in zip(events, told(events), strict=True)]


def _row(event: AuditEvent, said: sentences.Said, cases: dict[int, tuple[str, str]]) -> AuditRow:
    reference, path = cases.get(event.case_id or 0, ("", ""))
    return AuditRow(
        number=f"{event.chain} {event.number}",
        at=event.at,
        when=moment(event.at),
        sentence=said.sentence if said.is_refusal else (said.strong or said.sentence.removesuffix(said.detail).strip()),
        is_refusal=event.is_refusal,
        role=role_words(event.role) if event.role else "",
        reference=reference,
        path=path,
        from_state=state_label(event, event.from_state) if event.from_state else "",
        to_state=state_label(event, event.to_state) if event.to_state else "",
        reason="" if event.is_refusal else said.detail,
        rules_version=str(event.rules_version or ""),
        url=said.url,
    )


EXPORT_COLUMNS = (
    "Chain",
    "Number",
    "At (UTC)",
    "Who",
    "Role",
    "Act",
    "What happened",
    "Refused",
    "Reference",
    "From",
    "To",
    "Reason and changes",
    "Rules version",
    "Hash",
)


def export_rows(events: list[AuditEvent]) -> Iterable[list[Any]]:
    """The same as lines of a file, with what is needed to find each event in its chain."""
    names = sentences.names_in(events)
    for event, row in zip(events, rows_of(events), strict=True):
        yield [
            event.chain,
            event.number,
            event.at.isoformat(timespec="seconds"),
            actor_words(event).rstrip(","),
            row.role,
            event.verb,
            row.sentence,
            "yes" if row.is_refusal else "no",
            row.reference,
            row.from_state,
            row.to_state,
            detail_of(event, names),
            row.rules_version,
            event.hash,
        ]


def known_acts() -> list[tuple[str, str]]:
    """Every act the trail can hold, with its words, to filter by."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, Lifecycle):
            thing = str(model._meta.verbose_name)
            for name, rules in model.verbs().items():  # type: ignore[attr-defined]
                found[f"{model._meta.model_name}.{name}"] = f"{sentence_start(thing)}: {rules.label.lower()}"
    for verb in sentences.registered_verbs():
        found.setdefault(verb, _from_code(verb))
    return sorted(found.items(), key=lambda act: act[1])


def _from_code(verb: str) -> str:
    thing, _, name = verb.rpartition(".")
    words = name.replace("_", " ")
    return f"{sentence_start(thing)}: {words}" if thing else sentence_start(words)
