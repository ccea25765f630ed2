"""Two administrators to a change of the rules: one proposes, another publishes or turns down."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from casework.audit import audited, record, record_refusal
from casework.models import RulesProposal, RulesVersion
from casework.refusals import AlreadyDone, NotPermitted
from casework.services.rules import Changes, publish
from organisation import clock
from organisation.formatting import day
from organisation.models import CommissioningFramework, Person

Outcome = RulesProposal.Outcome


def propose(
    framework: CommissioningFramework,
    *,
    table: str,
    key: str,
    title: str,
    sent: dict[str, list[str]],
    differences: list[str],
    reason: str,
    by: Person,
    act_id: uuid.UUID,
) -> RulesProposal:
    """Keep a change for a second administrator. Nothing counts yet."""
    with audited(by=by, act_id=act_id, verb="rules.propose", subject=framework.key):
        proposal = RulesProposal.objects.create(
            framework=framework,
            table=table,
            key=key,
            title=title[:200],
            sent=sent,
            differences=differences,
            reason=reason,
            proposed_by=by,
            proposed_at=clock.now(),
        )
        record(
            verb="rulesproposal.propose",
            subject=proposal,
            reason=reason,
            changes={"change": ["", "; ".join(differences)[:900]]},
        )
        return proposal


def publish_proposal(
    proposal: RulesProposal, changes: Changes, *, by: Person, valid_from: date, source: str = "", after: int | None
) -> RulesVersion:
    """Publish what somebody else proposed.

    Raises ``NotPermitted`` for the proposer, ``AlreadyDone`` when it is settled, and whatever ``publish`` refuses.
    """
    with audited(by=by):
        _settle(proposal, Outcome.PUBLISHED, by, "")
        version = publish(
            proposal.framework,
            changes,
            by=by,
            valid_from=valid_from,
            reason=proposal.reason,
            source=source,
            after=after,
        )
        RulesProposal.objects.filter(pk=proposal.pk).update(version=version)
        return version


def turn_down(proposal: RulesProposal, *, by: Person, answer: str) -> None:
    """Say no to what somebody else proposed, and why; the proposer withdraws instead."""
    outcome = Outcome.WITHDRAWN if by.pk == proposal.proposed_by_id else Outcome.TURNED_DOWN
    with audited(by=by):
        _settle(proposal, outcome, by, answer)


def _settle(proposal: RulesProposal, outcome: str, by: Person, answer: str) -> None:
    """Settle it once: two people at the same instant make one outcome."""
    verb = f"rulesproposal.{'publish' if outcome == Outcome.PUBLISHED else outcome}"
    if outcome == Outcome.PUBLISHED and by.pk == proposal.proposed_by_id:
        own = NotPermitted("You proposed this change, so another administrator has to publish it.")
        record_refusal(verb=verb, subject=proposal, by=by, words=own.words)
        raise own
    settled: dict[str, Any] = {"outcome": outcome, "settled_by": by, "settled_at": clock.now(), "answer": answer}
    if not RulesProposal.objects.filter(pk=proposal.pk, outcome=Outcome.WAITING).update(**settled):
        found = RulesProposal.objects.select_related("settled_by").get(pk=proposal.pk)
        who = found.settled_by.name if found.settled_by else "Somebody"
        when = day(found.settled_at)
        raise AlreadyDone(f"{who} settled this proposal on {when}: {found.get_outcome_display().lower()}.")
    record(verb=verb, subject=proposal, reason=answer or proposal.reason, from_state=Outcome.WAITING, to_state=outcome)
