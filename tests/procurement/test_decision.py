"""Weighing the answers: the words of a decision, the decision itself, and what it does to the commission's value."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework import door
from casework.models import AuditEvent
from casework.refusals import AlreadyDone, Blocked, NotPermitted, Stale
from commissioning.models import Commission, Specification, ValueEstimate
from organisation import clock
from organisation.roles import Role
from procurement.models import Exercise
from procurement.services import prices
from tests.factories import organisation as people
from tests.factories import procurement as make
from tests.procurement.filling import fields_of, fill, opened, words_of

IN_QUOTATION = (
    "The value is £26,000, so this is now in the Quotation band: CCPS obtains the quotes, and a procurement request "
    "must be accepted first"
)


def blocked(subject: Exercise, verb: str, by: Any) -> list[str]:
    with pytest.raises(Blocked) as refused:
        door.carry_out(subject, verb, by=by)
    return [blocker.words for blocker in refused.value.blockers]


# --- Asking for prices ------------------------------------------------------------------------------------------------


def test_somebody_must_be_asked(where) -> None:
    assert blocked(make.exercise(where), "invite", where.priya) == ["Suppliers to ask: none recorded"]


def test_asking_fixes_the_specification_as_it_is_then(where) -> None:
    commission = make.commission(where)
    exercise = make.exercise(where, commission)
    make.asked(exercise)
    Specification.objects.all().delete()
    make.sign_off(commission, number=2)

    assert door.carry_out(exercise, "invite", by=where.priya).subject.specification_number == 2


def test_value_edited_to_26000_before_anyone_is_asked(where) -> None:
    exercise = make.exercise(where)
    make.asked(exercise)
    edit_value(exercise, where, "26000")

    assert blocked(exercise, "invite", where.priya) == [IN_QUOTATION]


def edit_value(exercise: Exercise, where: Any, amount: str) -> None:
    from commissioning.services.values import record_value

    record_value(
        exercise.commission,
        amount_ex_vat=Decimal(amount),
        amount_inc_vat=Decimal(amount) * Decimal("1.2"),
        reason="The need grew",
        by=where.priya,
    )


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_decision_can_be_written_in_parts(where, client) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)
    url = f"/exercises/{exercise.pk}/decision/"

    fill(client, url, fairness="Everyone we know of was asked.")
    fill(client, url, fairness="Everyone we know of was asked.", social_value="Two apprentices.")

    exercise.refresh_from_db()
    assert (exercise.fairness, exercise.value_for_money, exercise.social_value, exercise.version) == (
        "Everyone we know of was asked.",
        "",
        "Two apprentices.",
        3,
    )
    changes = [event.changes for event in AuditEvent.objects.filter(verb="exercise.write_decision").order_by("id")]
    assert changes == [
        {"Why these suppliers": ["", "Everyone we know of was asked."]},
        {"Social value": ["", "Two apprentices."]},
    ]


def test_saving_without_a_change_leaves_no_trace(where, client) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)

    assert fill(client, f"/exercises/{exercise.pk}/decision/").status_code == 302

    assert not AuditEvent.objects.filter(verb="exercise.write_decision").exists()


def test_two_people_who_write_at_once_are_both_heard(where, client) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)
    url = f"/exercises/{exercise.pk}/decision/"
    sent = opened(client, url) | fields_of(value_for_money="Mine: certificates last three years.")
    prices.write_decision(exercise, version=1, by=where.priya, value_for_money="Theirs: the cheapest over six years.")

    refused = client.post(url, sent)
    kept = client.post(url, refused.context["form"].data)

    assert refused.status_code == 409
    assert "Theirs: the cheapest over six years." in words_of(refused)
    assert "Mine: certificates last three years." in words_of(refused)
    assert kept.status_code == 302
    exercise.refresh_from_db()
    assert exercise.value_for_money == "Mine: certificates last three years."


def test_stale_service_call_changes_nothing(where) -> None:
    exercise = make.open_for_prices(where)
    prices.write_decision(exercise, version=1, by=where.priya, fairness="First")

    with pytest.raises(Stale) as refused:
        prices.write_decision(exercise, version=1, by=where.priya, fairness="Second")

    assert refused.value.theirs == {"Why these suppliers": "First"}
    exercise.refresh_from_db()
    assert exercise.fairness == "First"


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        ({"ends_on": clock.today() - timedelta(days=1)}, "ends_on", "The end date must be on or after the start date"),
        ({"fairness": "x" * 1_000_000}, "fairness", "must be 3000 characters or fewer"),
        ({"chosen": 999_999}, "chosen", "Choose one of the prices that stand"),
        ({"contract_manager": 999_999}, "contract_manager", "Choose a contract manager from the list"),
    ],
)
def test_bad_answers_get_a_message_by_their_field(where, client, bad, field, words) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)
    good = {"starts_on": clock.today(), "social_value": "Two apprentices."}

    reply = fill(client, f"/exercises/{exercise.pk}/decision/", **good | bad)

    assert words in " ".join(reply.context["form"].errors[field])
    assert "Two apprentices." in words_of(reply)
    exercise.refresh_from_db()
    assert exercise.version == 1


def test_contract_manager_of_another_organisation_or_area_cannot_be_chosen(where, client) -> None:
    exercise = make.open_for_prices(where)
    elsewhere = people.person(Role.CONTRACT_MANAGER, area=people.service_area(where.organisation))
    client.force_login(where.priya)
    url = f"/exercises/{exercise.pk}/decision/"

    assert list(client.get(url).context["form"].fields["contract_manager"].queryset) == [where.sam]
    for stranger in (people.person(Role.CONTRACT_MANAGER), elsewhere, where.priya):
        reply = fill(client, url, contract_manager=stranger)
        assert reply.context["form"].errors["contract_manager"] == ["Choose a contract manager from the list"]


def test_price_of_another_exercise_cannot_be_chosen(where, client) -> None:
    exercise = make.open_for_prices(where)
    foreign = make.quote(make.open_for_prices(where))
    declined = make.quote(exercise, declined=True)
    client.force_login(where.priya)

    for quote in (foreign, declined):
        reply = fill(client, f"/exercises/{exercise.pk}/decision/", chosen=quote)
        assert reply.context["form"].errors["chosen"] == ["Choose one of the prices that stand"]


# --- Deciding ---------------------------------------------------------------------------------------------------------


def test_decision_needs_a_price_a_choice_and_three_reasons(where) -> None:
    exercise = make.open_for_prices(where)
    reasons = ["Why these suppliers: not written", "Value for money: not written", "Social value: not written"]

    assert blocked(exercise, "decide", where.priya) == ["Prices: none recorded", *reasons]
    make.quote(exercise)
    assert blocked(exercise, "decide", where.priya) == ["Chosen price: not chosen", *reasons]


def test_only_answers_that_decline_are_no_price(where) -> None:
    exercise = make.open_for_prices(where)
    make.quote(exercise, declined=True)

    assert blocked(exercise, "decide", where.priya)[0] == "Prices: none recorded"


def test_blank_reasons_are_no_reasons(where) -> None:
    exercise = make.ready_to_decide(where)
    make.write(exercise, where, value_for_money=" \n ")

    assert blocked(exercise, "decide", where.priya) == ["Value for money: not written"]


def test_decided_price_becomes_the_commissions_value(where) -> None:
    exercise = make.decided(where, amount="17950")

    commission = Commission.objects.get()
    latest = ValueEstimate.objects.order_by("-id")[0]
    assert (latest.basis, latest.amount_ex_vat, latest.amount_inc_vat) == ("quotes", Decimal(17950), Decimal(21540))
    assert latest.reason == f"{exercise.case_file.reference}: the price of {exercise.chosen.supplier}"
    assert commission.case_file.value_ex_vat == Decimal(17950)
    assert (exercise.state, exercise.case_file.state, exercise.case_file.value_ex_vat) == (
        "decided",
        "decided",
        Decimal(17950),
    )


def test_price_over_a_threshold_moves_the_band_at_once_and_stops_the_award(where) -> None:
    exercise = make.decided(where, amount="26000")
    make.authority(exercise.commission)

    assert Commission.objects.get().band_key == "quotation"
    assert blocked(exercise, "award", where.priya) == [IN_QUOTATION]


def test_decision_is_fixed_until_it_is_opened_again(where, client) -> None:
    exercise = make.decided(where)
    client.force_login(where.priya)

    page = client.get(f"/exercises/{exercise.pk}/decision/")

    assert "This exercise is decided. To change what was decided, open the decision again." in words_of(page)


def test_decision_opened_again_can_be_changed_and_taken_again(where) -> None:
    exercise = make.decided(where)
    with pytest.raises(Blocked, match="Reason: not given"):
        door.carry_out(exercise, "reconsider", by=where.priya)

    again = door.carry_out(exercise, "reconsider", by=where.priya, note="A price was misread.").subject
    cheaper = make.quote(again, "17000")
    make.write(again, where, chosen=cheaper)
    decided = door.carry_out(again, "decide", by=where.priya).subject

    assert (again.state, again.decided_at) == ("evaluating", None)
    assert (decided.state, decided.chosen) == ("decided", cheaper)


def test_specification_signed_off_anew_after_suppliers_were_asked(where) -> None:
    exercise = make.ready_to_decide(where)
    Specification.objects.all().delete()
    make.sign_off(exercise.commission, number=2)

    words = (
        "Suppliers were asked on version 1 of the specification, and version 2 is now the one signed off: abandon this "
        "exercise and ask again"
    )
    assert blocked(exercise, "decide", where.priya) == [words]


def test_nobody_else_decides(where) -> None:
    exercise = make.ready_to_decide(where)

    with pytest.raises(NotPermitted) as refused:
        door.carry_out(exercise, "decide", by=where.tom)

    assert refused.value.words == "You cannot run this exercise. Ask Priya Shah, Commissioning."


def test_second_decision_is_told_who_made_the_first(where) -> None:
    exercise = make.decided(where)

    with pytest.raises(AlreadyDone, match="Already decided: Priya Shah did this on"):
        door.carry_out(exercise, "decide", by=where.priya)


@pytest.mark.parametrize("blank", ["value_for_money", "social_value", "chosen"])
def test_database_refuses_a_decision_without_choice_and_reasons(where, blank) -> None:
    exercise = make.decided(where)
    setattr(exercise, blank, None if blank == "chosen" else "")

    with pytest.raises(IntegrityError), transaction.atomic():
        exercise.save()


def test_deciding_stays_within_its_budget(where, queries_of) -> None:
    make.decided(where)  # the year's first numbers of each kind are given out
    exercise = make.ready_to_decide(where, amount="17950")

    assert len(queries_of(lambda: door.carry_out(exercise, "decide", by=where.priya))) <= 22
