"""A commission that meets a statutory duty and serves people who may be vulnerable, from its form to its contract."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework import door
from casework.refusals import Blocked
from commissioning.models import Commission, Specification
from commissioning.services import specifications
from contracts.models import Contract, Indicator
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning.conftest import Alder
from tests.factories import contracts as running
from tests.factories import procurement as buying

SignIn = Callable[[Person], Client]
WANTED = "No indicator watches over safeguarding."
ASKED = ("How does the service keep the people it serves safe", "What is reported while the contract runs")


@pytest.mark.requirement("N-024")
def test_vulnerable_flag_adds_safeguarding_to_the_specification_and_to_the_contract(
    alder: Alder, sign_in: SignIn
) -> None:
    where = buying.Place(
        organisation=alder.council,
        area=alder.area,
        priya=alder.priya,
        tom=alder.tom,
        ann=alder.by_role[Role.BUDGET_HOLDER],
        sam=alder.sam,
    )
    commission = buying.commission(where, state="plan", specification=None)
    priya, sam = sign_in(alder.priya), sign_in(alder.sam)
    paper = specifications.open_specification(commission, by=alder.priya).paper
    section = f"{paper.get_absolute_url()}sections/safeguarding/"
    assert not any(words in priya.get(section).content.decode() for words in ASKED)
    assert ">Statutory</strong>" not in priya.get(commission.get_absolute_url()).content.decode()

    details = f"/commissions/{commission.pk}/details/"
    sent = {"title": "Meals", "service_area": alder.area.pk, "version": 1, "shown_to": "staff"}
    sent |= {"statutory_duty": "Care Act 2014, section 18", "serves_vulnerable": "on"}
    assert priya.post(details, sent).status_code == 302

    page = priya.get(commission.get_absolute_url()).content.decode()
    assert ">Statutory</strong>" in page
    assert "Care Act 2014, section 18" in page
    assert all(words in priya.get(section).content.decode() for words in ASKED)

    Specification.objects.update(state="signed_off")
    Commission.objects.filter(pk=commission.pk).update(state="secure")
    contract = running.registered(where, Commission.objects.get(pk=commission.pk))
    running.finish_tasks(contract, where)
    contract = Contract.objects.get(pk=contract.pk)
    page = f"/contracts/{contract.pk}/indicators/"
    shown = sam.get(page).content.decode()
    assert WANTED in shown
    with pytest.raises(Blocked) as refusal:
        door.carry_out(contract, "go_live", by=alder.sam)
    assert [blocker.key for blocker in refusal.value.blockers] == ["safeguarding"]
    add = f"{page}add/?is_safeguarding=on"
    assert f'href="{add}"' in shown
    ticked = next(line for line in sam.get(add).content.decode().split("<input") if 'name="is_safeguarding"' in line)
    assert "checked" in ticked[: ticked.index(">")]
    measure = {"name": "Concerns looked into within a day", "target": "100", "tolerance": "0", "direction": "higher"}
    sam.post(add, measure | {"interval": "monthly", "is_safeguarding": "on"})

    assert Indicator.objects.get().is_safeguarding
    shown = sam.get(page).content.decode()
    assert WANTED not in shown
    assert "Watched over by Concerns looked into within a day." in shown
    assert door.carry_out(contract, "go_live", by=alder.sam).subject.state == "live"
