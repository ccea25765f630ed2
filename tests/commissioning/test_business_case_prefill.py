"""The outline business case begins with what Plan found, and gate 3 is expected, or waived with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from commissioning.models import Commission, CommissionActivity, WorkTime
from commissioning.services import timeline
from commissioning.states import ActivityState
from documents.models import Answer
from organisation.models import Person
from organisation.roles import Role
from procurement.models import CandidateRoute, RouteToMarket
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def sheet(commission: Commission, key: str) -> str:
    return f"/commissions/{commission.pk}/sheets/{key}/add/"


def when(name: str, on: date) -> dict[str, int]:
    return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}


def in_plan(alder: Alder, value: int = 640000, ticked: tuple[str, ...] = ("strategic",)) -> Commission:
    """In Plan with every activity relevant; it buys."""
    commission = steps.put_in(steps.in_analyse(alder, value=value, ticked=ticked, needed_by=date(2028, 4, 1)), "plan")
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    make.decided_delivery(commission)
    return commission


def found_in_plan(alder: Alder, commission: Commission, client: Client) -> None:
    """Risks, one of them closed; people's time; a success measure; a preferred option; an agreed route; dates."""
    risk = {"owner": alder.priya.pk, "mitigation": "Two providers", **when("review_on", date(2026, 12, 1))}
    for name, likelihood, impact, more in (
        ("Winter comes early", "1", "2", {}),
        ("The provider loses staff", "2", "3", {}),
        ("The building burns down", "1", "3", {"is_closed": "on"}),
    ):
        sent = risk | {"risk": name, "likelihood": likelihood, "impact": impact} | more
        assert client.post(sheet(commission, "risks"), sent).status_code == 302
    WorkTime.objects.create(
        commission=commission, team="Finance", month="2026-10-01", days="6", recorded_by=alder.priya
    )
    walk.measured(commission, alder.priya)
    walk.weighed(commission, alder.priya)
    route = RouteToMarket.objects.get(framework=alder.council.framework, key="framework_further_competition")
    client.post(sheet(commission, "candidate_routes"), {"route": route.pk, "reasons_for": "Four firms are on it."})
    agreed = {
        "requirements": "clear", "agreed": CandidateRoute.objects.get().pk, "participants": "Lewis and Priya",
        "fairness": "All four may bid.", **when("agreed_on", date(2026, 9, 1)),
    }  # fmt: skip
    assert client.post(sheet(commission, "route_choice"), agreed).status_code == 302
    timeline.work_out(commission, by=alder.priya)


def answer(paper_id: int | None, key: str) -> Any:
    return Answer.objects.get(paper_id=paper_id, question_key=key, is_offered=False)


@pytest.mark.requirement("N-123", "N-138")
def test_business_case_begins_with_costs_dates_benefits_risks_people_and_route_of_plan(
    alder: Alder, sign_in: SignIn
) -> None:
    commission, client = in_plan(alder), sign_in(alder.priya)
    found_in_plan(alder, commission, client)
    activity = commission.activities.get(activity__key="business_case")
    page = client.get(activity.get_absolute_url()).content.decode()
    assert f"/commissions/{commission.pk}/gates/3/" in page, "the activity leads to the form"
    assert "The provider loses staff" in page, "and shows the risk log"

    client.post(f"/commissions/{commission.pk}/gates/3/begin/", {})
    paper_id = walk.read(commission, 3).paper_id

    risks = answer(paper_id, "risks")
    assert risks.came_from == "Risk log"
    assert [row["cells"] for row in risks.value] == [
        {"risk": "The provider loses staff", "likelihood": "medium", "impact": "high", "action": "Two providers",
         "owner": "Priya Shah"},
        {"risk": "Winter comes early", "likelihood": "low", "impact": "medium", "action": "Two providers",
         "owner": "Priya Shah"},
    ], "the gravest first, and no closed one"  # fmt: skip
    (benefit,) = [row["cells"] for row in answer(paper_id, "benefits").value]
    assert benefit["benefit"] == "People are safe at home"
    assert benefit["known_by"].startswith("Visits on time: from 81")
    assert answer(paper_id, "whole_life_cost").value == {"2026/27": "18000.00"}
    assert answer(paper_id, "resources").value[0]["cells"]["role"] == "Finance"
    assert answer(paper_id, "milestones").came_from == "Timeline"
    assert answer(paper_id, "route_suggested").value == "framework"
    assert "Four firms are on it." in answer(paper_id, "route_reason").value
    for section, words in (
        ("management", ("The provider loses staff", "from Risk log", "Whose time is needed?", "main dates")),
        ("economic", ("People are safe at home", "Success measures")),
        ("financial", ("18,000", "Options appraisal")),
        ("commercial", ("Four firms are on it.", "Route to market")),
        ("strategic", ("Why can things not stay as they are?",)),
    ):
        shown = client.get(f"/papers/{paper_id}/sections/{section}/").content.decode()
        assert [said for said in words if said not in shown] == [], section


@pytest.mark.requirement("N-138")
@pytest.mark.parametrize(("value", "ticked"), [(100_001, ()), (18_000, ("strategic",))])
def test_gate_3_is_expected_and_only_its_approver_waives_it_with_a_reason(
    alder: Alder, sign_in: SignIn, value: int, ticked: tuple[str, ...]
) -> None:
    commission = in_plan(alder, value, ticked)
    address = f"/commissions/{commission.pk}/gates/3/"
    helen, priya = sign_in(alder.by_role[Role.LEADERSHIP_APPROVER]), sign_in(alder.priya)
    expected = "Gate 3, outline business case: expected, not approved"
    assert "Expected" in priya.get(address).content.decode()
    assert expected in steps.refused(commission, "to_secure", alder.priya)

    assert priya.post(f"{address}waive/", {"note": "It was weighed in May."}).status_code == 403
    blank = helen.post(f"{address}waive/", {"note": " "})
    assert (blank.status_code, "Enter" in blank.content.decode()) == (200, True)
    assert expected in steps.refused(commission, "to_secure", alder.priya)
    assert helen.post(f"{address}waive/", {"note": "It was weighed in May."}).status_code == 302

    said = steps.refused(steps.read(commission), "to_secure", alder.priya)
    assert not [words for words in said if words.startswith("Gate 3")]
    assert "It was weighed in May." in priya.get(address).content.decode()


@pytest.mark.requirement("N-138")
def test_gate_3_is_not_expected_of_what_is_small_and_of_low_risk(alder: Alder, sign_in: SignIn) -> None:
    commission = in_plan(alder, 100_000, ())

    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/gates/3/").content.decode()

    assert "Optional" in page
    said = steps.refused(commission, "to_secure", alder.priya)
    assert not [words for words in said if words.startswith("Gate 3")]
