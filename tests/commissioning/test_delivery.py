"""How the need will be met: decided in Plan, kept when decided again, "no change" confirmed by somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import AuditEvent, CaseFile
from casework.refusals import AlreadyDone, NotPermitted, Refused
from commissioning.models import Commission, DeliveryDecision, DeliveryModel
from commissioning.services import decisions
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    return steps.put_in(steps.in_analyse(alder), "plan")


def decide(alder: Alder, commission: Commission, key: str, by: Person | None = None) -> DeliveryDecision:
    model = DeliveryModel.objects.get(framework=alder.council.framework, key=key)
    return decisions.decide_delivery(commission, model=model, reasons="It costs least.", by=by or alder.priya)


def test_deciding_again_keeps_the_earlier_decision(alder: Alder, commission: Commission) -> None:
    first = decide(alder, commission, "buy")
    second = decide(alder, commission, "in_house")

    first.refresh_from_db()
    assert (first.superseded_at is None, second.superseded_at is None) == (False, True)
    event = AuditEvent.objects.filter(verb="commission.delivery").latest("pk")
    assert (event.changes, event.reason) == ({"delivery": ["Buy", "In-house"]}, "It costs least.")


@pytest.mark.parametrize("state", ["draft", "analyse", "secure", "review", "on_hold", "closed", "stopped"])
def test_decision_is_made_in_plan_only(alder: Alder, commission: Commission, state: str) -> None:
    Commission.objects.filter(pk=commission.pk).update(state=state)

    with pytest.raises(Refused, match="The delivery decision is made in Plan"):
        decide(alder, commission, "buy")

    assert not commission.delivery_decisions.exists()
    assert AuditEvent.objects.filter(verb="commission.delivery", is_refusal=True).count() == 1


def test_service_leader_confirms_no_change(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    made = decide(alder, commission, "no_change")
    address = f"/commissions/{commission.pk}/delivery/"
    assert "Confirm this decision" not in sign_in(alder.priya).get(address).content.decode()
    client = sign_in(alder.tom)
    assert "Confirm this decision" in client.get(address).content.decode()

    page = client.post(f"{address}confirm/", follow=True)

    assert "Decision confirmed." in page.content.decode()
    made.refresh_from_db()
    assert (made.confirmed_by, made.confirmed_at is not None) == (alder.tom, True)
    assert "Confirmed by Tom Hesketh" in client.get(address).content.decode()


def test_nobody_confirms_their_own_decision(alder: Alder, commission: Commission) -> None:
    people.membership(alder.tom, Role.COMMISSIONER, area=alder.area)
    made = decide(alder, commission, "no_change", by=alder.tom)

    with pytest.raises(Refused) as refusal:
        decisions.confirm_delivery(made, by=alder.tom)

    assert refusal.value.words == "You made this decision, so somebody else has to confirm it."
    made.refresh_from_db()
    assert made.confirmed_by is None
    assert AuditEvent.objects.latest("pk").reason == refusal.value.words


def test_who_does_not_lead_the_service_cannot_confirm(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    made = decide(alder, commission, "no_change")

    with pytest.raises(NotPermitted) as refusal:
        decisions.confirm_delivery(made, by=alder.sam)

    assert refusal.value.words == "You cannot confirm the delivery decision. Ask Tom Hesketh, Adult Services."
    page = sign_in(alder.priya).post(f"/commissions/{commission.pk}/delivery/confirm/")
    assert page.status_code == 403
    made.refresh_from_db()
    assert made.confirmed_by is None


def test_decision_is_confirmed_once(alder: Alder, commission: Commission) -> None:
    made = decide(alder, commission, "no_change")
    decisions.confirm_delivery(made, by=alder.tom)
    leader = people.person(Role.SERVICE_LEADER, area=alder.area)

    with pytest.raises(AlreadyDone, match="confirmed or replaced before"):
        decisions.confirm_delivery(made, by=leader)

    made.refresh_from_db()
    assert made.confirmed_by == alder.tom


def test_replaced_decision_cannot_be_confirmed(alder: Alder, commission: Commission) -> None:
    first = decide(alder, commission, "no_change")
    decide(alder, commission, "no_change")

    with pytest.raises(AlreadyDone, match="confirmed or replaced before"):
        decisions.confirm_delivery(first, by=alder.tom)


def test_only_no_change_waits_for_a_confirmation(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    made = decide(alder, commission, "buy")

    page = sign_in(alder.tom).post(f"/commissions/{commission.pk}/delivery/confirm/")

    assert page.status_code == 409
    assert "Only a decision of “no change” waits for the service leader" in page.content.decode()
    made.refresh_from_db()
    assert made.confirmed_by is None


def test_confirming_nothing_is_not_found(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    assert sign_in(alder.tom).post(f"/commissions/{commission.pk}/delivery/confirm/").status_code == 404


def test_way_of_delivering_of_another_framework_cannot_be_chosen(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    foreign = DeliveryModel.objects.create(framework=people.framework(), key="foreign", name="Foreign")

    page = sign_in(alder.priya).post(
        f"/commissions/{commission.pk}/delivery/", {"model": foreign.pk, "reasons": "An hour of typing."}
    )

    assert page.context["form"].errors == {"model": ["Choose from the list"]}
    assert "An hour of typing." in page.content.decode()
    assert not commission.delivery_decisions.exists()


def test_reasons_typed_after_the_stage_moved_on_are_not_lost(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    model = DeliveryModel.objects.get(framework=alder.council.framework, key="buy")
    Commission.objects.filter(pk=commission.pk).update(state="secure")

    page = sign_in(alder.priya).post(
        f"/commissions/{commission.pk}/delivery/", {"model": model.pk, "reasons": "An hour of typing."}
    )

    assert page.status_code == 409
    assert "Return the commission to Plan to decide again." in page.content.decode()
    assert "An hour of typing." in page.content.decode()


def steps_of_buying(commission: Commission) -> set[str]:
    """The steps of buying that the plan still asks for."""
    rows = commission.activities.filter(activity__kind="procurement", activity__stage__in=["plan", "secure"])
    return set(rows.filter(state__in=["relevant", "in_progress"]).values_list("activity__key", flat=True))


@pytest.mark.requirement("N-097")
@pytest.mark.parametrize("key", ["in_house", "vcse_partner", "joint", "no_change"])
def test_anything_but_buying_removes_the_request_and_the_steps_of_the_tender(
    alder: Alder, sign_in: SignIn, key: str
) -> None:
    commission = make.planned_as_suggested(steps.in_analyse(alder, value=640000, ticked=("strategic",)))
    steps.put_in(commission, "plan")
    CaseFile.objects.filter(pk=commission.case_file_id).update(state="plan")
    priya, page = sign_in(alder.priya), f"/commissions/{commission.pk}/"
    request = f"{page}requests/new/"
    assert request in priya.get(page).content.decode()
    assert {"tendering", "contract_award", "route_to_market"} <= steps_of_buying(commission)
    form = priya.get(f"{page}delivery/").content.decode()
    for way in (
        "In-house",
        "Buy",
        "Partner with a voluntary or community organisation",
        "Deliver jointly",
        "No change",
    ):
        assert way in form

    model = DeliveryModel.objects.get(framework=alder.council.framework, key=key)
    sent = {"model": model.pk, "reasons": "The team has room for it."}
    assert priya.post(f"{page}delivery/", sent).status_code == 302

    assert steps_of_buying(commission) == set()
    shown = priya.get(page).content.decode()
    assert request not in shown
    assert "Open an exercise" not in shown
    refused = priya.post(request, {})
    assert refused.status_code == 409
    assert f"Delivery decision: {model.name}, so nothing is bought" in refused.content.decode()
    tasks = priya.get(f"{page}tasks/").content.decode()
    assert f"Nothing is bought: {model.name}" in priya.get(f"{page}plan/").content.decode() + tasks
    blocked = steps.refused(steps.read(commission), "to_secure", alder.priya)
    assert not [words for words in blocked if "request" in words or words.startswith("Tendering")]

    decide(alder, commission, "buy")
    assert {"tendering", "contract_award", "route_to_market"} <= steps_of_buying(commission), (
        "deciding to buy puts back"
    )
    assert request in priya.get(page).content.decode()


@pytest.mark.requirement("N-097")
def test_no_change_closes_the_commission_from_plan_with_its_reasons(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya, tom, page = sign_in(alder.priya), sign_in(alder.tom), f"/commissions/{commission.pk}/"
    model = DeliveryModel.objects.get(framework=alder.council.framework, key="no_change")
    silent = priya.post(f"{page}delivery/", {"model": model.pk, "reasons": ""}).content.decode()
    assert "Enter" in silent
    priya.post(f"{page}delivery/", {"model": model.pk, "reasons": "What runs today is enough."})
    early = priya.post(f"{page}do/close_no_change/")
    assert (early.status_code, "not confirmed by the service leader" in early.content.decode()) == (409, True)
    assert tom.post(f"{page}delivery/confirm/").status_code == 302

    assert priya.post(f"{page}do/close_no_change/").status_code == 302

    assert steps.read(commission).state == "closed"
    assert "What runs today is enough." in priya.get(f"{page}delivery/").content.decode()
    assert "What runs today is enough." in priya.get(f"{page}history/").content.decode()
