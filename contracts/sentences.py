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


def register_own() -> None:
    """Register the sentences of this room."""
    register_sentence("contract.draft", "drafted {subject} with {supplier}, {value}")
    register_sentence("contract.facts", _changed)
    register_sentence("mobilisation.add", "added the mobilisation task “{subject}”")
    register_sentence("mobilisation.change", _changed_task)
    register_sentence("mobilisation.finish", "finished the mobilisation task “{subject}”")
    register_sentence("mobilisation.reopen", "opened the mobilisation task “{subject}” again")
