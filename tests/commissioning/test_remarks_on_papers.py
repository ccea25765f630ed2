"""What an author is told before submitting, and may submit all the same: open work, figures and answers that differ."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from commissioning.models import Commission, Gate
from commissioning.services import specifications
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from documents.models import Paper
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    """In Plan with its activities agreed, to be bought, worth £640,000, needed from 1 October 2027."""
    people.statutory_figures()
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    make.planned_as_suggested(commission)
    steps.screened(commission, alder.priya, affects_inequality="yes", inequality_affected="Gaps between parishes")
    commission = steps.put_in(commission, "plan", needed_by=date(2027, 10, 1))
    make.decided_delivery(commission, "buy")
    return commission


def words(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def answer(paper: Paper, section: str, by: Person, **answers: Any) -> None:
    papers.save_answers(Paper.objects.get(pk=paper.pk), section, answers, by, 10_000)


def paper_at_gate_3(commission: Commission, by: Person) -> Paper:
    return Paper.objects.get(pk=walk.begun(commission, 3, by).paper_id)


def test_author_is_told_what_is_open_and_may_submit(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    paper = paper_at_gate_3(commission, alder.priya)
    priya = sign_in(alder.priya)
    gate = f"/commissions/{commission.pk}/gates/3/"

    for page in (words(priya, f"/papers/{paper.pk}/check/"), words(priya, gate)):
        assert "Still open be" in page
        assert "Specification: not written" in page
        assert "Full impact assessment: not submitted, and the screening asks for one" in page
        assert f"/commissions/{commission.pk}/specification/" in page
        assert "activities not completed, first “" in page

    steps.submit(paper, alder.priya)

    assert Gate.objects.get(commission=commission, number=3).state == "submitted", "a warning refuses nothing"
    assert "Still open" not in words(priya, gate).replace("Still open on", "")
    deciding = words(sign_in(alder.by_role[Role.LEADERSHIP_APPROVER]), f"{gate}decide/")
    assert "Specification: not written" in deciding


def test_nothing_is_said_once_plan_is_done_and_signed_off(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    paper = paper_at_gate_3(commission, alder.priya)
    make.done_activities(commission, "plan")
    steps.signed_off(commission, alder)
    page = words(sign_in(alder.priya), f"/papers/{paper.pk}/check/")
    assert "activities not completed" not in page
    assert "Specification:" not in page
    assert "Full impact assessment: not submitted" in page


def test_gate_1_is_not_told_of_plan(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=640000)
    make.planned_as_suggested(commission)
    gate = walk.begun(commission, 1, alder.priya)

    assert "Still open" not in words(sign_in(alder.priya), f"/papers/{gate.paper_id}/check/")
    assert "Still open" not in words(sign_in(alder.priya), f"/commissions/{commission.pk}/gates/1/")


def test_money_that_does_not_agree_is_remarked_beside_its_question(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    paper = paper_at_gate_3(commission, alder.priya)
    answer(
        paper,
        "financial",
        alder.priya,
        whole_life_cost={"2026/27": "160000.00", "2027/28": "400000.00", "2028/29": "400000.00"},
    )
    page = words(sign_in(alder.priya), f"/papers/{paper.pk}/check/")

    assert "The years come to £960,000, £320,000 more than the commission&#x27;s value of £640,000." in page
    assert "£160,000 stands in 2026/27, before the service starts on 1 October 2027." in page
    assert "£800,000 stands in 2027/28 and 2028/29, after 2026/27, the last year" in page

    answer(paper, "financial", alder.priya, whole_life_cost={"2027/28": "640000.00"})
    page = words(sign_in(alder.priya), f"/papers/{paper.pk}/check/")
    assert "The years come to" not in page
    assert "before the service starts" not in page


def test_cost_of_leaving_is_held_against_the_preferred_option(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    paper = paper_at_gate_3(commission, alder.priya)
    option = commission.appraisaloption_rows.get(is_do_nothing=False)
    leaving = {"option": option, "kind": "ending", "what": "", "amount": Decimal(24_000)}
    sheet = sheet_of("option_costs")
    assert sheet is not None
    save_row(commission, sheet, {**leaving, "first_year": 2031, "last_year": 2031}, by=alder.priya)
    answer(paper, "commercial", alder.priya, exit_cost="160000.00")
    address = f"/papers/{paper.pk}/check/"
    said = "£160,000 here; ending the preferred option, “Four contracts by area”, costs £24,000."

    assert said in words(sign_in(alder.priya), address)
    answer(paper, "commercial", alder.priya, exit_cost="24000.00")
    assert "ending the preferred option" not in words(sign_in(alder.priya), address)


def test_lots_are_held_against_the_whole(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    paper = specifications.open_specification(commission, by=alder.priya).paper
    lot = {"lot": "North", "scope": "All care", "area": "North", "value": "700000.00"}
    answer(paper, "lots", alder.priya, split="yes")
    papers.save_row(Paper.objects.get(pk=paper.pk), "lots", "lots", "", lot, alder.priya)
    page = words(sign_in(alder.priya), f"/papers/{paper.pk}/check/")

    assert "The lots come to £700,000, more than the £640,000 of the whole commission." in page


@pytest.mark.parametrize(
    ("ticked", "said", "is_remarked"), [(True, "no", True), (True, "yes", False), (False, "no", False)]
)
def test_no_personal_data_beside_the_sensitive_data_criterion_is_remarked(
    alder: Alder, sign_in: SignIn, ticked: bool, said: str, is_remarked: bool
) -> None:
    commission = steps.in_analyse(alder, ticked=("statutory_or_data",) if ticked else ())
    paper = papers.begin(commission.case_file, "impact_screening", by=alder.priya)
    answer(paper, "effects", alder.priya, uses_personal_data=said)
    page = words(sign_in(alder.priya), f"/papers/{paper.pk}/check/")

    assert ("You say that no personal data is used. The risk form ticks" in page) is is_remarked
