"""Putting the business cases that wait into an order."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from casework.audit import audited, record, record_refusal
from casework.blockers import Blocker
from casework.door import who_words
from casework.refusals import Blocked, NotPermitted
from commissioning.models import GateRound, RankedCase, Ranking
from organisation.models import Organisation, Person
from organisation.permissions import may


def rank(
    organisation: Organisation, rounds: Sequence[int], *, reason: str, by: Person, act_id: uuid.UUID | None = None
) -> Ranking:
    """Keep an order of the cases that wait, first to last by their submissions, with its reason. Earlier ones stay.

    Raises ``NotPermitted``, and ``Blocked`` where a case waits no more or the reason is blank.
    """
    verb = "gate.rank"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(organisation.pk)):
        made = Ranking(organisation=organisation, reason=reason[:1000], made_by=by)
        if not may(by, verb, made):
            record_refusal(verb=verb, subject=organisation, by=by, words=who_words(verb, made))
            raise NotPermitted(who_words(verb, made))
        stand = {row.pk: row for row in _waiting(organisation).filter(pk__in=list(rounds))}
        blockers = [Blocker("reason", "Reason: not written", anchor="id_reason")] if not reason.strip() else []
        if len(stand) != len(set(rounds)) or len(set(rounds)) != len(rounds):
            blockers.append(Blocker("cases", "A case was decided meanwhile. Open the list again"))
        if blockers:
            raise Blocked(blockers, "The order was not kept.")
        made.save()
        RankedCase.objects.bulk_create(
            RankedCase(ranking=made, round_id=pk, place=place) for place, pk in enumerate(rounds, start=1)
        )
        for place, pk in enumerate(rounds, start=1):
            row = stand[pk]
            changes = {"place": str(place), "of": str(len(rounds))}
            record(verb="gate.ranked", subject=row.gate, reason=reason, changes=changes)
        return made


def _waiting(organisation: Organisation) -> Any:
    return (
        GateRound.objects.filter(gate__commission__case_file__organisation=organisation, gate__number__in=(3, 4))
        .filter(outcome="")
        .select_related("gate__commission__case_file")
    )
