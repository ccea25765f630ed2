"""What contracts add to the verbs of a commission."""

import pytest

from casework import door
from casework.models import CaseFile
from casework.refusals import Blocked
from commissioning.models import Commission
from contracts.exit_checks import is_bound, is_secured
from contracts.models import Contract
from contracts.services import mobilisation
from tests.factories import casework as cases
from tests.factories import contracts as make
from tests.factories import procurement as buying
from tests.procurement.filling import words_of


def words(commission: Commission) -> list[str]:
    return [
        blocker.words for blocker in is_secured(Commission.objects.select_related("case_file").get(pk=commission.pk))
    ]


def test_purchase_is_signed_registered_and_mobilised_before_review(where) -> None:
    commission = buying.commission(where)
    assert words(commission) == ["Contract: none is signed"]

    contract = make.awarded(where, commission)
    reference = contract.case_file.reference
    assert words(commission) == [f"Contract {reference}: not signed by both sides"]

    make.sign_for_council(contract, where)
    make.sign_for_supplier(contract, where)
    assert words(commission) == [
        f"Contract {reference}: not entered in the register",
        f"Mobilisation of {reference}: 3 tasks not done",
    ]

    door.carry_out(contract, "enter_in_register", by=where.sam, review_on=contract.ends_on)
    assert words(commission) == [f"Mobilisation of {reference}: 2 tasks not done"]

    make.finish_tasks(contract, where)
    assert words(commission) == []


def test_withdrawn_draft_counts_for_nothing(where) -> None:
    commission = buying.commission(where)
    contract = make.drafted(where, commission)

    door.carry_out(contract.exercise, "abandon", by=where.priya, note="No")

    assert words(commission) == ["Contract: none is signed"]


def test_handover_is_due_only_where_ccps_bought(where) -> None:
    commission = buying.commission(where)
    contract = make.registered(where, commission)
    make.finish_tasks(contract, where)
    assert words(commission) == []

    make.bought_by_ccps(contract, where)

    assert words(commission) == [f"Handover of {contract.case_file.reference} from CCPS: not offered yet"]


def test_where_nothing_is_bought_the_commissions_own_tasks_count(where) -> None:
    commission = buying.commission(where, buys=False)
    assert words(commission) == []
    task = mobilisation.add_task(commission.case_file, title="Move the team", side="council", by=where.priya)

    assert words(commission) == ["Mobilisation: 1 task not done"]
    mobilisation.finish_task(task, by=where.priya)
    assert words(commission) == []


def test_blockers_lead_to_where_they_are_mended(where) -> None:
    commission = buying.commission(where)
    contract = make.mobilising(where, commission)

    assert [blocker.url for blocker in is_secured(commission)] == [
        f"/contracts/{contract.pk}/",
        f"/mobilisation/{contract.case_file_id}/",
    ]


@pytest.mark.parametrize("verb", ["stop", "return_to_plan"])
def test_signed_commission_is_neither_stopped_nor_sent_back(where, verb) -> None:
    commission = buying.commission(where)
    contract = make.mobilising(where, commission)

    with pytest.raises(Blocked) as refused:
        door.carry_out(commission, verb, by=where.tom, note="Because")

    assert [blocker.words for blocker in refused.value.blockers] == [
        f"Contract {contract.case_file.reference} is signed: it can be varied or ended, not undone"
    ]
    assert Contract.objects.get().state == "mobilising"


def test_unsigned_commission_can_be_sent_back(where) -> None:
    commission = buying.commission(where)
    make.awarded(where, commission)

    assert door.carry_out(commission, "return_to_plan", by=where.tom, note="Think again").subject.state == "plan"


def test_all_checks_of_one_page_share_one_statement(where, queries_of) -> None:
    commission = buying.commission(where)
    make.mobilising(where, commission)
    fresh = Commission.objects.select_related("case_file").get(pk=commission.pk)

    def check() -> None:
        is_secured(fresh)
        is_bound(fresh)
        is_bound(fresh)

    assert len(queries_of(check)) == 1


def test_door_asks_anew_whatever_the_page_remembered(where) -> None:
    commission = buying.commission(where)
    contract = make.awarded(where, commission)
    stale = Commission.objects.select_related("case_file").get(pk=commission.pk)
    assert is_bound(stale) == []
    make.sign_for_council(contract, where)
    make.sign_for_supplier(contract, where)

    with pytest.raises(Blocked):
        door.carry_out(stale, "stop", by=where.tom, note="Too late")
    assert CaseFile.objects.get(pk=commission.case_file_id).state == "secure"


def test_wall_on_a_contract_leaves_no_trace_on_the_commissions_page(where, client) -> None:
    commission = buying.commission(where)
    contract = make.mobilising(where, commission)
    supplier, reference = f"{contract.supplier}, £18,000, ends", contract.case_file.reference
    client.force_login(where.ann)
    before = words_of(client.get(commission.get_absolute_url()))
    assert supplier in before
    assert reference in before

    cases.wall(contract.case_file, where.ann)

    after = words_of(client.get(commission.get_absolute_url()))
    assert supplier not in after
    assert reference not in after
    client.force_login(where.sam)
    assert supplier in words_of(client.get(commission.get_absolute_url()))
    fresh = Commission.objects.select_related("case_file").get(pk=commission.pk)
    assert [(blocker.words, blocker.url) for blocker in is_secured(fresh)] == [
        ("Contract: not entered in the register", ""),
        ("Mobilisation of a contract: 3 tasks not done", ""),
    ]
