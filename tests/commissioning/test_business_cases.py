"""The leadership panel has every case that waits before it: in a list, side by side, in an order with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casework.models import AuditEvent
from commissioning.models import Commission, GateRound, Ranking
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


@pytest.fixture
def helen(alder: Alder) -> Person:
    return alder.by_role[Role.LEADERSHIP_APPROVER]


def case(alder: Alder, title: str, value: int, **said: str) -> tuple[Commission, GateRound]:
    commission = steps.in_analyse(alder, value=value, ticked=("strategic",), title=title)
    planned = steps.put_in(commission, "plan", priority=Commission.Priority.HIGH)
    make.decided_delivery(planned, "in_house")
    gate = walk.submitted(planned, 3, alder.priya, **said)
    return planned, gate.rounds.get()


@pytest.mark.requirement("N-141")
def test_panel_lists_compares_orders_and_defers(alder: Alder, helen: Person, sign_in: SignIn) -> None:
    isla = people.person(Role.LEADERSHIP_APPROVER, at=alder.council, name="Isla Reid")
    home, first = case(alder, "Home care in the north", 640000, preferred_why="It reaches every village.")
    boats, second = case(alder, "Ferry for the islands", 250000)
    walk.decided(walk.read(home, 3), "approve", isla)
    page = sign_in(helen)

    shown = page.get("/business-cases/").content.decode()
    for words in ("Home care in the north", "£640,000", "High", "Helen Moss: no view yet", "Isla Reid: approved"):
        assert words in shown
    assert f"/commissions/{boats.pk}/gates/3/decide/?decision=defer" in shown

    beside = page.get("/business-cases/compare/", {"case": [first.pk, second.pk]}).content.decode()
    assert "It reaches every village." in beside
    assert "£250,000" in beside
    assert "Tick two to four" in page.get("/business-cases/compare/", {"case": first.pk}).content.decode()

    address = f"/business-cases/order/{alder.council.pk}/"
    twice = page.post(address, {f"place_{first.pk}": 1, f"place_{second.pk}": 1, "reason": "x"}).content.decode()
    assert "is given to" in twice
    page.post(address, {f"place_{first.pk}": 2, f"place_{second.pk}": 1, "reason": "The ferry stops in March."})
    shown = page.get("/business-cases/").content.decode()
    assert shown.index("Ferry for the islands") < shown.index("Home care in the north")
    assert "The ferry stops in March." in shown
    event = AuditEvent.objects.get(verb="gate.ranked", root_case_id=boats.case_file_id)
    assert event.changes == {"place": "1", "of": "2"}

    form = page.get(f"/commissions/{home.pk}/gates/3/decide/?decision=defer").content.decode()
    assert 'value="defer"' in form.replace("\n", " ")
    page.post(
        f"/commissions/{home.pk}/gates/3/decide/",
        {
            "decision": "defer",
            "note": "After the budget.",
            "review_on_0": "1",
            "review_on_1": "12",
            "review_on_2": "2026",
        },
    )
    shown = page.get("/business-cases/").content.decode()
    assert "Looked at again on 1 December 2026" in shown


def test_only_leadership_orders_and_nobody_sees_more_than_they_may(
    alder: Alder, helen: Person, sign_in: SignIn
) -> None:
    _, made = case(alder, "Home care in the north", 640000)
    address = f"/business-cases/order/{alder.council.pk}/"

    refused = sign_in(alder.priya).get(address)
    assert (refused.status_code, "Ask Helen Moss" in refused.content.decode()) == (403, True)
    assert "in order</a>" not in sign_in(alder.priya).get("/business-cases/").content.decode()
    olive = sign_in(alder.olive)
    assert olive.get(address).status_code == 404
    assert "Home care" not in olive.get("/business-cases/").content.decode()
    compared = olive.get("/business-cases/compare/", {"case": [made.pk, made.pk]})
    assert "Home care" not in compared.content.decode()
    blank = sign_in(helen).post(address, {f"place_{made.pk}": 1, "reason": " "})
    assert "Enter the reason" in blank.content.decode()
    assert not Ranking.objects.exists()


def test_list_costs_the_same_with_one_case_and_with_six(
    alder: Alder, helen: Person, sign_in: SignIn, queries_of: Any
) -> None:
    page = sign_in(helen)
    case(alder, "First", 300000)
    page.get("/business-cases/")
    with_one = len(queries_of(lambda: page.get("/business-cases/")))
    for title in ("Bridge repairs", "School meals", "Fire alarms", "Tree planting", "Swimming lessons"):
        case(alder, title, 300000)

    assert len(queries_of(lambda: page.get("/business-cases/"))) == with_one
    assert with_one <= 8
