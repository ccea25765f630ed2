"""Recording who was asked, what they answered, and the words of the decision."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from casework import door
from casework.audit import audited, record, record_refusal
from casework.refusals import AlreadyDone, NotPermitted, Refused, Stale
from organisation import clock
from organisation.fields import match_name
from organisation.formatting import day, money
from organisation.models import Person, Supplier
from organisation.permissions import may
from procurement.models import Exercise, Quote, SupplierAsked
from procurement.states import BEFORE_DECISION, BEING_WEIGHED


def taken(exercise: Exercise, verb: str, by: Person, states: tuple[str, ...], why: str) -> Exercise:
    """The exercise as it is now, locked; refuses whoever does not run it, and a state in which it is settled."""
    row = (
        Exercise.objects.select_for_update(of=("self",))
        .select_related("case_file", "chosen__supplier", "contract_manager")
        .get(pk=exercise.pk)
    )
    if not may(by, "exercise.run", row):
        words = door.who_words("exercise.run", row)
        record_refusal(verb=verb, subject=row, by=by, words=words)
        raise NotPermitted(words)
    if row.state not in states:
        words = f"This exercise is {row.get_state_display().lower()}. {why}"
        record_refusal(verb=verb, subject=row, by=by, words=words)
        raise Refused(words)
    return row


def ask_supplier(
    exercise: Exercise,
    *,
    supplier: Supplier,
    asked_on: date,
    how: str,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> SupplierAsked:
    """Note that a supplier was, or is about to be, asked for a price. Raises ``AlreadyDone`` for one already listed."""
    verb = "exercise.ask_supplier"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(exercise.pk)):
        row = taken(exercise, verb, by, BEFORE_DECISION, "Suppliers are asked before the decision.")
        _same_organisation(row, supplier)
        if row.asked.filter(supplier=supplier).exists():
            raise AlreadyDone(f"{supplier.name} is already among the suppliers asked. Nothing was changed.")
        made = SupplierAsked.objects.create(exercise=row, supplier=supplier, asked_on=asked_on, how=how, recorded_by=by)
        record(
            verb=verb,
            subject=row,
            changes={"supplier": supplier.name, "asked": f"{made.get_how_display()}, {day(asked_on)}"},
        )
        return made


def ask_new_supplier(
    exercise: Exercise,
    *,
    details: Mapping[str, Any],
    asked_on: date,
    how: str,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> SupplierAsked:
    """Record a supplier that the organisation does not know yet, and that it was asked.

    A supplier of the same name and company number that somebody recorded meanwhile is used instead of a second one.
    """
    verb = "exercise.ask_supplier"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(exercise.pk)):
        row = taken(exercise, verb, by, BEFORE_DECISION, "Suppliers are asked before the decision.")
        organisation = row.case_file.organisation
        number = str(details.get("company_number", "")).strip()
        key = {"organisation": organisation, "company_number": number}
        try:
            with transaction.atomic():
                supplier = Supplier.objects.create(**{**details, **key})
        except IntegrityError:
            supplier = Supplier.objects.get(match_name=match_name(str(details["name"])), **key)
        else:
            record(verb="supplier.add", subject=supplier, changes={"name": supplier.name, "company_number": number})
        return ask_supplier(row, supplier=supplier, asked_on=asked_on, how=how, by=by)


def record_quote(
    exercise: Exercise,
    *,
    supplier: Supplier,
    received_on: date,
    by: Person,
    amount_ex_vat: Decimal | None = None,
    amount_inc_vat: Decimal | None = None,
    declined: bool = False,
    note: str = "",
    act_id: uuid.UUID | None = None,
) -> Quote:
    """Record what a supplier answered: a price over the whole term with options, or that they will not quote.

    An earlier answer of the same supplier is kept and marked as replaced; if it was the chosen one, the choice falls.
    """
    verb = "exercise.quote"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(exercise.pk)):
        row = taken(
            exercise, verb, by, BEING_WEIGHED, "Prices are recorded after suppliers are asked, before the decision."
        )
        if not row.asked.filter(supplier=supplier).exists():
            raise Refused(f"{supplier.name} is not among the suppliers asked. Add it there first.")
        standing = row.quotes.filter(supplier=supplier, replaced_at__isnull=True).first()
        before = ""
        if standing is not None:
            before = _answer_words(standing)
            Quote.objects.filter(pk=standing.pk).update(replaced_at=clock.now())
            if row.chosen_id == standing.pk:
                row.chosen = None
                row.version += 1
                row.save(update_fields=["chosen", "version"])
        made = Quote.objects.create(
            exercise=row,
            supplier=supplier,
            declined=declined,
            amount_ex_vat=None if declined else amount_ex_vat,
            amount_inc_vat=None if declined else amount_inc_vat,
            received_on=received_on,
            note=note,
            recorded_by=by,
        )
        record(
            verb=verb,
            subject=row,
            reason=note,
            changes={"supplier": supplier.name, "price": [before, _answer_words(made)], "received": day(received_on)},
        )
        return made


LABELS = {
    "chosen": "Chosen price",
    "fairness": "Why these suppliers",
    "value_for_money": "Value for money",
    "social_value": "Social value",
    "starts_on": "Contract starts",
    "ends_on": "Contract ends",
    "contract_manager": "Contract manager",
}


def write_decision(
    exercise: Exercise, *, version: int, by: Person, act_id: uuid.UUID | None = None, **answers: Any
) -> Exercise:
    """Keep the chosen price, the reasons, and what the contract will be made with. Anything may still be blank.

    Raises ``Stale`` with the other person's answers when the form was opened on an earlier version.
    """
    verb = "exercise.write_decision"
    unknown = set(answers) - set(LABELS)
    if unknown:
        raise TypeError(f"Not part of a decision: {sorted(unknown)}")
    with audited(by=by, act_id=act_id, verb=verb, subject=str(exercise.pk)):
        row = taken(exercise, verb, by, BEFORE_DECISION, "Open the decision again to change it.")
        now = {name: words_of(getattr(row, name)) for name in LABELS}
        if version != row.version:
            theirs = {LABELS[name]: now[name] for name in answers if now[name] != words_of(answers[name])}
            raise Stale("Someone else changed this after you opened it.", theirs)
        chosen = answers.get("chosen")
        if chosen is not None and (chosen.exercise_id != row.pk or chosen.declined or not chosen.stands):
            raise Refused("The price you chose no longer stands. Choose one of those recorded.")
        changes = {
            LABELS[name]: [now[name], words_of(value)]
            for name, value in answers.items()
            if now[name] != words_of(value)
        }
        if not changes:
            return row
        for name, value in answers.items():
            setattr(row, name, value)
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            raise Refused(f"The contract cannot end before it starts, on {day(row.starts_on)}.")
        row.version += 1
        row.save(update_fields=[*answers, "version"])
        record(verb=verb, subject=row, changes=changes)
        return row


def _same_organisation(exercise: Exercise, supplier: Supplier) -> None:
    if supplier.organisation_id != exercise.case_file.organisation_id:
        raise Refused("That supplier is recorded by another organisation, so it cannot be asked here.")


def _answer_words(quote: Quote) -> str:
    return "will not quote" if quote.declined else f"{money(quote.amount_ex_vat)} excluding VAT"


def words_of(value: Any) -> str:
    """A value as the trail tells it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Quote):
        return f"{value.supplier}, {_answer_words(value)}"
    if isinstance(value, date):
        return day(value)
    return "" if value is None else str(value)
