"""Deciding what happens at the end, and opening the commission that follows."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import AuditEvent
from casework.refusals import AlreadyDone, Blocked, Refused, Replayed
from casework.services.cases import open_case
from commissioning.models import Commission
from commissioning.services import commissions, decisions
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import casework as cases
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    made = steps.in_analyse(alder, flags={"is_grant_funded": True})
    return steps.put_in(made, "review")


def decide(commission: Commission, alder: Alder, choice: str = "recommission") -> None:
    decisions.decide_end(commission, choice=choice, reasons="People still need it.", by=alder.priya)


def test_next_commission_takes_over_what_is_known(alder: Alder, commission: Commission) -> None:
    decide(commission, alder)

    made = decisions.recommission(commission, by=alder.priya)

    case, was = made.case_file, commission.case_file
    assert (made.state, made.follows, made.started_at) == ("draft", commission, None)
    assert (case.title, case.service_area, case.value_ex_vat, case.value_inc_vat) == (
        was.title,
        was.service_area,
        was.value_ex_vat,
        was.value_inc_vat,
    )
    assert (made.purpose, made.category, made.governance_route, made.is_grant_funded) == (
        commission.purpose,
        commission.category,
        commission.governance_route,
        True,
    )
    assert set(made.objectives.all()) == set(commission.objectives.all())
    assert made.risk_answers.count() == made.authority_records.count() == 0, "risk and authority are asked anew"
    assert made.case_file.reference != was.reference


def test_this_one_runs_to_its_end(alder: Alder) -> None:
    commission = steps.ready_to_close(alder, "recommission")

    made = decisions.recommission(commission, by=alder.priya)

    assert steps.read(commission).state == "review"
    closed = steps.go(commission, "close", alder.tom)
    assert (closed.state, steps.read(made).state) == ("closed", "draft")


def test_own_predecessor_and_its_contract_are_no_duplicates(alder: Alder, commission: Commission) -> None:
    commissions.edit_facts(commission, version=commission.version, by=alder.priya, title="Home care")
    other = make.registered_commission(alder.priya, service_area=alder.area, title="Home care at night")
    open_case(
        kind="contract",
        prefix="CON",
        organisation=alder.council,
        service_area=alder.area,
        title="Home care",
        holder=alder.sam,
        state="live",
        root=commission.case_file,
    )
    decide(commission, alder)

    made = decisions.recommission(commission, by=alder.priya)

    assert [row.other for row in made.likely_duplicates.all()] == [other.case_file]


@pytest.mark.parametrize("choice", ["", "extend", "decommission", "end"])
def test_another_end_decision_refuses_it(alder: Alder, commission: Commission, choice: str) -> None:
    if choice:
        decide(commission, alder, choice)

    with pytest.raises(Blocked) as refusal:
        decisions.recommission(commission, by=alder.priya)

    assert steps.words_of(refusal.value) == ["End decision “recommission”: not made"]
    assert Commission.objects.count() == 1
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.is_refusal) == ("commission.recommission", True)


def test_next_one_is_opened_once(alder: Alder, commission: Commission) -> None:
    decide(commission, alder)
    first = decisions.recommission(commission, by=alder.priya)

    with pytest.raises(AlreadyDone) as refusal:
        decisions.recommission(commission, by=alder.priya)

    reference = first.case_file.reference
    assert refusal.value.words == f"{reference} follows this commission already. Nothing was changed."
    assert Commission.objects.count() == 2


def test_same_form_twice_opens_one(alder: Alder, commission: Commission) -> None:
    decide(commission, alder)
    act_id = uuid.uuid4()
    decisions.recommission(commission, by=alder.priya, act_id=act_id)

    with pytest.raises(Replayed):
        decisions.recommission(commission, by=alder.priya, act_id=act_id)

    assert Commission.objects.count() == 2


@pytest.mark.parametrize("state", ["draft", "analyse", "plan", "secure", "on_hold", "closed", "stopped"])
def test_end_is_decided_in_review_only(alder: Alder, commission: Commission, state: str) -> None:
    steps.put_in(commission, state)

    with pytest.raises(Refused, match="The end decision is made in Review"):
        decide(commission, alder)

    assert not commission.end_decisions.exists()


def test_deciding_again_keeps_the_earlier_decision(alder: Alder, commission: Commission) -> None:
    decide(commission, alder, "extend")
    decide(commission, alder, "end")

    first, second = commission.end_decisions.order_by("pk")
    assert (first.choice, first.superseded_at is None) == ("extend", False)
    assert (second.choice, second.superseded_at) == ("end", None)
    event = AuditEvent.objects.filter(verb="commission.end").latest("pk")
    assert event.changes == {"end decision": ["Extend", "Let it end"]}


def test_pages_lead_from_one_to_the_other(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    client = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/"
    said = {"choice": "recommission", "reasons": "People still need it."}
    page = client.post(f"{address}end/", said, follow=True)
    assert "End decision made: Recommission. Open the next commission when you are ready." in page.content.decode()
    assert "Open the next commission" in page.content.decode()

    page = client.post(f"{address}recommission/", follow=True)

    made = Commission.objects.get(follows=commission)
    assert page.redirect_chain[-1][0] == f"/commissions/{made.pk}/"
    assert f"{made.case_file.reference} opened in draft." in page.content.decode()
    assert f'Follows <a class="govuk-link" href="{address}">' in page.content.decode()
    page = client.get(address).content.decode()
    assert f'Followed by <a class="govuk-link" href="/commissions/{made.pk}/">' in page
    assert f"{address}recommission/" not in page
    decided = sign_in(alder.tom).get(f"{address}end/").content.decode()
    assert "Decided: Recommission" in decided
    assert "People still need it." in decided
    assert "<textarea" not in decided


def test_neighbour_that_may_not_be_seen_is_not_named(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    decide(commission, alder)
    made = decisions.recommission(commission, by=alder.priya)
    cases.wall(commission.case_file, alder.tom)
    cases.wall(made.case_file, alder.sam)

    assert "Follows" not in sign_in(alder.tom).get(f"/commissions/{made.pk}/").content.decode()
    assert "Followed by" not in sign_in(alder.sam).get(f"/commissions/{commission.pk}/").content.decode()


def test_only_a_commissioner_opens_the_next_one(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    decide(commission, alder)

    assert sign_in(alder.tom).post(f"/commissions/{commission.pk}/recommission/").status_code == 403
    assert Commission.objects.count() == 1
