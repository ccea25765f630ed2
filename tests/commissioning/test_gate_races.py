"""Two approvers at the same instant, on PostgreSQL with real threads: a round has one outcome."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.management import call_command

from casework import door
from casework.models import AuditEvent, WorkItem
from casework.refusals import AlreadyDone
from commissioning.models import Gate, GateRound
from commissioning.services import gate_rounds
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people
from tests.racing import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [
        ("return_for_changes", "refuse", {"drafting", "refused"}),
        ("approve", "return_for_changes", {"drafting"}),
        ("approve", "approve", {"approved"}),
    ],
)
def test_two_views_at_once_make_one_outcome(alder: Alder, first: str, second: str, ends: set[str]) -> None:
    isla = people.person(Role.LEADERSHIP_APPROVER, at=alder.council, name="Isla Reid")
    helen = alder.by_role[Role.LEADERSHIP_APPROVER]
    commission = steps.put_in(steps.in_analyse(alder, value=640000, ticked=("strategic",)), "plan")
    make.decided_delivery(commission, "buy")
    gate = walk.submitted(commission, 3, alder.priya)

    def view(verb: str, by: Person) -> partial[door.Outcome]:
        row = Gate.objects.select_related(*Gate.door_reads).get(pk=gate.pk)
        return partial(gate_rounds.decide, row, verb, by=by, note="Because.")

    results = at_once([view(first, helen), view(second, isla)])

    done = [result for result in results if isinstance(result, door.Outcome)]
    refused = [result for result in results if isinstance(result, AlreadyDone)]
    assert len(done) + len(refused) == 2, results
    now = walk.read(commission, 3)
    assert now.state in ends
    made = GateRound.objects.get(gate=gate)
    assert made.outcome in {"approved": {"approved"}, "drafting": {"returned"}, "refused": {"refused"}}[now.state]
    if first != "approve":
        assert (len(done), len(refused)) == (1, 1)
    assert not WorkItem.objects.outstanding().filter(kind="gate_decision").exists()
    stops = AuditEvent.objects.filter(verb="commission.stop", is_refusal=False).count()
    assert stops == (now.state == "refused")
    call_command("verify_audit")
