"""The outline and the full business case: five cases, what each must hold, how firmly gate 4 is asked, and leaving."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework import door
from casework.refusals import Blocked
from commissioning.models import Commission
from documents.models import Paper
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]
FIVE = ["strategic", "economic", "commercial", "financial", "management"]


def in_stage(alder: Alder, stage: str, value: int = 640000, ticked: tuple[str, ...] = ("strategic",)) -> Commission:
    """A commission whose need is met in-house, so that no purchase stands before gate 4."""
    planned = steps.put_in(steps.in_analyse(alder, value=value, ticked=ticked), "plan")
    make.decided_delivery(planned, "in_house")
    return steps.put_in(planned, stage)


def standing(client: Client, paper_id: int | None) -> dict[str, str]:
    """What the paper's page says of each of the five cases, in its order."""
    lines = client.get(f"/papers/{paper_id}/").context["lines"]
    return {line.key: line.status for line in lines if line.key in FIVE}


def missing(client: Client, paper_id: int | None) -> str:
    """What the page before submission says is missing, with its links."""
    check = client.get(f"/papers/{paper_id}/check/").content.decode()
    return check.split("You cannot submit this yet.")[1].split("</section>")[0]


def named(client: Client, paper_id: int | None) -> list[str]:
    """The cases in which something is missing."""
    said = missing(client, paper_id)
    return [key for key in FIVE if f"/papers/{paper_id}/sections/{key}/#question-" in said]


@pytest.mark.requirement("N-139")
@pytest.mark.parametrize(("number", "stage"), [(3, "plan"), (4, "secure")])
def test_each_of_five_cases_says_whether_it_is_complete_and_submitting_names_those_that_are_not(
    alder: Alder, sign_in: SignIn, number: int, stage: str
) -> None:
    commission, client = in_stage(alder, stage), sign_in(alder.priya)
    paper_id = walk.begun(commission, number, alder.priya).paper_id
    begun = standing(client, paper_id)
    assert list(begun) == FIVE
    assert "Completed" not in begun.values()
    assert named(client, paper_id) == FIVE

    gate = walk.submitted(commission, number, alder.priya)
    helen = alder.by_role[Role.LEADERSHIP_APPROVER]
    walk.decided(gate, "return_for_changes", helen, note="Say where the figures come from.")
    papers.save_answers(Paper.objects.get(pk=paper_id), "financial", {"cost_basis": ""}, alder.priya, 10_000)

    assert standing(client, paper_id) == dict.fromkeys(FIVE, "Completed") | {"financial": "In progress"}
    assert named(client, paper_id) == ["financial"]


@pytest.mark.requirement("N-161")
def test_full_case_takes_costs_of_every_year_benefits_and_risks(alder: Alder, sign_in: SignIn) -> None:
    gate = walk.begun(in_stage(alder, "secure"), 4, alder.priya)
    assert gate.paper is not None

    asked = steps.contents_of(gate.paper).shape.questions
    said = missing(sign_in(alder.priya), gate.paper_id)

    for section, key, kind in (
        ("financial", "whole_life_cost", "money_by_year"),
        ("economic", "benefits", "table"),
        ("management", "risks", "table"),
    ):
        assert asked[key].kind == kind
        assert f"/sections/{section}/#question-{key}" in said, "it is not submitted without"


@pytest.mark.requirement("N-161")
@pytest.mark.parametrize(("value", "ticked"), [(100_001, ()), (18_000, ("strategic",))])
def test_gate_4_is_expected_and_only_its_approver_waives_it_with_a_reason(
    alder: Alder, sign_in: SignIn, value: int, ticked: tuple[str, ...]
) -> None:
    commission = in_stage(alder, "secure", value, ticked)
    address = f"/commissions/{commission.pk}/gates/4/"
    helen, priya = sign_in(alder.by_role[Role.LEADERSHIP_APPROVER]), sign_in(alder.priya)
    expected = "Gate 4, full business case: expected, not approved"
    assert expected in steps.refused(steps.read(commission), "to_review", alder.sam)

    assert priya.post(f"{address}waive/", {"note": "The same case passed in May."}).status_code == 403
    assert "Enter" in helen.post(f"{address}waive/", {"note": " "}).content.decode()
    assert expected in steps.refused(steps.read(commission), "to_review", alder.sam)
    helen.post(f"{address}waive/", {"note": "The same case passed in May."})

    said = steps.refused(steps.read(commission), "to_review", alder.sam)
    assert not [words for words in said if words.startswith("Gate 4")]
    assert "The same case passed in May." in priya.get(address).content.decode()


@pytest.mark.requirement("N-161")
def test_gate_4_is_not_expected_of_what_is_small_and_of_low_risk(alder: Alder, sign_in: SignIn) -> None:
    commission = in_stage(alder, "secure", 100_000, ())

    waived = sign_in(alder.by_role[Role.LEADERSHIP_APPROVER]).post(
        f"/commissions/{commission.pk}/gates/4/waive/", {"note": "Not needed."}
    )

    assert waived.status_code == 409
    assert "Gate 4: not expected, so nothing is waived" in waived.content.decode()
    assert steps.go(commission, "to_review", alder.sam).state == "review", "nobody is asked for gate 4"


@pytest.mark.requirement("N-166")
def test_gate_4_is_not_submitted_without_the_way_out_and_its_cost_and_approvers_see_both(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = in_stage(alder, "secure")
    helen = alder.by_role[Role.LEADERSHIP_APPROVER]
    gate = walk.submitted(commission, 4, alder.priya)
    walk.decided(gate, "return_for_changes", helen, note="How do we leave?")
    paper = Paper.objects.get(pk=gate.paper_id)
    papers.save_answers(paper, "commercial", {"exit_plan": "", "exit_cost": ""}, alder.priya, 10_000)

    with pytest.raises(Blocked) as refusal:
        door.carry_out(Paper.objects.get(pk=paper.pk), "submit", by=alder.priya)

    assert steps.words_of(refusal.value) == [
        "Commercial case: can it be arranged well: What would leaving cost?: not answered",
        "Commercial case: can it be arranged well: What is the exit plan?: not answered",
    ]
    walk.submitted(commission, 4, alder.priya, exit_plan="Six months of parallel running.", exit_cost="25000.00")
    page = sign_in(helen)
    revision = f"/papers/{paper.pk}/revisions/2/"
    assert f'href="{revision}"' in page.get(f"/commissions/{commission.pk}/gates/4/decide/").content.decode()
    read = page.get(revision).content.decode()
    for words in ("What is the exit plan?", "Six months of parallel running.", "What would leaving cost?", "£25,000"):
        assert words in read
