"""Signatures: on authority that names this provider and amount, both sides, once each."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework import door
from casework.models import AuditEvent, CaseFile
from casework.refusals import AlreadyDone, Blocked, NotPermitted, Refused
from commissioning.models import AuthorityRecord
from commissioning.services import risk
from commissioning.services.values import record_value
from contracts.models import Contract, Signature
from contracts.services import facts
from organisation import clock
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.procurement.filling import fields_of, fill, opened, said, words_of

VERBS = ["sign_for_council", "sign_for_supplier"]


def refusal(contract: Contract, where: Any, verb: str = "sign_for_council", **fields: Any) -> Blocked:
    sign = {"sign_for_council": make.sign_for_council, "sign_for_supplier": make.sign_for_supplier}[verb]
    with pytest.raises(Blocked) as refused:
        sign(contract, where, **fields)
    return refused.value


def blocked(contract: Contract, where: Any, verb: str = "sign_for_council", **fields: Any) -> list[str]:
    return [blocker.words for blocker in refusal(contract, where, verb, **fields).blockers]


# --- Both sides -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("council_first", [True, False])
def test_contract_is_signed_when_both_have_signed_and_mobilisation_begins(where, council_first) -> None:
    contract = make.awarded(where)
    acts = [make.sign_for_council, make.sign_for_supplier]
    first, second = acts if council_first else reversed(acts)

    assert first(contract, where).state == "awarded"
    second(contract, where)

    contract.refresh_from_db()
    assert (contract.state, contract.case_file.state, contract.signed_at is not None) == (
        "mobilising",
        "mobilising",
        True,
    )
    signed = {row.party: (row.signed_by, row.person, row.role, row.method) for row in contract.signatures.all()}
    assert signed == {
        "council": ("Tom Hesketh", where.tom, "Service leader", "by_hand"),
        "supplier": ("Rosa Field", None, "Director", "electronic"),
    }
    begun = AuditEvent.objects.get(verb="contract.begin_mobilisation")
    assert (begun.actor_id, begun.actor_words, begun.from_state) == (None, "Both sides signed", "signed")


def test_what_was_agreed_becomes_the_first_row_of_each_history(where) -> None:
    contract = make.mobilising(where)

    term, value = contract.terms.get(), contract.values.get()
    assert (term.starts_on, term.ends_on, term.reason) == (contract.starts_on, contract.ends_on, "As signed")
    assert (value.amount_ex_vat, value.amount_inc_vat, value.valid_from) == (
        Decimal(18000),
        Decimal(21600),
        contract.starts_on,
    )


def test_one_signature_leaves_both_histories_empty(where) -> None:
    contract = make.sign_for_council(make.awarded(where), where)

    assert (contract.terms.count(), contract.values.count()) == (0, 0)


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_signs_twice_for_one_side(where, verb) -> None:
    contract = make.awarded(where)
    {"sign_for_council": make.sign_for_council, "sign_for_supplier": make.sign_for_supplier}[verb](contract, where)

    who = {"sign_for_council": "The council signed already: Tom Hesketh", "sign_for_supplier": "The supplier signed"}
    assert blocked(contract, where, verb)[0].startswith(who[verb])
    assert Signature.objects.count() == 1


def test_signed_contract_is_not_signed_again(where) -> None:
    contract = make.mobilising(where)

    with pytest.raises(AlreadyDone):
        make.sign_for_council(contract, where)


@pytest.mark.parametrize(("verb", "signer"), [("sign_for_council", "tom"), ("sign_for_supplier", "priya")])
def test_draft_is_not_signed_and_the_page_says_what_comes_first(where, client, verb, signer) -> None:
    contract = make.drafted(where)
    exercise = contract.exercise
    first = f"{exercise.case_file.reference}: decided, not awarded. Award it first"
    client.force_login(getattr(where, signer))
    url = f"/contracts/{contract.pk}/do/{verb}/"
    inputs = make.council_inputs(where.tom) if verb == "sign_for_council" else make.supplier_inputs()

    shown = client.get(url)
    sent = client.post(url, opened(client, url) | fields_of(**inputs))

    assert (shown.status_code, sent.status_code) == (200, 409)
    for page in (shown, sent):
        assert first in words_of(page)
        assert f'href="{exercise.get_absolute_url()}"' in words_of(page)
    assert "Nothing was changed" in words_of(sent)
    assert Signature.objects.count() == 0
    refusal = AuditEvent.objects.filter(verb=f"contract.{verb}").latest("pk")
    assert (refusal.is_refusal, first in refusal.reason) == (True, True)


def test_withdrawn_draft_is_not_signed(where) -> None:
    contract = make.drafted(where)
    door.carry_out(contract.exercise, "abandon", by=where.priya, note="No")

    with pytest.raises(AlreadyDone):
        make.sign_for_council(contract, where)
    assert Signature.objects.count() == 0


def test_same_form_twice_signs_once(where) -> None:
    contract, act = make.awarded(where), uuid.uuid4()
    inputs = make.council_inputs(where.tom)

    first = door.carry_out(contract, "sign_for_council", by=where.tom, act_id=act, **inputs)
    second = door.carry_out(contract, "sign_for_council", by=where.tom, act_id=act, **inputs)

    assert (first.repeated, second.repeated) == (False, True)
    assert Signature.objects.count() == 1


# --- What must hold at that moment ------------------------------------------------------------------------------------


@pytest.mark.requirement("N-286")
@pytest.mark.parametrize("execution", ["underhand", "sealed"])
@pytest.mark.parametrize("amount", ["1", "18000", "640000"])
def test_no_contract_is_signed_without_a_decision_at_any_value(where, execution, amount) -> None:
    contract = make.awarded(where)
    Contract.objects.update(execution=execution)
    CaseFile.objects.filter(pk=contract.case_file_id).update(value_ex_vat=amount)
    AuthorityRecord.objects.all().delete()

    assert "Authority to award: not recorded" in blocked(contract, where, how="sealed")
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"withdrawn_at": clock.now()}, "Authority to award: not recorded"),
        ({"may_award": False, "may_procure": True}, "Authority to award: not recorded"),
        ({"limit_ex_vat": Decimal(15000)}, "Authority to award stops at £15,000; the award is £18,000"),
        ({"provider": "other"}, "Authority to award names another provider: Vale Care Ltd"),
    ],
)
def test_authority_is_checked_again_at_the_signature(where, verb, change, words) -> None:
    contract = make.awarded(where)
    if "provider" in change:
        change = {"provider": people.supplier(where.organisation, name="Vale Care Ltd")}
    AuthorityRecord.objects.update(**change)

    assert blocked(contract, where, verb) == [words]


def test_refusal_opens_with_what_cannot_be_done(where) -> None:
    contract = make.awarded(where)
    AuthorityRecord.objects.update(withdrawn_at=clock.now())

    assert refusal(contract, where).words == (
        "You cannot sign for the council yet. 1 thing is missing: Authority to award: not recorded."
    )


@pytest.mark.parametrize("verb", VERBS)
def test_value_edited_to_26000_after_the_award(where, verb) -> None:
    contract = make.awarded(where)
    record_value(
        contract.commission,
        amount_ex_vat=Decimal(26000),
        amount_inc_vat=Decimal(31200),
        reason="More staff",
        by=where.priya,
    )

    words = (
        "The value is £26,000, so this is now in the Quotation band: CCPS obtains the quotes, and a procurement "
        "request must be accepted first"
    )
    assert blocked(contract, where, verb) == [words]


@pytest.mark.parametrize("verb", VERBS)
def test_data_risk_ticked_after_the_award(where, verb) -> None:
    contract = make.awarded(where)
    ticked = risk.Ticked(applies=True, explanation="The supplier holds staff health records.")
    risk.answer(contract.commission, {"statutory_or_data": ticked}, by=where.priya)

    found = blocked(contract, where, verb)

    assert found[0].startswith("This is high risk (Statutory service or sensitive data), so the purchase goes to CCPS")
    assert found[1:] == ["Gate 4, full business case: expected, not approved"]


def test_term_and_manager_are_needed(where) -> None:
    contract = make.awarded(where)
    facts.edit(
        contract,
        version=contract.version,
        starts_on=None,
        ends_on=None,
        manager=None,
        review_on=None,
        execution="underhand",
        options=[],
        by=where.priya,
    )

    assert blocked(contract, where) == ["Term: start and end dates not recorded", "Contract manager: not named"]


def test_nothing_is_signed_on_hold(where) -> None:
    contract = make.awarded(where)
    door.carry_out(contract.commission, "hold", by=where.tom, note="Freeze", resume_needs="A decision")

    assert blocked(contract, where) == ["The commission is on hold: buying belongs to Secure Services"]


def test_nobody_signs_before_the_award_was_made(where) -> None:
    contract = make.awarded(where)
    before = clock.today() - timedelta(days=1)

    assert blocked(contract, where, signed_on=before)[0].startswith("Date signed: before the award on")


def test_contract_under_seal_is_sealed(where) -> None:
    contract = make.awarded(where)
    Contract.objects.update(execution="sealed")

    assert blocked(contract, where) == ["How it was signed: this contract is to be under seal"]
    assert make.sign_for_council(contract, where, how="sealed").state == "awarded"


def test_contract_without_a_commission_has_no_authority(where) -> None:
    contract = make.in_register(where, state="awarded")

    assert blocked(contract, where) == ["Commission: none is linked, so there is no authority to award"]


# --- Who signs --------------------------------------------------------------------------------------------------------


def test_one_person_never_signs_for_both_sides(where) -> None:
    council_first, supplier_first = make.awarded(where), make.awarded(where)
    make.sign_for_council(council_first, where)
    make.sign_for_supplier(supplier_first, where, signed_by="tom  HESKETH")

    assert blocked(council_first, where, "sign_for_supplier", signed_by="Tom Hesketh") == [
        "Tom Hesketh signed for the council, so cannot sign for the supplier"
    ]
    assert blocked(supplier_first, where) == ["Tom Hesketh signed for the supplier, so cannot sign for the council"]


def test_whoever_records_the_suppliers_signature_is_not_the_supplier(where, client) -> None:
    contract = make.awarded(where)
    client.force_login(where.priya)

    reply = fill(
        client,
        f"/contracts/{contract.pk}/do/sign_for_supplier/",
        **make.supplier_inputs(signed_by="Priya Shah"),
    )

    assert "You work for the council, so you cannot sign for the supplier" in words_of(reply)
    assert Signature.objects.count() == 0


@pytest.mark.parametrize(
    ("verb", "may"),
    [
        ("sign_for_council", {Role.SERVICE_LEADER, Role.BUDGET_HOLDER}),
        (
            "sign_for_supplier",
            {Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.SERVICE_LEADER, Role.CCPS_OFFICER},
        ),
    ],
)
def test_who_records_a_signature(where, verb, may) -> None:
    contract = make.awarded(where)

    for role in set(Role) - may:
        with pytest.raises(NotPermitted):
            door.carry_out(contract, verb, by=people.person(role, at=where.organisation))
    assert Signature.objects.count() == 0


def test_only_somebody_who_may_signs_for_the_council(where) -> None:
    contract = make.awarded(where)

    with pytest.raises(Refused, match=r"Sam Birtles may not sign for the council here\."):
        make.sign_for_council(contract, where, person=where.sam)

    assert Signature.objects.count() == 0


def test_budget_holder_records_the_leaders_signature(where) -> None:
    contract = make.sign_for_council(make.awarded(where), where, by=where.ann)

    signature = contract.signatures.get()
    assert (signature.person, signature.recorded_by) == (where.tom, where.ann)


@pytest.mark.parametrize(("party", "person"), [("council", None), ("supplier", "tom")])
def test_database_keeps_the_sides_apart(where, party, person) -> None:
    contract = make.awarded(where)

    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(
            contract=contract,
            party=party,
            person=getattr(where, person) if person else None,
            signed_by="Somebody",
            role="Director",
            signed_on=clock.today(),
            method="by_hand",
            recorded_by=where.priya,
        )


# --- The pages --------------------------------------------------------------------------------------------------------


def test_pages_take_both_signatures(where, client) -> None:
    contract = make.awarded(where)
    url = f"/contracts/{contract.pk}/do/"
    client.force_login(where.tom)
    sent = opened(client, f"{url}sign_for_council/") | fields_of(**make.council_inputs(where.tom))
    first, again = (client.post(f"{url}sign_for_council/", sent) for _ in range(2))
    client.force_login(where.priya)
    last = fill(client, f"{url}sign_for_supplier/", **make.supplier_inputs())

    assert said(first) == ["Signature recorded. The other side has not signed yet."]
    assert (again.status_code, last.status_code) == (302, 302)
    assert said(last)[-1] == "Signature recorded. Both sides have signed, so mobilisation begins."
    assert Contract.objects.get().state == "mobilising"
    assert Signature.objects.count() == 2


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        ({"role": ""}, "role", "Enter the role"),
        ({"role": "x" * 1_000_000}, "role", "Role must be 150 characters or fewer"),
        ({"signed_on": None}, "signed_on", "Enter the date it was signed"),
        ({"signed_on": clock.today() + timedelta(days=1)}, "signed_on", "must be on or before"),
        ({"how": "telepathy"}, "how", "Select"),
        ({"how": "sealed"}, "how", "Select"),
        ({"person": 999_999}, "person", "Choose somebody who may sign for the council here"),
    ],
)
def test_bad_signatures_get_a_message_by_their_field(where, client, bad, field, words) -> None:
    contract = make.awarded(where)
    client.force_login(where.tom)

    reply = fill(client, f"/contracts/{contract.pk}/do/sign_for_council/", **make.council_inputs(where.tom) | bad)

    assert words in " ".join(reply.context["form"].errors[field])
    assert Signature.objects.count() == 0


def test_person_of_another_organisation_cannot_be_chosen(where, client) -> None:
    contract = make.awarded(where)
    client.force_login(where.tom)
    url = f"/contracts/{contract.pk}/do/sign_for_council/"

    assert set(client.get(url).context["form"].fields["person"].queryset) == {where.tom, where.ann}
    for stranger in (people.person(Role.SERVICE_LEADER), where.priya):
        reply = fill(client, url, **make.council_inputs(stranger))
        assert reply.context["form"].errors["person"] == ["Choose somebody who may sign for the council here"]


@pytest.mark.parametrize("verb", ["award", "withdraw", "begin_mobilisation", "terminate"])
def test_forged_verbs_are_not_there(where, client, verb) -> None:
    contract = make.drafted(where)
    client.force_login(where.priya)

    assert client.post(f"/contracts/{contract.pk}/do/{verb}/", {"act_id": str(uuid.uuid4())}).status_code == 404
    assert Contract.objects.get().state == "drafted"


def test_signing_stays_within_its_budget(where, queries_of) -> None:
    contract = make.awarded(where)

    first = queries_of(lambda: make.sign_for_council(contract, where, act_id=uuid.uuid4()))
    last = queries_of(lambda: make.sign_for_supplier(contract, where, act_id=uuid.uuid4()))

    assert len(first) <= 12, first
    assert len(last) <= 20, last
