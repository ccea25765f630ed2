"""What the papers of gates 1 and 3 insist on, and who may write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework import door
from casework.refusals import Blocked
from commissioning.models import Gate, WorkTime
from commissioning.services import gates
from documents.models import Answer, Paper
from documents.services import papers
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def complete(alder: Alder) -> Paper:
    """An initiation document that was complete once, and is a draft again."""
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    gate = walk.submitted(commission, 1, alder.priya)
    walk.decided(gate, "return_for_changes", alder.tom, note="Once more.")
    return Paper.objects.get(pk=gate.paper_id)


def refusal_of(paper: Paper, by: Person) -> str:
    with pytest.raises(Blocked) as refusal:
        door.carry_out(Paper.objects.get(pk=paper.pk), "submit", by=by)
    return "; ".join(steps.words_of(refusal.value))


@pytest.mark.requirement("N-087")
@pytest.mark.parametrize(
    ("section", "key", "named"),
    [
        ("aims", "aims", "What should be different when this has worked?"),
        ("scope", "in_scope", "What is in?"),
        ("scope", "deliverables", "What will you hand over, and when?"),
    ],
)
def test_objectives_scope_and_deliverables_are_needed(alder: Alder, section: str, key: str, named: str) -> None:
    paper = complete(alder)
    if key == "deliverables":
        row = Answer.objects.get(paper=paper, question_key=key, is_offered=False).value[0]["id"]
        papers.remove_row(paper, section, key, row, alder.priya)
    else:
        papers.save_answers(paper, section, {key: None}, alder.priya, 10_000)

    assert named in refusal_of(paper, alder.priya)


@pytest.mark.requirement("N-088")
def test_resources_come_from_the_analysis_and_leaving_them_out_needs_a_reason(alder: Alder) -> None:
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    for days in ("2.5", "4"):
        WorkTime.objects.create(
            commission=commission, team="Finance", month="2026-10-01", days=days, recorded_by=alder.priya
        )
    gate = walk.begun(commission, 1, alder.priya)
    filled = Answer.objects.get(paper_id=gate.paper_id, question_key="resources", is_offered=False)
    cells = filled.value[0]["cells"]
    assert (cells["role"], cells["days"], cells["when"], filled.came_from) == (
        "Finance",
        7,
        "October 2026",
        "People's time",
    )

    paper = complete(alder)
    papers.save_answers(paper, "resources", {"resources_known": "not_yet", "no_resources": None}, alder.priya, 10_000)
    assert "What is still open, and when will you know?" in refusal_of(paper, alder.priya)
    papers.save_answers(paper, "resources", {"no_resources": "HR says in May."}, alder.priya, 10_000)
    assert door.carry_out(Paper.objects.get(pk=paper.pk), "submit", by=alder.priya).subject.state == "submitted"


@pytest.mark.requirement("N-094")
def test_only_the_area_writes_gate_papers_and_others_read_them(alder: Alder, sign_in: SignIn) -> None:
    def checked(gate: Gate) -> None:
        address = f"/papers/{gate.paper_id}/sections/about/"
        for role in (Role.CCPS_OFFICER, Role.FINANCE, Role.LEADERSHIP_APPROVER, Role.SERVICE_LEADER):
            page = sign_in(alder.by_role[role])
            assert page.get(address, follow=True).status_code == 200
            assert page.post(address, {"q_x": "y"}).status_code == 403
            assert page.post(f"/papers/{gate.paper_id}/check/", {"is_agreed": "on"}).status_code == 403
        assert sign_in(alder.priya).get(address).status_code == 200
        assert sign_in(alder.olive).get(address).status_code == 404

    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    checked(walk.begun(commission, 1, alder.priya))
    planned = steps.put_in(commission, "plan")
    make.decided_delivery(planned, "in_house")
    checked(walk.begun(planned, 3, alder.priya))
    checked(walk.begun(steps.put_in(planned, "secure"), 4, alder.priya))


@pytest.mark.requirement("N-139")
def test_business_cases_have_five_cases_and_name_those_to_finish(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder, value=640000, ticked=("strategic",)), "plan")
    make.decided_delivery(commission, "in_house")
    titles = ["Strategic case", "Economic case", "Commercial case", "Financial case", "Management case"]
    for number, state in ((3, "plan"), (4, "secure")):
        gate = walk.begun(steps.put_in(commission, state), number, alder.priya)
        page = sign_in(alder.priya).get(f"/papers/{gate.paper_id}/").content.decode()
        assert [title for title in titles if title in page] == titles
        assert "Not started" in page
        said = refusal_of(Paper.objects.get(pk=gate.paper_id), alder.priya)
        assert [title for title in titles if title in said] == titles


def test_the_strip_of_gates_says_how_gate_1_stands(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    page = sign_in(alder.priya)

    def strip() -> str:
        whole = page.get(f"/commissions/{commission.pk}/").content.decode()
        return whole[whole.index("Gate 1") :]

    assert "Required" in strip() or "required" in strip()
    gate = walk.begun(commission, 1, alder.priya)
    assert "Drafting" in strip()
    gates.ask_input(gate, functions=["finance"], needed_by=clock.today(), question="Right?", by=alder.priya)
    assert "Input asked for" in strip()
    walk.submitted(commission, 1, alder.priya)
    assert "Submitted" in strip()
    walk.decided(walk.read(commission, 1), "return_for_changes", alder.tom, note="Again.")
    assert "Returned for changes" in strip()
    walk.submitted(commission, 1, alder.priya)
    walk.decided(walk.read(commission, 1), "approve", alder.tom)
    walk.decided(walk.read(commission, 1), "approve", alder.by_role[Role.LEADERSHIP_APPROVER])
    assert "Approved 7 September 2026" in strip()
