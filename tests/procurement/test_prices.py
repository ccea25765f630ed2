"""Who was asked and what they answered."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from casework import door
from casework.models import AuditEvent
from casework.refusals import AlreadyDone, NotPermitted, Refused, Replayed
from organisation import clock
from organisation.models import Supplier
from procurement.models import Exercise, Quote, SupplierAsked
from procurement.services import prices
from tests.factories import organisation as people
from tests.factories import procurement as make
from tests.procurement.filling import fields_of, fill, opened, said, words_of

MILLION = "x" * 1_000_000


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_supplier_is_listed_once(where) -> None:
    exercise = make.exercise(where)
    supplier = people.supplier(where.organisation, name="Ridgeway Training Ltd")

    make.asked(exercise, supplier)
    with pytest.raises(AlreadyDone) as refused:
        make.asked(exercise, supplier)

    assert refused.value.words.startswith("Ridgeway Training Ltd is already among the suppliers asked.")
    assert SupplierAsked.objects.count() == 1
    event = AuditEvent.objects.get(verb="exercise.ask_supplier", is_refusal=False)
    assert event.changes["supplier"] == "Ridgeway Training Ltd"


def test_supplier_of_another_organisation_cannot_be_asked(where) -> None:
    exercise = make.exercise(where)

    with pytest.raises(Refused, match="another organisation"):
        make.asked(exercise, people.supplier(make.place().organisation))

    assert SupplierAsked.objects.count() == 0


def test_nobody_else_lists_suppliers(where) -> None:
    exercise = make.exercise(where)

    with pytest.raises(NotPermitted):
        make.asked(exercise, by=where.tom)

    assert SupplierAsked.objects.count() == 0
    assert AuditEvent.objects.filter(verb="exercise.ask_supplier", is_refusal=True).count() == 1


def test_nobody_is_asked_after_the_decision(where) -> None:
    exercise = make.decided(where)

    with pytest.raises(Refused, match=r"This exercise is decided\. Suppliers are asked before the decision\."):
        make.asked(exercise)


def test_new_supplier_that_somebody_recorded_meanwhile_is_not_doubled(where) -> None:
    exercise = make.exercise(where)
    known = people.supplier(where.organisation, name="Ridgeway Training Limited", company_number="123")

    made = prices.ask_new_supplier(
        exercise,
        details={"name": "RIDGEWAY Training Ltd.", "company_number": "123"},
        asked_on=clock.today(),
        how="email",
        by=where.priya,
    )

    assert made.supplier == known
    assert Supplier.objects.count() == 1


def ask_url(exercise: Exercise, looked_for: str = "") -> str:
    return f"/exercises/{exercise.pk}/suppliers/add/" + (f"?q={looked_for}" if looked_for else "")


@pytest.mark.parametrize("looked_for", ["ridgeway", "Ridgeway%20%26%20sons", "RIDGEWAY%20and%20Sons%20ltd"])
def test_supplier_is_found_by_any_spelling_of_its_name(where, client, looked_for) -> None:
    exercise = make.exercise(where)
    known = people.supplier(where.organisation, name="Ridgeway & Sons Limited")
    people.supplier(where.organisation, name="Vale Care")
    people.supplier(make.place().organisation, name="Ridgeway & Sons Ltd")
    client.force_login(where.priya)

    page = client.get(ask_url(exercise, looked_for))

    assert [key for key, _ in page.context["form"].fields["supplier"].choices] == [str(known.pk), "new"]


def test_supplier_already_asked_is_not_offered_again(where, client) -> None:
    exercise = make.exercise(where)
    make.asked(exercise, people.supplier(where.organisation, name="Ridgeway"))
    client.force_login(where.priya)

    assert [key for key, _ in client.get(ask_url(exercise, "ridge")).context["form"].fields["supplier"].choices] == [
        "new"
    ]


def test_page_adds_a_supplier_found_by_name(where, client) -> None:
    exercise = make.exercise(where)
    known = people.supplier(where.organisation, name="Ridgeway")
    client.force_login(where.priya)

    reply = fill(client, ask_url(exercise, "ridge"), supplier=known, how="phone", asked_on=clock.today())

    assert reply.status_code == 302
    asked = exercise.asked.get()
    assert (asked.supplier, asked.how, asked.recorded_by) == (known, "phone", where.priya)


def test_page_records_a_new_supplier_on_the_way(where, client) -> None:
    exercise = make.exercise(where)
    client.force_login(where.priya)

    reply = fill(
        client,
        ask_url(exercise, "ridgeway"),
        supplier="new",
        name="Ridgeway Training Ltd",
        company_number="01234567",
        postcode="AL1 1AA",
        is_vcse="on",
        how="email",
        asked_on=clock.today(),
    )

    assert reply.status_code == 302
    supplier = exercise.asked.get().supplier
    assert (supplier.organisation, supplier.name, supplier.company_number) == (
        where.organisation,
        "Ridgeway Training Ltd",
        "01234567",
    )
    assert (supplier.is_vcse, supplier.is_sme, supplier.match_name) == (True, False, "ridgeway training limited")
    assert AuditEvent.objects.filter(verb="supplier.add").count() == 1


def test_forged_supplier_of_another_organisation_is_an_error_by_its_field(where, client) -> None:
    exercise = make.exercise(where)
    foreign = people.supplier(make.place().organisation, name="Ridgeway")
    client.force_login(where.priya)

    reply = fill(client, ask_url(exercise, "ridge"), supplier=foreign, how="email", asked_on=clock.today())

    assert "supplier" in reply.context["form"].errors
    assert SupplierAsked.objects.count() == 0


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        ({"name": ""}, "name", "Enter the name of the supplier"),
        ({"name": MILLION}, "name", "must be 200 characters or fewer"),
        ({"company_number": "1" * 21}, "company_number", "Company number must be 20 characters or fewer"),
        ({"how": ""}, "how", "Choose how it is asked"),
        ({"asked_on": None}, "asked_on", "Enter the date it was asked"),
        ({"asked_on": clock.today() + timedelta(days=400)}, "asked_on", "must be on or before"),
    ],
)
def test_bad_answers_get_a_message_by_their_field(where, client, bad, field, words) -> None:
    exercise = make.exercise(where)
    client.force_login(where.priya)
    good = {"supplier": "new", "name": "Ridgeway", "how": "email", "asked_on": clock.today(), "postcode": "AL1 1AA"}

    reply = fill(client, ask_url(exercise, "ridge"), **good | bad)

    assert words in " ".join(reply.context["form"].errors[field])
    assert 'value="AL1 1AA"' in words_of(reply)  # nothing typed is lost
    assert Supplier.objects.count() == 0


@pytest.mark.parametrize("looked_for", ["%00", "%F0%9F%98%80", "%25", "a" * 5000, "%E2%80%AE"])
def test_odd_searches_find_nothing_and_break_nothing(where, client, looked_for) -> None:
    exercise = make.exercise(where)
    people.supplier(where.organisation, name="Ridgeway")
    client.force_login(where.priya)

    assert client.get(ask_url(exercise, looked_for)).status_code == 200


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_price_is_recorded_with_both_amounts(where) -> None:
    exercise = make.open_for_prices(where)

    quote = make.quote(exercise, "17950", note="Held for 90 days")

    assert (quote.amount_ex_vat, quote.amount_inc_vat, quote.declined) == (Decimal("17950"), Decimal("21540"), False)
    event = AuditEvent.objects.get(verb="exercise.quote")
    assert event.changes["price"] == ["", "£17,950 excluding VAT"]


def test_corrected_price_replaces_the_first_which_stays(where) -> None:
    exercise = make.open_for_prices(where)
    first = make.quote(exercise, "17950")
    make.write(exercise, where, chosen=first)

    second = make.quote(exercise, "17500")

    first.refresh_from_db()
    exercise.refresh_from_db()
    assert (first.amount_ex_vat, first.replaced_at is not None) == (Decimal("17950"), True)
    assert (second.stands, exercise.chosen) == (True, None)
    assert AuditEvent.objects.filter(verb="exercise.quote").order_by("-id")[0].changes["price"] == [
        "£17,950 excluding VAT",
        "£17,500 excluding VAT",
    ]


def test_only_suppliers_that_were_asked_answer(where) -> None:
    exercise = make.open_for_prices(where)

    with pytest.raises(Refused, match="is not among the suppliers asked"):
        make.quote(exercise, supplier=people.supplier(where.organisation))

    assert Quote.objects.count() == 0


def test_no_price_before_anyone_is_asked_nor_after_the_decision(where) -> None:
    planned = make.exercise(where)
    make.asked(planned)
    decided = make.decided(where)

    for exercise in (planned, decided):
        with pytest.raises(Refused, match="Prices are recorded after suppliers are asked, before the decision"):
            make.quote(exercise)


def test_same_price_form_twice_counts_once(where) -> None:
    exercise, act = make.open_for_prices(where), uuid.uuid4()
    make.quote(exercise, act_id=act)

    with pytest.raises(Replayed):
        make.quote(exercise, act_id=act)

    assert Quote.objects.count() == 1


@pytest.mark.parametrize(
    "amounts",
    [
        {"amount_ex_vat": Decimal(-1), "amount_inc_vat": Decimal(1)},
        {"amount_ex_vat": Decimal(2), "amount_inc_vat": Decimal(1)},
        {"amount_ex_vat": None, "amount_inc_vat": None},
        {"amount_ex_vat": Decimal(1), "amount_inc_vat": None},
    ],
)
def test_database_refuses_a_price_that_is_none(where, amounts) -> None:
    exercise = make.open_for_prices(where)

    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.create(
            exercise=exercise,
            supplier=exercise.asked.get().supplier,
            received_on=clock.today(),
            recorded_by=where.priya,
            **amounts,
        )


def quote_url(exercise: Exercise) -> str:
    return f"/exercises/{exercise.pk}/quotes/add/"


def test_page_records_a_price(where, client) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)

    reply = fill(
        client,
        quote_url(exercise),
        supplier=exercise.asked.get().supplier,
        answer="price",
        amount_ex_vat="£17,950",
        amount_inc_vat="21540.00",
        received_on=clock.today(),
    )

    assert reply.status_code == 302
    assert said(reply) == [f"Recorded: {exercise.asked.get().supplier}, £17,950 excluding VAT."]
    assert Quote.objects.get().amount_inc_vat == Decimal("21540")


def test_page_records_that_a_supplier_will_not_quote(where, client) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)

    fill(
        client,
        quote_url(exercise),
        supplier=exercise.asked.get().supplier,
        answer="declined",
        amount_ex_vat="5",
        received_on=clock.today(),
    )

    quote = Quote.objects.get()
    assert (quote.declined, quote.amount_ex_vat) == (True, None)


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        ({"amount_ex_vat": "-1"}, "amount_ex_vat", "Price excluding VAT must be £0 or more"),
        ({"amount_ex_vat": ""}, "amount_ex_vat", "Enter the price excluding VAT in pounds, like 18000"),
        ({"amount_ex_vat": "lots"}, "amount_ex_vat", "Enter the price excluding VAT in pounds, like 18000"),
        ({"amount_ex_vat": "9" * 1_000_000}, "amount_ex_vat", "must be less than £1,000 billion"),
        ({"amount_inc_vat": "17949"}, "amount_inc_vat", "The price including VAT must be £17,950 or more"),
        ({"note": MILLION}, "note", "Anything to note must be 1000 characters or fewer"),
        ({"received_on": None}, "received_on", "Enter the date you received it"),
        ({"answer": ""}, "answer", "Choose whether they gave a price"),
        ({"supplier": 999_999}, "supplier", "Choose a supplier that was asked"),
        ({"supplier": "'; drop table"}, "supplier", "Choose a supplier that was asked"),
    ],
)
def test_bad_prices_get_a_message_by_their_field(where, client, bad, field, words) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)
    good = {
        "supplier": exercise.asked.get().supplier.pk,
        "answer": "price",
        "amount_ex_vat": "17950",
        "amount_inc_vat": "21540",
        "received_on": clock.today(),
        "note": "Price held for 90 days",
    }

    reply = fill(client, quote_url(exercise), **good | bad)

    assert words in " ".join(reply.context["form"].errors[field])
    if "note" not in bad:
        assert "Price held for 90 days" in words_of(reply)
    assert Quote.objects.count() == 0


def test_null_bytes_are_dropped(where, client) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)

    fill(
        client,
        quote_url(exercise),
        supplier=exercise.asked.get().supplier,
        answer="declined",
        received_on=clock.today(),
        note="Too\x00 busy",
    )

    assert Quote.objects.get().note == "Too busy"


def test_form_is_not_shown_when_it_cannot_be_used(where, client) -> None:
    planned, decided = make.exercise(where), make.decided(where)
    client.force_login(where.priya)

    assert "No supplier has been asked for a price yet." in words_of(client.get(quote_url(planned)))
    assert "This exercise is decided." in words_of(client.get(quote_url(decided)))
    assert "Record this answer" not in words_of(client.get(quote_url(decided)))


def test_form_left_open_until_after_the_decision_is_refused(where, client) -> None:
    exercise = make.ready_to_decide(where)
    client.force_login(where.priya)
    sent = opened(client, quote_url(exercise)) | fields_of(
        supplier=exercise.asked.get().supplier, answer="declined", received_on=clock.today()
    )
    door.carry_out(exercise, "decide", by=where.priya)

    reply = client.post(quote_url(exercise), sent)

    assert reply.status_code == 409
    assert "This exercise is decided." in words_of(reply)
    assert Quote.objects.count() == 1
