"""A contract is made from a decision with nothing typed twice, and follows what becomes of the decision."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from casework import door
from casework.models import AuditEvent, CaseFile, WorkItem
from casework.refusals import Blocked
from contracts.models import Contract
from contracts.services import facts
from organisation import clock
from procurement.models import Exercise
from tests.factories import contracts as make
from tests.factories import procurement as buying


def test_decision_drafts_the_contract_with_what_is_known(where) -> None:
    commission = buying.commission(where, title="Moving and handling training")
    exercise = buying.decided(where, commission, amount="17950")

    contract = Contract.objects.get()

    case = contract.case_file
    assert (contract.state, contract.exercise, contract.commission, contract.supplier) == (
        "drafted",
        exercise,
        commission,
        exercise.chosen.supplier,
    )
    assert (case.title, case.root, case.service_area, case.organisation) == (
        exercise.case_file.title,
        commission.case_file,
        where.area,
        where.organisation,
    )
    assert (case.value_ex_vat, case.value_inc_vat, case.holder) == (Decimal(17950), Decimal(21540), where.sam)
    assert (contract.category, contract.starts_on, contract.ends_on) == (
        commission.category,
        exercise.starts_on,
        exercise.ends_on,
    )
    assert (contract.organisation, contract.tier, case.path) == (
        where.organisation,
        "service_managed",
        f"/contracts/{contract.pk}/",
    )
    event = AuditEvent.objects.get(verb="contract.draft")
    assert (event.actor_id, event.actor_words) == (None, f"The decision of {exercise.case_file.reference} was recorded")
    assert event.changes["value"] == "£17,950 excluding VAT"


def test_title_is_the_exercises_own(where) -> None:
    exercise = buying.exercise(where, title="Course for 120 staff")
    buying.asked(exercise)
    exercise = door.carry_out(exercise, "invite", by=where.priya).subject
    buying.write(exercise, where, chosen=buying.quote(exercise))
    door.carry_out(exercise, "decide", by=where.priya)

    assert Contract.objects.get().case_file.title == "Course for 120 staff"


@pytest.mark.parametrize(("amount", "tier"), [("500000", "service_managed"), ("500000.01", "ccps_supported")])
def test_tier_follows_the_figure_of_the_rules(where, amount, tier) -> None:
    assert make.drafted(where, amount=amount).tier == tier


def test_award_awards_the_draft(where) -> None:
    contract = make.awarded(where)

    assert (contract.state, contract.case_file.state, contract.awarded_at is not None) == ("awarded", "awarded", True)
    event = AuditEvent.objects.get(verb="contract.award")
    assert (event.actor_id, event.actor_words) == (None, f"{contract.exercise.case_file.reference} was awarded")
    assert WorkItem.objects.count() == 0  # below the threshold nobody else is asked


@pytest.mark.requirement("N-148")
def test_award_is_refused_without_a_contract_manager(where) -> None:
    exercise = buying.ready_to_decide(where)
    buying.write(exercise, where, contract_manager=None)
    exercise = door.carry_out(exercise, "decide", by=where.priya).subject
    buying.authority(exercise.commission)
    contract = Contract.objects.get()

    with pytest.raises(Blocked) as refused:
        door.carry_out(exercise, "award", by=where.priya)

    blocker = refused.value.blockers[0]
    assert (blocker.words, blocker.url) == (
        "Contract manager: not named",
        f"/contracts/{contract.pk}/facts/#id_manager",
    )
    name_manager(contract, where)
    assert door.carry_out(exercise, "award", by=where.priya).subject.state == "awarded"


def name_manager(contract: Contract, where: buying.Place) -> None:
    facts.edit(
        contract,
        version=contract.version,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        manager=where.sam,
        review_on=None,
        execution=contract.execution,
        options=[],
        by=where.priya,
    )


def test_decision_opened_again_withdraws_the_draft_and_the_next_makes_another(where) -> None:
    first = make.drafted(where)
    exercise = first.exercise

    exercise = door.carry_out(exercise, "reconsider", by=where.priya, note="A price was misread.").subject
    first.refresh_from_db()
    assert (first.state, first.case_file.is_open) == ("terminated", False)
    event = AuditEvent.objects.get(verb="contract.withdraw")
    assert (event.actor_id, event.reason) == (None, "A price was misread.")

    buying.write(exercise, where, chosen=buying.quote(exercise, "17000"))
    door.carry_out(exercise, "decide", by=where.priya)

    second = Contract.objects.exclude(pk=first.pk).get()
    assert (second.state, second.case_file.value_ex_vat) == ("drafted", Decimal(17000))
    assert second.case_file.reference != first.case_file.reference


def test_award_taken_back_withdraws_the_contract(where) -> None:
    contract = make.awarded(where)

    door.carry_out(contract.exercise, "abandon", by=where.priya, note="The supplier withdrew.")

    contract.refresh_from_db()
    assert contract.state == "terminated"


def test_award_of_a_signed_contract_cannot_be_taken_back(where) -> None:
    contract = make.mobilising(where)

    with pytest.raises(Blocked) as refused:
        door.carry_out(contract.exercise, "abandon", by=where.priya, note="Changed our minds.")

    assert [blocker.words for blocker in refused.value.blockers] == [
        f"Contract {contract.case_file.reference} is signed: it can be varied or ended, not undone"
    ]
    assert Exercise.objects.get().state == "awarded"


def test_stopping_the_commission_withdraws_what_nobody_signed(where) -> None:
    commission = buying.commission(where)
    contract = make.awarded(where, commission)
    make.sign_for_supplier(contract, where)

    door.carry_out(commission, "stop", by=where.tom, note="The money went elsewhere.")

    contract.refresh_from_db()
    assert contract.state == "terminated"


def test_database_refuses_two_standing_contracts_of_one_exercise(where) -> None:
    contract = make.drafted(where)
    contract.pk, contract._state.adding = None, True
    contract.case_file = CaseFile.objects.get(pk=contract.commission.case_file_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        contract.save()


def test_ending_before_starting_is_refused_by_the_database(where) -> None:
    contract = make.drafted(where)
    contract.ends_on = contract.starts_on.replace(year=contract.starts_on.year - 1)

    with pytest.raises(IntegrityError), transaction.atomic():
        contract.save()
    assert clock.today()
