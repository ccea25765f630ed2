"""Two people at the same instant, on PostgreSQL with real threads: the count of effects is what matters."""

import uuid
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.management import call_command

from casework import door
from casework.models import AuditEvent, WorkItem
from casework.refusals import AlreadyDone, Stale
from contracts.models import Contract, ContractTerm, MobilisationTask, Signature
from contracts.services import facts, mobilisation, readings
from contracts.services.endings import raise_endings
from contracts.services.readings import Entry
from organisation import clock
from organisation.models import Person
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.racing import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 4


@pytest.fixture
def where(transactional_db: None) -> buying.Place:
    people.calendars()
    return buying.place()


def kinds(results: list[object]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def test_two_people_sign_for_the_council_at_once_and_one_signature_counts(where) -> None:
    for _ in range(ROUNDS):
        contract = make.awarded(where)
        signers = [Person.objects.get(pk=person.pk) for person in (where.tom, where.ann)]

        results = at_once(
            [
                partial(
                    door.carry_out,
                    contract,
                    "sign_for_council",
                    by=who,
                    act_id=uuid.uuid4(),
                    **make.council_inputs(who),
                )
                for who in signers
            ]
        )

        assert kinds(results) == ["Blocked", "Outcome"], results
        assert Signature.objects.filter(contract=contract).count() == 1
    call_command("verify_audit")


def test_both_sides_sign_at_once_and_mobilisation_begins_once(where) -> None:
    for _ in range(ROUNDS):
        contract = make.awarded(where)

        results = at_once(
            [partial(make.sign_for_council, contract, where), partial(make.sign_for_supplier, contract, where)]
        )

        assert kinds(results) == ["Contract", "Contract"], results
        assert Contract.objects.get(pk=contract.pk).state == "mobilising"
        assert Signature.objects.filter(contract=contract).count() == 2
        assert ContractTerm.objects.filter(contract=contract).count() == 1
        assert MobilisationTask.objects.filter(case_file=contract.case_file).count() == 3


def test_same_signature_sent_twice_at_once_counts_once(where) -> None:
    for _ in range(ROUNDS):
        contract, act = make.awarded(where), uuid.uuid4()
        sign = partial(
            door.carry_out, contract, "sign_for_council", by=where.tom, act_id=act, **make.council_inputs(where.tom)
        )

        results = at_once([sign, sign])

        assert sorted(result.repeated for result in results) == [False, True], results
        assert Signature.objects.filter(contract=contract).count() == 1


def test_signing_and_taking_the_award_back_at_once_never_leaves_a_signed_abandoned_contract(where) -> None:
    for _ in range(ROUNDS):
        contract = make.awarded(where)
        make.sign_for_council(contract, where)

        at_once(
            [
                partial(make.sign_for_supplier, contract, where),
                partial(door.carry_out, contract.exercise, "abandon", by=where.priya, note="No"),
            ]
        )

        contract = Contract.objects.select_related("exercise").get(pk=contract.pk)
        assert (contract.state, contract.exercise.state) in [("mobilising", "awarded"), ("terminated", "abandoned")]


def test_two_people_finish_a_task_at_once_and_one_did(where) -> None:
    for _ in range(ROUNDS):
        contract = make.mobilising(where)
        task = MobilisationTask.objects.select_related("case_file").get(case_file=contract.case_file, key="governance")

        results = at_once(
            [partial(mobilisation.finish_task, task, by=who, act_id=uuid.uuid4()) for who in (where.sam, where.priya)]
        )

        assert kinds(results) == ["AlreadyDone", "MobilisationTask"], results
        assert AuditEvent.objects.filter(verb="mobilisation.finish", subject_id=str(task.pk)).count() == 1
        assert any(isinstance(result, AlreadyDone) for result in results)


def test_two_people_change_the_facts_at_once_and_neither_is_overwritten_unseen(where) -> None:
    for _ in range(ROUNDS):
        contract = make.drafted(where)
        assert contract.starts_on is not None
        given = {"version": contract.version, "manager": where.sam, "review_on": None, "execution": "underhand"}
        years = [contract.starts_on.replace(year=contract.starts_on.year + more) for more in (2, 3)]

        results = at_once(
            [
                partial(
                    facts.edit,
                    contract,
                    starts_on=contract.starts_on,
                    ends_on=year,
                    options=[],
                    by=where.priya,
                    act_id=uuid.uuid4(),
                    **given,
                )
                for year in years
            ]
        )

        assert kinds(results) == ["Contract", "Stale"], results
        stale = next(result for result in results if isinstance(result, Stale))
        assert list(stale.theirs) == ["Ends"]


def test_two_beats_at_once_ask_about_an_end_once(where) -> None:
    for _ in range(ROUNDS):
        contract = make.in_register(where, ends_on=clock.today() + timedelta(days=100))

        results = at_once([partial(raise_endings, clock.today()), partial(raise_endings, clock.today())])

        assert sorted(results) == [0, 1], results
        assert WorkItem.objects.filter(case_file=contract.case_file, kind="contract_ending").count() == 1


def test_two_people_record_results_at_once_and_neither_is_overwritten_unseen(where) -> None:
    for _ in range(ROUNDS):
        contract = make.live(where)
        indicator = make.indicator(contract)

        results = at_once(
            [
                partial(
                    readings.record_results,
                    contract,
                    "monthly",
                    1,
                    {indicator.pk: Entry(value=Decimal(value))},
                    version=0,
                    by=where.sam,
                    act_id=uuid.uuid4(),
                )
                for value in (95, 97)
            ]
        )

        assert kinds(results) == ["Stale", "list"], results
        assert indicator.readings.count() == 1
