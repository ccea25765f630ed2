"""What else signing waits for: the standstill, challenges, and an authority that names this provider."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from casework import door
from casework.refusals import Refused
from contracts.models import Contract, Signature
from organisation import clock
from organisation.roles import Role
from procurement.models import Challenge, Exercise
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.factories import requests, sourcing
from tests.procurement.filling import fields_of, words_of

STANDSTILL_ENDS = date(2026, 12, 14)


@pytest.fixture
def contract(where) -> Contract:
    """An awarded contract of CCPS's, on a day within its standstill."""
    clock.move_to(date(2026, 12, 3))
    made = make.awarded(where)
    make.bought_by_ccps(made, where)
    Exercise.objects.update(
        standstill_basis="voluntary", award_notice_on=date(2026, 12, 3), standstill_ends_on=STANDSTILL_ENDS
    )
    return made


def page_of(client: Any, contract: Contract, person: Any) -> str:
    client.force_login(person)
    return words_of(client.get(contract.get_absolute_url()))


def signed(contract: Contract, where: Any, **fields: Any) -> str:
    """Sign for the council; the state afterwards, or the words of the refusal."""
    try:
        return make.sign_for_council(contract, where, **fields).state
    except Refused as refused:
        return str(refused)


@pytest.mark.requirement("N-157")
def test_nobody_signs_within_the_standstill_and_the_page_names_both_days(where, client, contract) -> None:
    words = "Standstill ends on 14 December 2026: sign from 15 December 2026"
    for day in (date(2026, 12, 3), STANDSTILL_ENDS):
        clock.move_to(day)

        assert words in page_of(client, contract, where.tom)
        assert words in signed(contract, where)

    assert Contract.objects.get().state == "awarded"


def test_signing_is_open_the_day_after_but_not_for_a_day_within(where, contract) -> None:
    clock.move_to(STANDSTILL_ENDS + timedelta(days=1))

    early = signed(contract, where, signed_on=STANDSTILL_ENDS)
    done = make.sign_for_council(contract, where)

    assert "Date signed: the standstill ended on 14 December 2026, so it is 15 December 2026 or later" in early
    assert done.signatures.count() == 1


def test_tender_whose_standstill_nobody_recorded_is_not_signed(where, contract) -> None:
    Exercise.objects.update(path="sourcing", standstill_basis="", standstill_ends_on=None, award_notice_on=None)
    assert "Standstill: not recorded, nor why none applies" in signed(contract, where)

    Exercise.objects.update(standstill_basis="none", standstill_reason="Below the threshold")

    assert signed(contract, where) == "awarded"


def test_open_challenge_stops_both_sides_until_it_is_settled(where, client, contract) -> None:
    clock.move_to(STANDSTILL_ENDS + timedelta(days=4))
    challenge = Challenge.objects.create(
        exercise=contract.exercise,
        raised_by="Northfold Care",
        raised_on=date(2026, 12, 10),
        words="The scores do not follow the criteria.",
        recorded_by=where.priya,
    )
    words = "Challenge by Northfold Care, 10 December 2026: not settled"

    page = page_of(client, contract, where.tom)
    assert page.count(words) == 2
    assert "Nothing stands in the way." not in page
    assert words in signed(contract, where)
    Challenge.objects.filter(pk=challenge.pk).update(settled_on=date(2026, 12, 18), outcome="Withdrawn")
    assert page_of(client, contract, where.tom).count("Nothing stands in the way.") == 2
    assert make.sign_for_council(contract, where).signatures.count() == 1


@pytest.mark.requirement("N-286")
def test_authority_that_names_another_provider_does_not_sign(where, client, contract) -> None:
    clock.move_to(STANDSTILL_ENDS + timedelta(days=4))
    contract.commission.authority_records.update(withdrawn_at=clock.now())
    other = people.supplier(where.organisation, name="Another Care Company")
    buying.authority(contract.commission, provider=other)

    assert "Authority to award names another provider: Another Care Company" in page_of(client, contract, where.tom)
    assert "names another provider" in signed(contract, where)
    assert Contract.objects.get().state == "awarded"


@pytest.mark.requirement("N-163")
@pytest.mark.parametrize("how", ["approved", "waived"])
def test_nothing_is_awarded_or_signed_before_gate_4_and_both_pages_say_why(where, client, how) -> None:
    requests.form_template(where)
    lewis = requests.officer(where)
    exercise = sourcing.won(where, lewis, sourcing.tender(where, lewis))
    buying.authority(exercise.commission)
    contract, award = Contract.objects.get(), f"/exercises/{exercise.pk}/do/award/"
    client.force_login(lewis)

    page = words_of(client.get(f"/exercises/{exercise.pk}/"))
    assert "Gate 4, full business case: expected, not approved" in page
    assert f'role="button" draggable="false" data-module="govuk-button" href="{award}"' not in page
    assert client.post(award, {"act_id": str(uuid.uuid4())}).status_code == 409
    unsigned = page_of(client, contract, where.tom)
    assert f"This draft becomes the contract when {exercise.case_file.reference} is awarded." in unsigned
    assert "Sign for the council" not in unsigned
    sign = f"/contracts/{contract.pk}/do/sign_for_council/"
    sent = {"act_id": str(uuid.uuid4())} | fields_of(**make.council_inputs(where.tom))
    client.post(sign, sent)
    assert (Exercise.objects.get().state, Signature.objects.count()) == ("decided", 0)

    if how == "waived":
        client.force_login(people.person(Role.LEADERSHIP_APPROVER, at=where.organisation))
        client.post(f"/commissions/{exercise.commission_id}/gates/4/waive/", {"note": "The same case passed in May."})
    else:
        sourcing.settled_gate(exercise.commission, 4)
    door.carry_out(exercise, "award", by=lewis)

    assert "Sign for the council" in page_of(client, contract, where.tom)


def test_page_of_an_awarded_ccps_contract_stays_within_the_budget(where, client, queries_of, contract) -> None:
    buying.high_risk(contract.commission)
    client.force_login(where.tom)
    client.get(contract.get_absolute_url())

    found = queries_of(lambda: client.get(contract.get_absolute_url()))

    assert len(found) <= 8, found
