"""How the history tells what the services of this room record beside the verbs."""

from __future__ import annotations

from collections.abc import Mapping

from casework.audit.sentences import change_words, register_sentence
from casework.models import AuditEvent


def _changed(event: AuditEvent, fields: Mapping[str, str]) -> str:
    changes = "; ".join(change_words(key, value, {}) for key, value in event.changes.items())
    return f"changed what the contract will say ({changes})" if changes else "changed what the contract will say"


def _changed_task(event: AuditEvent, fields: Mapping[str, str]) -> str:
    changes = "; ".join(change_words(key, value, {}) for key, value in event.changes.items())
    return f"changed the mobilisation task “{fields['subject']}” ({changes})"


def _recorded(event: AuditEvent, fields: Mapping[str, str]) -> str:
    results = [f"{key}: {value}" for key, value in event.changes.items() if key != "period"]
    return f"recorded results for {fields['period']} ({'; '.join(results)})"


def _changed_indicator(event: AuditEvent, fields: Mapping[str, str]) -> str:
    changes = "; ".join(change_words(key, value, {}) for key, value in event.changes.items())
    return f"changed the indicator “{fields['subject']}” ({changes})"


def _returned(event: AuditEvent, fields: Mapping[str, str]) -> str:
    gaps = "; ".join(f"{heading}: {words}" for heading, words in event.changes.items())
    return f"returned the handover with gaps ({gaps})"


def register_own() -> None:
    """Register the sentences of this room."""
    register_sentence("contract.draft", "drafted {subject} with {supplier}, {value}")
    register_sentence("contract.facts", _changed)
    register_sentence("mobilisation.add", "added the mobilisation task “{subject}”")
    register_sentence("mobilisation.change", _changed_task)
    register_sentence("mobilisation.finish", "finished the mobilisation task “{subject}”")
    register_sentence("mobilisation.reopen", "opened the mobilisation task “{subject}” again")
    register_sentence("contract.ending", "asked what follows when this contract ends on {ends}")
    register_sentence("handover.begin", "began the handover, to be prepared by {lead_id}")
    register_sentence("handover.confirm", "confirmed “{heading}” in the handover")
    register_sentence("handover.offer", "offered the handover to the contract manager")
    register_sentence("handover.accept", "accepted the handover")
    register_sentence("handover.send_back", _returned)
    register_sentence("indicator.add", "added the indicator “{subject}”, {target}")
    register_sentence("indicator.change", _changed_indicator)
    register_sentence("indicator.readings", _recorded)
