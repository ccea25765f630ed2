"""A contract for people who may be vulnerable goes live only with an indicator that watches over safeguarding."""

import pytest

from casework import door
from casework.refusals import Blocked
from commissioning.models import Commission
from contracts.models import Contract, Indicator
from contracts.services import indicators
from tests.factories import contracts as make

BLOCKER = "Safeguarding: no indicator watches over it, and the commission serves people who may be vulnerable"


def ready_to_run(where, *, serves_vulnerable: bool) -> Contract:
    """In the register, its tasks done: only going live is left."""
    contract = make.registered(where)
    Commission.objects.filter(pk=contract.commission_id).update(serves_vulnerable=serves_vulnerable)
    make.finish_tasks(contract, where)
    return Contract.objects.get(pk=contract.pk)


def blockers(contract: Contract, by) -> list[str]:
    """What a refused try to go live says."""
    with pytest.raises(Blocked) as refusal:
        door.carry_out(contract, "go_live", by=by)
    return [blocker.words for blocker in refusal.value.blockers]


def test_other_contracts_go_live_without_and_an_ordinary_indicator_is_not_enough(where) -> None:
    contract = ready_to_run(where, serves_vulnerable=True)
    made = make.indicator(contract)
    assert blockers(contract, where.sam) == [BLOCKER]
    Commission.objects.filter(pk=contract.commission_id).update(serves_vulnerable=False)
    assert door.carry_out(contract, "go_live", by=where.sam).subject.state == "live"
    assert not made.is_safeguarding


def test_marking_an_indicator_is_told_and_kept(where) -> None:
    contract = make.awarded(where)
    given = {name: value for name, value in vars(make.indicator(contract)).items() if name in indicators.LABELS}
    made = Indicator.objects.get()
    changed = indicators.change(made, version=1, by=where.sam, **given | {"is_safeguarding": True})
    assert (changed.is_safeguarding, changed.version) == (True, 2)
    assert Indicator.objects.get().is_safeguarding
