"""Whose turn it is and what stands: the overview names who can act now, and says what other records say already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from casework import door
from commissioning.services import specifications
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def waiting(client: Client, pk: int) -> dict[str, Any]:
    step = client.get(f"/commissions/{pk}/").context["step"]
    return {blocker.key: blocker for blocker in step["offer"].blockers}


def test_request_that_nobody_began_is_with_the_commissioner(alder: Alder, sign_in: SignIn) -> None:
    planned = steps.in_plan(alder, value=60_000)
    make.decided_delivery(planned, "buy")

    found = waiting(sign_in(alder.priya), planned.pk)["request"]

    assert (found.words, found.waits_for) == ("Procurement request: required, not begun", alder.priya.name)


def test_business_case_says_how_its_gate_stands_and_the_approval_its_conditions(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=640_000, ticked=("strategic",))
    make.planned_as_suggested(commission)
    planned = steps.put_in(commission, "plan")
    make.decided_delivery(planned, "in_house")
    priya, helen = sign_in(alder.priya), alder.by_role[Role.LEADERSHIP_APPROVER]
    assert waiting(priya, planned.pk)["activity:business_case"].words == "Activity “Business case”: not yet started"
    gate = walk.submitted(planned, 3, alder.priya)
    assert "gate 3 submitted" in waiting(priya, planned.pk)["activity:business_case"].words

    said = sign_in(helen).post(
        f"{gate.get_absolute_url()}decide/",
        {
            "decision": "approve_with_conditions",
            "note": "",
            "words_1": "Agree the exit plan",
            "owner_1": alder.priya.pk,
            "due_1_0": "1",
            "due_1_1": "9",
            "due_1_2": "2027",
            "blocks_1": "4",
        },
        follow=True,
    )

    assert "Gate 3 approved with conditions. The author has been told." in said.content.decode()
    words = waiting(priya, planned.pk)["activity:business_case"].words
    assert words == "Activity “Business case”: gate 3 approved with conditions, not marked as completed"
    page = priya.get(f"/commissions/{planned.pk}/").content.decode()
    assert "Gate 3 approved with conditions, not marked as completed" in page


def test_specification_that_is_submitted_is_not_called_drafting(alder: Alder, sign_in: SignIn) -> None:
    planned = steps.put_in(steps.in_analyse(alder), "plan")
    made = specifications.open_specification(planned, by=alder.priya)
    priya, address = sign_in(alder.priya), f"/commissions/{planned.pk}/specification/"
    assert "Drafting" in priya.get(address).content.decode()

    steps.submit(made.paper, alder.priya)
    page = priya.get(address).content.decode()
    assert "Submitted, not sent for sign-off" in page
    assert "Drafting" not in page

    door.carry_out(type(made).objects.get(pk=made.pk), "send_for_sign_off", by=alder.priya)
    assert "In review" in priya.get(address).content.decode()
