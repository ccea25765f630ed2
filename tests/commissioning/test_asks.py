"""Asking functions: input on a gate's paper, help with an activity, Legal directly; answered, silent, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import WorkItem
from commissioning.models import Commission
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def on(field: str, day: date) -> dict[str, int]:
    return {f"{field}_0": day.day, f"{field}_1": day.month, f"{field}_2": day.year}


def in_days(count: int) -> date:
    return clock.today() + timedelta(days=count)


def answered(item: WorkItem, by: Person, text: str, **inputs: Any) -> None:
    door.carry_out(item, "respond", by=by, answer="agreed", text=text, **inputs)


@pytest.mark.requirement("N-095")
def test_input_is_asked_answered_or_missing_and_never_holds_up_the_submission(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    gate = walk.begun(commission, 1, alder.priya)
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/gates/1/inputs/"
    form = priya.get(address).content.decode()
    ticked = [line for line in form.split("<input") if 'name="functions"' in line and "checked" in line]
    assert [any(f'value="{key}"' in line for line in ticked) for key in ("ccps", "finance", "legal")] == [
        True,
        True,
        False,
    ]

    asked = {"functions": ["ccps", "finance"], "question": "Do the lots fit?", **on("needed_by", in_days(7))}
    done = priya.post(address, asked, follow=True)

    assert "Input asked for from CCPS, Finance." in done.content.decode()
    assert walk.read(commission, 1).state == "input_asked"
    ccps, finance = WorkItem.objects.filter(kind="gate_input").order_by("pk")
    assert (ccps.question, ccps.due_on, ccps.path) == ("Do the lots fit?", in_days(7), gate.get_absolute_url())
    assert ccps.title == finance.title == "Give input on a gate paper: gate 1"
    answered(ccps, alder.by_role[Role.CCPS_OFFICER], "Four lots fit.")
    gate = walk.submitted(commission, 1, alder.priya)
    page = sign_in(alder.tom).get(f"{gate.get_absolute_url()}decide/").content.decode()
    assert ("Four lots fit." in page, "No input yet" in page) == (True, True)
    assert finance.key == f"rule:gate_input_finance:gate:{gate.pk}:1"


@pytest.mark.parametrize(
    ("value", "risks", "legal"), [(640_000, (), True), (150_000, ("strategic",), True), (150_000, (), False)]
)
def test_legal_is_ticked_for_gate_3_where_the_tier_or_the_risk_brings_it_in(
    alder: Alder, sign_in: SignIn, value: int, risks: tuple[str, ...], legal: bool
) -> None:
    commission = steps.put_in(steps.in_analyse(alder, value=value, ticked=risks), "plan")
    walk.begun(commission, 3, alder.priya)

    form = sign_in(alder.priya).get(f"/commissions/{commission.pk}/gates/3/inputs/").context["form"]

    assert ("legal" in form["functions"].value()) is legal


def test_privileged_input_is_not_shown_on_the_gate(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    walk.begun(commission, 1, alder.priya)
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/gates/1/inputs/"
    asked = {"functions": ["legal"], "question": "May we?", **on("needed_by", in_days(9))}

    short = priya.post(address, asked)
    assert "Legal needs at least 14 days" in short.content.decode()
    assert not WorkItem.objects.filter(kind="gate_input").exists()
    warned = priya.post(address, asked | on("needed_by", in_days(15)), follow=True)
    assert "Legal: asked 15 days before it is needed; 21 days is comfortable." in warned.content.decode()
    answered(WorkItem.objects.get(kind="gate_input"), alder.by_role[Role.LEGAL], "We would lose.", privileged=True)

    page = priya.get(f"/commissions/{commission.pk}/gates/1/").content.decode()
    assert ("We would lose." in page, "What it says is privileged" in page) == (False, True)


def asked_ict(alder: Alder, commission: Commission, client: Client) -> WorkItem:
    row = commission.activities.select_related("activity").get(activity__key="make_or_buy")
    given = {"output": "Buy: cheaper.", "flag_digital": "on", "version": row.version}
    assert client.post(f"/activities/{row.pk}/", given, follow=True).status_code == 200
    return WorkItem.objects.get(kind="ict_check")


@pytest.mark.parametrize("how", ["answered", "withdrawn"])
def test_silent_ict_holds_up_secure_until_it_answers_or_is_withdrawn(alder: Alder, sign_in: SignIn, how: str) -> None:
    """Framework 22.3: ICT silent."""
    commission = steps.in_plan(alder, value=60000)
    priya = sign_in(alder.priya)
    item = asked_ict(alder, commission, priya)
    waiting = "ICT: answer awaited since 7 September 2026. Wait for it, or withdraw the request"
    assert waiting in steps.refused(steps.read(commission), "to_secure", alder.priya)
    assert waiting in priya.get(f"/commissions/{commission.pk}/").content.decode()

    if how == "answered":
        answered(item, alder.by_role[Role.OTHER_FUNCTION], "Use the standard screens.")
    else:
        assert steps.refused(item, "close", alder.priya, note="") == ["Reason: not given"]
        door.carry_out(item, "close", by=alder.priya, note="Nothing digital after all.")

    assert waiting not in steps.refused(steps.read(commission), "to_secure", alder.priya)
    row = commission.activities.get(activity__key="make_or_buy")
    page = priya.get(f"/activities/{row.pk}/").content.decode()
    assert ("Use the standard screens." in page) == (how == "answered")
    assert "ICT" in page


def test_early_notice_is_not_the_requesters_to_withdraw(alder: Alder) -> None:
    steps.in_analyse(alder, value=640000)
    item = WorkItem.objects.get(kind="early_notice")

    assert "close" not in [offer.verb for offer in door.offers(item, alder.priya)]


def test_function_of_an_activity_is_asked_and_answers_on_its_page(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    make.planned_as_suggested(commission)
    row = commission.activities.get(activity__key="resource_analysis")
    priya, address = sign_in(alder.priya), f"/activities/{row.pk}/ask/"

    form = priya.get(address).content.decode()
    assert 'value="finance"' in form
    assert 'value="ict"' not in form, "not a function of this activity"
    asked = {"function": "finance", "question": "Is there a budget?", **on("needed_by", in_days(5))}
    assert "Asked: Finance." in priya.post(address, asked, follow=True).content.decode()
    again = asked | {"question": "And next year?"}
    priya.post(address, again, follow=True)

    first, second = WorkItem.objects.filter(kind="activity_request").order_by("pk")
    assert (first.question, second.question) == ("Is there a budget?", "And next year?")
    answered(first, alder.by_role[Role.FINANCE], "Yes, £18,000.")
    page = priya.get(f"/activities/{row.pk}/").content.decode()
    assert "Yes, £18,000." in page
    assert sign_in(alder.by_role[Role.FINANCE]).get(address).status_code == 403


@pytest.mark.requirement("P-007")
@pytest.mark.parametrize(
    ("stage", "key"),
    [
        ("analyse", "resource_analysis"),
        ("plan", "make_or_buy"),
        ("secure", "change_management"),
        ("review", "contract_management"),
    ],
)
def test_ccps_gives_procurement_advice_in_every_stage(alder: Alder, sign_in: SignIn, stage: str, key: str) -> None:
    commission = steps.in_analyse(alder, value=640000)
    make.planned_as_suggested(commission)
    steps.put_in(commission, stage)
    row = commission.activities.get(activity__key=key)
    asked = {"function": "ccps", "question": "May we call off a framework?", **on("needed_by", in_days(5))}

    sign_in(alder.priya).post(f"/activities/{row.pk}/ask/", asked)

    lewis = alder.by_role[Role.CCPS_OFFICER]
    item = WorkItem.objects.get(kind="activity_request")
    assert f'href="/work/{item.pk}/' in sign_in(lewis).get("/queues/ccps/?kind=activity_request").content.decode()
    answered(item, lewis, "Yes, two of them.")
    assert "Yes, two of them." in sign_in(alder.priya).get(f"/activities/{row.pk}/").content.decode()


@pytest.mark.parametrize(("who", "copied"), [(Role.COMMISSIONER, True), (Role.CCPS_OFFICER, False)])
def test_legal_is_asked_directly_and_ccps_sees_a_copy(alder: Alder, sign_in: SignIn, who: Role, copied: bool) -> None:
    commission = steps.in_analyse(alder)
    client, address = sign_in(alder.by_role[who]), f"/commissions/{commission.pk}/legal/"
    asked = {"question": "May we vary the terms?", **on("needed_by", in_days(13))}

    refused = client.post(address, asked)
    assert (refused.status_code, WorkItem.objects.filter(kind="legal_query").count()) == (409, 0)
    assert "Choose a later date, or say why it is urgent" in refused.content.decode()
    client.post(address, asked | {"urgent_reason": "The supplier leaves."})

    assert WorkItem.objects.get(kind="legal_query").urgent_reason == "The supplier leaves."
    assert WorkItem.objects.filter(kind="information", queue__key="ccps").exists() == copied
