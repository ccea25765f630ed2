"""A level at which nothing is bought goes through all four stages, and shows neither request nor tender in any."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import CaseFile
from commissioning.models import Commission, Level
from contracts.models import MobilisationTask
from contracts.services import mobilisation
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]
PAGES = ("", "tasks/", "documents/", "timeline/", "delivery/", "plan/")


def level(key: str) -> Level:
    return Level.objects.get(key=key)


def words_of(commission: Commission, client: Client) -> str:
    """Every page of the commission that speaks of what is done next."""
    found = []
    for page in PAGES:
        answer = client.get(f"/commissions/{commission.pk}/{page}")
        assert answer.status_code == 200, page
        found.append(answer.content.decode())
    return "\n".join(found)


def buying_in(commission: Commission, client: Client) -> set[str]:
    """The ways to buy that the pages offer."""
    words = words_of(commission, client)
    offered = {
        "request": f"/commissions/{commission.pk}/requests/new/",
        "tender": f"/commissions/{commission.pk}/exercises/new/",
        "the request’s paper": "Procurement request (gate 2)",
        "the contract": '<th scope="row">Contract</th>',
        "the tender’s step": "Suppliers are asked",
        "buying": ">Buying</h2>",
        "the tender’s activity": "Tendering / procurement process",
    }
    return {name for name, sign in offered.items() if sign in words}


def go(commission: Commission, verb: str, client: Client) -> Commission:
    answer = client.post(f"/commissions/{commission.pk}/do/{verb}/", {"note": ""})
    assert answer.status_code == 302, answer.content.decode()
    return steps.read(commission)


@pytest.mark.requirement("N-014")
def test_level_without_purchase_is_chosen_and_walked_to_the_end_with_no_request_nor_tender(
    alder: Alder, sign_in: SignIn
) -> None:
    client = sign_in(alder.priya)
    form = client.get("/commissions/new/").content.decode()
    for one in Level.objects.filter(framework=alder.council.framework):
        assert one.name in form
    commission = steps.in_analyse(alder, further={"level": level("partnerships")})
    assert buying_in(commission, client) == set(), "in the plan that is laid out"
    commission = steps.ready_for_plan(alder, further={"level": level("partnerships")})
    assert "Partnerships" in client.get(commission.get_absolute_url()).content.decode()
    assert buying_in(commission, client) == set()

    commission = go(commission, "to_plan", client)
    assert buying_in(commission, client) == set()
    make.decided_delivery(commission, "in_house")
    make.done_activities(commission, "plan")
    commission = go(commission, "to_secure", client)
    assert buying_in(commission, client) == set()
    for address in ("requests/new/", "exercises/new/"):
        client.post(f"/commissions/{commission.pk}/{address}", {"title": "A tender", "route": "quotes"})
    make.done_activities(commission, "secure")
    for task in MobilisationTask.objects.filter(case_file=commission.case_file):
        mobilisation.finish_task(task, by=alder.sam, output="Done")
    commission = go(commission, "to_review", sign_in(alder.sam))

    assert commission.state == "review"
    assert buying_in(commission, client) == set()
    assert not CaseFile.objects.filter(kind__in=["request", "exercise"]).exists()


@pytest.mark.requirement("N-014")
def test_level_that_buys_shows_the_request_in_plan_and_the_tender_in_secure(alder: Alder, sign_in: SignIn) -> None:
    client = sign_in(alder.priya)
    commission = steps.in_plan(alder, further={"level": level("commissioned_services")})
    make.decided_delivery(commission)
    assert {"request", "the request’s paper", "the contract", "the tender’s activity"} <= buying_in(commission, client)

    make.done_activities(commission, "plan")
    steps.signed_off(commission, alder)
    commission = go(commission, "to_secure", client)

    assert {"tender", "buying"} <= buying_in(commission, client)
