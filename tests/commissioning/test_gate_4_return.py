"""Gate 4 goes back to its author with comments, is put right, and comes back to be decided (framework 6.1)."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from casework.models import OutboxMessage, WorkItem
from documents.models import Paper
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make


def test_gate_4_is_returned_and_comes_back(alder: Alder, sign_in: Callable[[Person], Client]) -> None:
    helen = alder.by_role[Role.LEADERSHIP_APPROVER]
    planned = steps.put_in(steps.in_analyse(alder, value=640000, ticked=("strategic",)), "plan")
    make.decided_delivery(planned, "in_house")
    secured = steps.put_in(planned, "secure")
    walk.submitted(secured, 4, alder.priya)

    said = sign_in(helen).post(
        f"/commissions/{secured.pk}/gates/4/decide/",
        {"decision": "return_for_changes", "note": "Say who takes the staff.", "section_commercial": "TUPE is thin."},
        follow=True,
    )

    assert "Gate 4 returned for changes. The author has your comments." in said.content.decode()
    gate = walk.read(secured, 4)
    assert (gate.state, steps.read(secured).state, gate.rounds.get().outcome) == ("drafting", "secure", "returned")
    told = OutboxMessage.objects.get(kind="gate_outcome", person=alder.priya)
    assert "Say who takes the staff." in told.body
    assert not WorkItem.objects.outstanding().filter(kind="gate_decision").exists()

    author, paper = sign_in(alder.priya), Paper.objects.get(pk=gate.paper_id)
    assert "Say who takes the staff." in author.get(paper.get_absolute_url()).content.decode()
    section = author.get(f"/papers/{paper.pk}/sections/commercial/").content.decode()
    assert "TUPE is thin." in section
    assert "Returned for changes" in author.get(gate.get_absolute_url()).content.decode()

    again = walk.submitted(secured, 4, alder.priya, tupe_detail="Twelve people move from the present provider.")
    assert (again.state, again.rounds.get(outcome="").revision_number) == ("submitted", 2)
    decision = sign_in(helen).get(f"/commissions/{secured.pk}/gates/4/decide/").content.decode()
    assert "since revision 1" in decision

    done = walk.decided(again, "approve", helen)
    assert (done.state, [row.outcome for row in done.rounds.order_by("number")]) == (
        "approved",
        ["returned", "approved"],
    )
