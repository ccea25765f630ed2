"""Opening an exercise: only where the rules leave the purchase to the service."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from casework.models import AuditEvent
from casework.refusals import Blocked, NotPermitted, Replayed
from commissioning.models import DeliveryDecision, Specification
from organisation.roles import Role
from procurement.models import Exercise
from procurement.services import exercises
from tests.factories import organisation as people
from tests.factories import procurement as make
from tests.procurement.filling import fields_of, fill, opened, words_of

IN_QUOTATION = (
    "The value is £26,000, so this is now in the Quotation band: CCPS obtains the quotes, and a procurement request "
    "must be accepted first"
)

IN_SOURCING = (
    "The value is £100,000.01, so this is now in the Sourcing band: CCPS, working with you on a sourcing strategy, "
    "and a procurement request must be accepted first"
)
AT_HIGH_RISK = (
    "This is high risk (Statutory service or sensitive data), so the purchase goes to CCPS, which chooses between "
    "quotes and a full tender, and a procurement request must be accepted first"
)


def blockers_when_opened(where, commission) -> list[str]:
    with pytest.raises(Blocked) as refused:
        exercises.open_exercise(commission, route=make.route(where), by=where.priya)
    assert Exercise.objects.count() == 0
    return [blocker.words for blocker in refused.value.blockers]


def test_exercise_is_opened_with_what_the_commission_says(where) -> None:
    commission = make.commission(where, title="Moving and handling training")

    exercise = exercises.open_exercise(commission, route=make.route(where), by=where.priya)

    case = exercise.case_file
    assert (exercise.state, exercise.run_by, exercise.specification_number) == ("planned", "service", 1)
    assert (case.kind, case.title, case.root, case.holder) == (
        "exercise",
        "Moving and handling training",
        commission.case_file,
        where.priya,
    )
    assert case.reference.startswith("EXE-")
    assert (case.service_area, case.value_ex_vat) == (where.area, Decimal(18000))
    assert case.path == f"/exercises/{exercise.pk}/"
    event = AuditEvent.objects.get(verb="exercise.open")
    assert (event.actor_id, event.case_id, event.to_state) == (where.priya.pk, case.pk, "planned")
    assert event.changes == {"route": "Purchase by the service area", "document": "Specification, version 1"}


@pytest.mark.parametrize("amount", ["0", "18000", "24999.99"])
def test_service_buys_below_the_quotation_threshold(where, amount) -> None:
    commission = make.commission(where, amount=amount)

    assert exercises.open_exercise(commission, route=make.route(where), by=where.priya).state == "planned"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("26000", IN_QUOTATION),
        ("25000", IN_QUOTATION.replace("26,000", "25,000")),
        ("100000.01", IN_SOURCING),
    ],
)
def test_from_the_quotation_threshold_up_it_is_refused_in_words(where, amount, words) -> None:
    assert blockers_when_opened(where, make.commission(where, amount=amount)) == [words]


def test_at_high_risk_it_is_refused_whatever_the_value(where) -> None:
    commission = make.commission(where)
    make.high_risk(commission)

    assert blockers_when_opened(where, commission) == [AT_HIGH_RISK]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("plan", "The commission is in Plan: buying belongs to Secure Services"),
        ("review", "The commission is in Review: buying belongs to Secure Services"),
        ("stopped", "The commission is stopped: buying belongs to Secure Services"),
        ("on_hold", "The commission is on hold: buying belongs to Secure Services"),
    ],
)
def test_only_in_secure_services(where, state, words) -> None:
    assert blockers_when_opened(where, make.commission(where, state=state)) == [words]


@pytest.mark.parametrize("specification", [None, "drafting", "in_review"])
def test_only_on_a_signed_off_specification(where, specification) -> None:
    commission = make.commission(where, specification=specification)

    assert blockers_when_opened(where, commission) == ["Specification: not signed off"]


def test_only_after_a_decision_to_buy(where) -> None:
    commission = make.commission(where, buys=False)

    assert blockers_when_opened(where, commission) == ["Delivery decision: it does not lead to a purchase"]


def test_everything_that_is_missing_is_said_at_once(where) -> None:
    commission = make.commission(where, state="plan", amount="26000", specification=None)
    DeliveryDecision.objects.all().delete()

    assert len(blockers_when_opened(where, commission)) == 4


def test_one_live_exercise_at_a_time(where) -> None:
    commission = make.commission(where)
    first = make.exercise(where, commission)

    with pytest.raises(Blocked) as refused:
        make.exercise(where, commission)

    assert [blocker.words for blocker in refused.value.blockers] == [
        f"{first.case_file.reference} is already under way: go on with it, or abandon it first"
    ]


def test_database_refuses_a_second_live_exercise(where) -> None:
    first = make.exercise(where)
    copy = Exercise.objects.get(pk=first.pk)
    copy.pk, copy._state.adding = None, True
    copy.case_file = make.commission(where).case_file

    with pytest.raises(IntegrityError, match=r"one_live_exercise_per_commission|commission_id"), transaction.atomic():
        copy.save()


def test_after_one_is_abandoned_another_can_be_opened(where) -> None:
    commission = make.commission(where)
    first = make.exercise(where, commission)
    from casework import door

    door.carry_out(first, "abandon", by=where.priya, note="Nobody answered.")

    second = make.exercise(where, commission)
    assert second.case_file.reference != first.case_file.reference


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_only_a_commissioner_opens_one(where, role) -> None:
    commission = make.commission(where)
    other = people.person(role, at=where.organisation)

    with pytest.raises(NotPermitted) as refused:
        exercises.open_exercise(commission, route=make.route(where), by=other)

    assert refused.value.words == ("You cannot open an exercise for this commission. Ask Priya Shah, Commissioning.")
    assert AuditEvent.objects.get(verb="exercise.open").is_refusal


def test_same_form_twice_opens_one(where) -> None:
    commission, act = make.commission(where), uuid.uuid4()
    make.exercise(where, commission, act_id=act)

    with pytest.raises(Replayed):
        make.exercise(where, commission, act_id=act)

    assert Exercise.objects.count() == 1


# --- The page ---------------------------------------------------------------------------------------------------------


def test_page_opens_an_exercise(where, client) -> None:
    commission = make.commission(where)
    client.force_login(where.priya)
    url = f"/commissions/{commission.pk}/exercises/new/"
    sent = opened(client, url) | fields_of(title="Training for 120 staff", route=make.route(where))

    first, again = client.post(url, sent), client.post(url, sent)

    exercise = Exercise.objects.get()
    assert (first.status_code, first["Location"]) == (302, f"/exercises/{exercise.pk}/")
    assert (again.status_code, again["Location"]) == (302, f"/commissions/{commission.pk}/")
    assert exercise.case_file.title == "Training for 120 staff"


def test_page_says_what_stands_in_the_way_and_shows_no_form(where, client) -> None:
    commission = make.commission(where, amount="26000")
    client.force_login(where.priya)

    page = client.get(f"/commissions/{commission.pk}/exercises/new/")

    assert IN_QUOTATION in words_of(page)
    assert "Open this exercise" not in words_of(page)


def test_forged_post_is_refused_with_the_same_words(where, client) -> None:
    commission = make.commission(where, amount="26000")
    client.force_login(where.priya)

    reply = fill(client, f"/commissions/{commission.pk}/exercises/new/", title="Training", route=make.route(where))

    assert reply.status_code == 409
    assert IN_QUOTATION in words_of(reply)
    assert Exercise.objects.count() == 0


def test_unusual_and_foreign_routes_cannot_be_chosen(where, client) -> None:
    from procurement.models import RouteToMarket

    commission = make.commission(where)
    other = make.place()
    client.force_login(where.priya)
    url = f"/commissions/{commission.pk}/exercises/new/"
    unusual = RouteToMarket.objects.get(framework=where.organisation.framework, key="direct_award")

    for route in (unusual, make.route(other)):
        reply = fill(client, url, title="Training", route=route)
        assert reply.context["form"].errors["route"] == ["Choose a route from the list"]
    assert Exercise.objects.count() == 0


def test_commission_of_another_organisation_is_not_there(where, client) -> None:
    commission = make.commission(where)
    client.force_login(people.person(Role.COMMISSIONER))

    for method in (client.get, client.post):
        assert method(f"/commissions/{commission.pk}/exercises/new/").status_code == 404


def test_colleague_who_may_not_is_told_whom_to_ask(where, client) -> None:
    commission = make.commission(where)
    client.force_login(where.tom)

    reply = client.get(f"/commissions/{commission.pk}/exercises/new/")

    assert reply.status_code == 403
    assert "Ask Priya Shah, Commissioning." in words_of(reply)


def test_specification_versions_are_counted(where) -> None:
    commission = make.commission(where, specification=None)
    make.sign_off(commission, number=1, state="superseded")
    make.sign_off(commission, number=2)

    assert make.exercise(where, commission).specification_number == 2
    assert Specification.objects.count() == 2
