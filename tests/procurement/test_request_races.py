"""Two officers at the same instant: one acceptance, one lead, one answer in the queue."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from casework import door
from casework.door import Outcome
from casework.models import AuditEvent, WorkItem
from casework.refusals import AlreadyDone
from procurement.models import ProcurementRequest
from procurement.services import requests as services
from tests.factories import procurement as buying
from tests.factories import requests as make
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_two_officers_accept_at_once_and_one_acceptance_is_made(where: Any, ccps: SimpleNamespace) -> None:
    request = make.submitted(where)

    def accept(officer: Any) -> Outcome:
        return door.carry_out(make.read(request), "accept", by=officer, **make.accepting(officer))

    results = at_once([lambda: accept(ccps.lewis), lambda: accept(ccps.dan)])

    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [AlreadyDone]
    winner = next(result.subject.lead for result in results if isinstance(result, Outcome))
    found = make.read(request)
    assert (found.state, found.lead, found.decided_by) == ("accepted", winner, winner)
    done = AuditEvent.objects.filter(verb="procurementrequest.accept", is_refusal=False)
    assert done.count() == 1
    assert WorkItem.objects.get(pk=found.item_id).settled_by == winner


def test_one_accepts_while_another_declines(where: Any, ccps: SimpleNamespace) -> None:
    request = make.submitted(where)
    declined = {"note": "Not ready", "ground": "not_ready", "next_steps": "Revise it"}

    results = at_once(
        [
            lambda: door.carry_out(make.read(request), "accept", by=ccps.lewis, **make.accepting(ccps.lewis)),
            lambda: door.carry_out(make.read(request), "decline", by=ccps.dan, **declined),
        ]
    )

    assert sum(isinstance(result, AlreadyDone) for result in results) == 1
    found = make.read(request)
    answer = {"accepted": "agreed", "declined": "cannot_agree"}[found.state]
    assert found.item.answer == answer


def test_a_request_opened_twice_at_once_is_one_request(where: Any, ccps: SimpleNamespace) -> None:
    commission = buying.commission(where, state="plan", amount="60000")

    def opened() -> ProcurementRequest:
        return services.open_request(commission, by=where.priya)

    results = at_once([opened, opened])

    assert [type(result) for result in results] == [ProcurementRequest, ProcurementRequest]
    assert ProcurementRequest.objects.filter(commission=commission).count() == 1
