"""Two people at the same instant, on PostgreSQL with real threads: the count of effects is what matters."""

import uuid
from functools import partial

import pytest
from django.core.management import call_command

from casework import door
from casework.models import AuditEvent, CaseFile
from casework.refusals import AlreadyDone, Blocked, Replayed
from commissioning.models import ValueEstimate
from contracts.models import Contract
from organisation import clock
from organisation.models import Person, Supplier
from procurement.models import Exercise, Quote, SupplierAsked
from procurement.services import exercises, prices
from tests.factories import organisation as people
from tests.factories import procurement as make
from tests.racing import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 4


@pytest.fixture
def where(transactional_db: None) -> make.Place:
    people.calendars()
    return make.place()


def fresh(*persons: Person) -> list[Person]:
    return [Person.objects.get(pk=person.pk) for person in persons]


def test_two_people_award_at_once_and_one_award_counts(where) -> None:
    for number in range(1, ROUNDS + 1):
        exercise = make.decided(where)
        make.authority(exercise.commission)

        results = at_once(
            [
                partial(door.carry_out, exercise, "award", by=who, act_id=uuid.uuid4())
                for who in fresh(where.priya, where.tom)
            ]
        )

        assert sorted(type(result).__name__ for result in results) == ["AlreadyDone", "Outcome"], results
        assert Contract.objects.filter(state="awarded").count() == number
        assert AuditEvent.objects.filter(verb="contract.award").count() == number
    call_command("verify_audit")


def test_same_award_sent_twice_at_once_has_one_effect(where) -> None:
    for _ in range(ROUNDS):
        exercise, act = make.decided(where), uuid.uuid4()
        make.authority(exercise.commission)

        results = at_once([partial(door.carry_out, exercise, "award", by=where.priya, act_id=act)] * 2)

        assert sorted(result.repeated for result in results) == [False, True], results
        assert AuditEvent.objects.filter(verb="exercise.award", subject_id=str(exercise.pk)).count() == 1


def test_two_decisions_at_once_make_one_contract_and_one_value(where) -> None:
    for _ in range(ROUNDS):
        exercise = make.ready_to_decide(where, amount="17950")

        results = at_once(
            [partial(door.carry_out, exercise, "decide", by=where.priya, act_id=uuid.uuid4()) for _ in range(2)]
        )

        assert sorted(type(result).__name__ for result in results) == ["AlreadyDone", "Outcome"], results
        assert Contract.objects.filter(exercise=exercise).count() == 1
        assert ValueEstimate.objects.filter(commission=exercise.commission, basis="quotes").count() == 1


def test_deciding_and_abandoning_at_once_leaves_no_contract_of_an_abandoned_exercise(where) -> None:
    for _ in range(ROUNDS):
        exercise = make.ready_to_decide(where)

        at_once(
            [
                partial(door.carry_out, exercise, "decide", by=where.priya, act_id=uuid.uuid4()),
                partial(door.carry_out, exercise, "abandon", by=where.priya, act_id=uuid.uuid4(), note="No"),
            ]
        )

        state = Exercise.objects.get(pk=exercise.pk).state
        standing = Contract.objects.filter(exercise=exercise).exclude(state="terminated").count()
        assert (state, standing) in [("decided", 1), ("abandoned", 0)]


def test_two_people_open_an_exercise_at_once_and_one_is_opened(where) -> None:
    other = people.person("commissioner", area=where.area)
    for _ in range(ROUNDS):
        commission, route = make.commission(where), make.route(where)

        results = at_once(
            [
                partial(exercises.open_exercise, commission, route=route, by=who, act_id=uuid.uuid4())
                for who in fresh(where.priya, other)
            ]
        )

        assert sorted(type(result).__name__ for result in results) == ["Blocked", "Exercise"], results
        assert Exercise.objects.filter(commission=commission).count() == 1
        assert CaseFile.objects.filter(root=commission.case_file).count() == 1
        assert isinstance(next(result for result in results if not isinstance(result, Exercise)), Blocked)


def test_two_prices_of_one_supplier_at_once_leave_one_standing(where) -> None:
    for _ in range(ROUNDS):
        exercise = make.open_for_prices(where)

        at_once([partial(make.quote, exercise, amount) for amount in (17000, 18000)])

        assert Quote.objects.filter(exercise=exercise).count() == 2
        assert Quote.objects.filter(exercise=exercise, replaced_at__isnull=True).count() == 1


def test_new_supplier_recorded_twice_at_once_is_one(where) -> None:
    for number in range(ROUNDS):
        first, second = make.exercise(where), make.exercise(where)
        details = {"name": f"Ridgeway {number} Ltd", "company_number": "1"}

        results = at_once(
            [
                partial(
                    prices.ask_new_supplier,
                    exercise,
                    details=details,
                    asked_on=clock.today(),
                    how="email",
                    by=where.priya,
                )
                for exercise in (first, second)
            ]
        )

        assert all(isinstance(result, SupplierAsked) for result in results), results
        assert Supplier.objects.filter(match_name=f"ridgeway {number} limited").count() == 1


def test_same_form_of_a_price_twice_at_once_counts_once(where) -> None:
    for _ in range(ROUNDS):
        exercise, act = make.open_for_prices(where), uuid.uuid4()

        results = at_once([partial(make.quote, exercise, act_id=act)] * 2)

        assert sorted(isinstance(result, Replayed) for result in results) == [False, True], results
        assert Quote.objects.filter(exercise=exercise).count() == 1
        assert not any(isinstance(result, AlreadyDone) for result in results)
