"""Payment set-up: Finance is asked at the award, and its answer finishes the council's task."""

from typing import Any

import pytest

from casework import door
from casework.models import AuditEvent, Deadline, WorkItem
from casework.refusals import Refused
from contracts.models import Contract, MobilisationTask
from contracts.services import mobilisation
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.procurement.filling import words_of


def awarded_to_ccps(where: Any) -> Contract:
    """A contract whose commission turned high risk before its award, so that Finance is asked."""
    commission = buying.commission(where)
    exercise = buying.decided(where, commission)
    contract = Contract.objects.get(exercise=exercise)
    make.bought_by_ccps(contract, where)
    buying.high_risk(commission)
    door.carry_out(contract, "award", by=people_system())
    return Contract.objects.get(pk=contract.pk)


def people_system() -> Any:
    from organisation.actors import System

    return System(because="A test awards")


def task_of(contract: Contract) -> MobilisationTask:
    rows = MobilisationTask.objects.select_related("case_file", "asked", "done_by")
    return rows.get(case_file=contract.case_file, key="payment_set_up")


def sign(contract: Contract, where: Any) -> None:
    # High risk makes gate 4 due; what is tested here comes after it.
    where_high_risk = contract.commission.risk_answers
    where_high_risk.all().delete()
    contract.commission.case_file.is_high_risk = False
    contract.commission.case_file.save()
    buying.authority(contract.commission)
    make.sign_for_council(contract, where)
    make.sign_for_supplier(contract, where)


@pytest.mark.requirement("N-171")
def test_answer_of_finance_finishes_the_task_in_the_same_act(where, client) -> None:
    contract = awarded_to_ccps(where)
    fiona = people.person(Role.FINANCE, at=where.organisation, name="Fiona Grey")
    item = WorkItem.objects.get(kind="payment_setup")
    assert (item.case_file, item.queue.key, item.needed_by) == (contract.case_file, "finance", contract.starts_on)
    sign(contract, where)
    assert (task_of(contract).asked, task_of(contract).owner) == (item, None)
    client.force_login(where.sam)
    assert "With Finance" in words_of(client.get(f"/mobilisation/{contract.case_file_id}/"))

    with pytest.raises(Refused, match="Finance was asked for this: their answer finishes the task"):
        mobilisation.finish_task(task_of(contract), by=where.sam)
    door.carry_out(item, "respond", by=fiona, answer="acknowledged", text="Purchase order 4711.")

    task = task_of(contract)
    assert (task.done_by, task.output, task.done_at is not None) == (fiona, "Purchase order 4711.", True)
    assert AuditEvent.objects.get(verb="mobilisation.finish").actor_id == fiona.pk


def test_finance_that_answered_before_the_signatures_has_done_the_task(where) -> None:
    contract = awarded_to_ccps(where)
    fiona = people.person(Role.FINANCE, at=where.organisation)
    door.carry_out(WorkItem.objects.get(kind="payment_setup"), "respond", by=fiona, answer="acknowledged", text="")

    sign(contract, where)

    assert task_of(contract).done_by == fiona


def test_privileged_answer_finishes_the_task_without_its_words(where) -> None:
    contract = awarded_to_ccps(where)
    sign(contract, where)
    fiona = people.person(Role.FINANCE, at=where.organisation)

    item = WorkItem.objects.get(kind="payment_setup")
    door.carry_out(item, "respond", by=fiona, answer="acknowledged", text="Secret terms", privileged=True)

    assert (task_of(contract).output, task_of(contract).done_at is not None) == ("", True)
    assert not AuditEvent.objects.filter(reason__contains="Secret").exists()


def test_small_purchase_asks_nobody_and_its_manager_does_the_task(where) -> None:
    contract = make.mobilising(where)
    task = task_of(contract)

    assert WorkItem.objects.count() == 0
    assert (task.owner, task.asked) == (where.sam, None)
    assert Deadline.objects.filter(kind="mobilisation_task", done_at=None).count() == 3
    mobilisation.finish_task(task, by=where.sam)
    assert Deadline.objects.filter(kind="mobilisation_task", done_at=None).count() == 2


def test_request_withdrawn_gives_the_task_back(where) -> None:
    contract = awarded_to_ccps(where)
    sign(contract, where)
    item = WorkItem.objects.get(kind="payment_setup")

    door.carry_out(item, "close", by=people_system(), note="Paid by card")

    assert mobilisation.finish_task(task_of(contract), by=where.sam).done_by == where.sam


def test_contract_that_does_not_come_leaves_the_queue(where) -> None:
    contract = awarded_to_ccps(where)

    door.carry_out(contract, "withdraw", by=people_system())

    assert WorkItem.objects.get(kind="payment_setup").state == "closed"
