"""What changed in a gate's paper since its last submission and since the gate before: while drafting and deciding."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from documents.models import Paper
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def test_changes_are_marked_while_drafting_on_the_gate_and_for_the_approver(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    gate = walk.submitted(commission, 1, alder.priya, aims="People stay at home.")
    author, tom = sign_in(alder.priya), sign_in(alder.tom)
    assert "What changed" not in tom.get(f"{gate.get_absolute_url()}decide/").content.decode()
    walk.decided(gate, "return_for_changes", alder.tom, note="Which people?")

    paper = Paper.objects.get(pk=gate.paper_id)
    papers.save_answers(paper, "aims", {"aims": "Older people stay at home."}, alder.priya, 10_000)
    section = author.get(f"/papers/{paper.pk}/sections/aims/").content.decode()
    assert "1 answer here changed since revision 1" in section
    assert "changed since" not in author.get(f"/papers/{paper.pk}/sections/scope/").content.decode()
    assert "1 answer changed since revision 1." in author.get(f"/papers/{paper.pk}/").content.decode()
    assert "See what the draft changes" in author.get(gate.get_absolute_url()).content.decode()

    walk.submitted(commission, 1, alder.priya, aims="Older people stay at home.")
    for address in (gate.get_absolute_url(), f"{gate.get_absolute_url()}decide/"):
        page = tom.get(address).content.decode()
        assert "changed since revision 1" in page
        assert "Older" in page


def test_outline_case_is_held_against_the_initiation_document(alder: Alder, sign_in: SignIn) -> None:
    helen = alder.by_role[Role.LEADERSHIP_APPROVER]
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    first = walk.submitted(commission, 1, alder.priya, in_scope="The north.")
    walk.decided(first, "approve", alder.tom)
    walk.decided(first, "approve", helen)
    planned = steps.put_in(commission, "plan")
    make.decided_delivery(planned, "in_house")
    gate = walk.begun(planned, 3, alder.priya)
    drafted = sign_in(alder.priya).get(f"/papers/{gate.paper_id}/").content.decode()
    assert "changed since the initiation document, revision 1" in drafted
    gate = walk.submitted(planned, 3, alder.priya, in_scope="The whole county.")

    page = sign_in(helen).get(f"{gate.get_absolute_url()}decide/").content.decode()
    assert "changed since the initiation document, revision 1" in page
    shown = (
        sign_in(helen)
        .get(f"/papers/{gate.paper_id}/changes/", {"from": "initiation_document", "to": "1"})
        .content.decode()
    )
    assert "Initiation document, revision 1" in shown
    assert "county" in shown
    assert "No longer asked" not in shown
