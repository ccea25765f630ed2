"""How the history tells what the services of this room record beside the verbs."""

from __future__ import annotations

from collections.abc import Mapping

from casework.audit.decisions import register_decisions
from casework.audit.sentences import register_sentence
from casework.models import AuditEvent
from organisation.formatting import in_sentence, listed


def _wrote(event: AuditEvent, fields: Mapping[str, str]) -> str:
    parts = [in_sentence(label) for label in event.changes]
    return f"wrote the decision: {listed(parts)}" if parts else "wrote the decision"


def _wrote_tender(event: AuditEvent, fields: Mapping[str, str]) -> str:
    parts = [in_sentence(label) for label in event.changes]
    return f"wrote the tender: {listed(parts)}" if parts else "wrote the tender"


def register_own() -> None:
    """Register the sentences of this room, and which of them tell of decisions."""
    register_decisions(*(f"exercise.{verb}" for verb in ("open", "decide", "confirm", "award", "abandon", "set_aside")))
    register_decisions("request.accept", "request.decline")
    register_sentence("request.open", "opened {subject}")
    register_sentence("request.ask_budget", "asked {person_id} to approve the budget of {subject}")
    register_sentence("request.ask_help", "asked CCPS for help with {subject}")
    register_sentence("exercise.open", "opened {subject}, by the route {route}")
    register_sentence("exercise.ask_supplier", "listed {supplier} as asked: {asked}")
    register_sentence("exercise.quote", "recorded what {supplier} answered: {price}")
    register_sentence("exercise.write_decision", _wrote)
    register_sentence("exercise.write_tender", _wrote_tender)
    register_sentence("exercise.write_criteria", "wrote the award criteria: {criteria}")
    register_sentence("exercise.standstill", "recorded the standstill: {basis}, from {award notice} to {ends}")
    register_sentence("exercise.challenge", "recorded a challenge by {bidder}, raised on {raised}")
    register_sentence("exercise.settle_challenge", "settled the challenge by {bidder}")
    register_sentence("supplier.add", "recorded the supplier {subject}")
