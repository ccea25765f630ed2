import uuid
from typing import Any

import pytest

from casework import door
from casework.models import AuditEvent, Deadline, OutboxMessage
from casework.refusals import Blocked, NotPermitted, Refused, Stale
from commissioning.models import Commission
from contracts.exit_checks import is_secured
from contracts.models import Handover
from contracts.services import handovers
from contracts.states import HandoverState
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.procurement.filling import fill, said, words_of

STARTS_FROM = {"offer": {"preparing", "returned"}, "accept": {"offered"}, "send_back": {"offered"}}


def offered(where: Any, **fields: Any) -> Handover:
    handover = make.confirmed(make.handed_over_by(where, **fields))
    found: Handover = door.carry_out(handover, "offer", by=handover.lead).subject
    return found


def deadline() -> Deadline:
    return Deadline.objects.select_related("holder").get(kind="handover")


@pytest.mark.parametrize("state", HandoverState.values)
@pytest.mark.parametrize("verb", STARTS_FROM)
def test_verb_starts_from(state, verb) -> None:
    assert Handover(state=state).can_go(verb) == (state in STARTS_FROM[verb])
    assert set(Handover.verbs()) == set(STARTS_FROM)


def test_it_is_laid_out_at_signing_for_the_lead_of_the_request(where) -> None:
    handover = make.handed_over_by(where)

    assert [part.get_heading_display() for part in handover.parts.order_by("order")] == [
        "Obligations",
        "Indicators",
        "Risks",
        "Key dates",
        "Documents",
    ]
    assert (handover.state, handover.lead.name) == ("preparing", "Lewis Grant")
    assert (deadline().holder, deadline().due_on) == (handover.lead, handover.contract.starts_on)


def test_service_that_bought_by_itself_hands_nothing_over(where, client) -> None:
    contract = make.mobilising(where)
    client.force_login(where.sam)

    assert Handover.objects.count() == 0
    assert "No handover is due: CCPS did not buy this." in words_of(client.get(f"/contracts/{contract.pk}/handover/"))


def test_page_shows_what_is_known_so_that_nothing_is_typed_twice(where, client) -> None:
    commission = buying.commission(where)
    handover = make.handed_over_by(where, commission)
    make.indicator(handover.contract, name="People reporting a better week")
    buying.high_risk(commission)
    client.force_login(handover.lead)

    text = words_of(client.get(handover.get_absolute_url()))

    for words in (
        "Lewis Grant, CCPS prepares it.",
        "The council: pay £18,000 excluding VAT over the whole term",
        "Council: Agree the governance structure",
        "People reporting a better week: 90% or more, monthly, first results due",
        "Health records.",
        "Obligations: not confirmed",
    ):
        assert words in text, words


@pytest.mark.requirement("N-172")
def test_handover_is_confirmed_offered_and_accepted_by_pages(where, client) -> None:
    commission = buying.commission(where)
    handover = make.handed_over_by(where, commission)
    make.indicator(handover.contract)
    client.force_login(handover.lead)
    for part in handover.parts.all():
        done = fill(client, f"/handovers/parts/{part.pk}/", words="As the contract says.")
        assert done.status_code == 302
    assert said(fill(client, f"/handovers/{handover.pk}/do/offer/"))[-1] == (
        "Handover offered. Sam Birtles accepts it or returns it."
    )
    assert deadline().holder == where.sam
    assert OutboxMessage.objects.get(kind="handover_offered").person == where.sam
    client.force_login(where.sam)

    done = fill(client, f"/handovers/{handover.pk}/do/accept/")

    assert said(done)[-1] == "Handover accepted. You are responsible for the contract now."
    assert (Handover.objects.get().settled_by, deadline().done_at is not None) == (where.sam, True)
    assert not [blocker for blocker in is_secured(commission) if blocker.key == "handover"]


def test_nothing_is_offered_before_each_heading_is_confirmed_and_something_measured(where) -> None:
    handover = make.handed_over_by(where)
    with pytest.raises(Blocked) as refused:
        door.carry_out(handover, "offer", by=handover.lead)
    assert [blocker.words for blocker in refused.value.blockers] == [
        f"{heading}: not confirmed" for heading in ("Obligations", "Indicators", "Risks", "Key dates", "Documents")
    ]
    for part in handover.parts.all():
        handovers.confirm_part(part, version=1, words="", by=handover.lead)

    with pytest.raises(Blocked) as refused:
        door.carry_out(handover, "offer", by=handover.lead)

    assert [blocker.words for blocker in refused.value.blockers] == [
        "Indicators: none is set. Add one with its interval, or write why none is needed"
    ]


@pytest.mark.requirement("N-172")
def test_refused_handover_returns_to_the_lead_with_the_gaps_and_the_commission_stays(where, client) -> None:
    commission = buying.commission(where)
    handover = offered(where, commission=commission)
    client.force_login(where.sam)
    blank = fill(client, f"/handovers/{handover.pk}/do/send_back/")
    assert blank.context["form"].errors["gap_obligations"] == ["Say what is missing under at least one heading"]

    done = fill(client, f"/handovers/{handover.pk}/do/send_back/", gap_risks="The TUPE list is not there.")

    assert said(done)[-1] == "Handover returned with the gaps. Lewis Grant has it again."
    part = handover.parts.get(heading="risks")
    assert (part.gap, part.confirmed_at) == ("The TUPE list is not there.", None)
    assert (deadline().holder, deadline().done_at) == (handover.lead, None)
    assert OutboxMessage.objects.get(kind="handover_returned").person == handover.lead
    fresh = Commission.objects.select_related("case_file").get(pk=commission.pk)
    reference = handover.contract.case_file.reference
    assert f"Handover of {reference} from CCPS: returned with gaps" in [b.words for b in is_secured(fresh)]
    with pytest.raises(Blocked, match="returned with gaps"):
        door.carry_out(fresh, "to_review", by=where.sam)
    assert Commission.objects.get(pk=commission.pk).state == "secure"
    client.force_login(handover.lead)
    page = words_of(client.get(handover.get_absolute_url()))
    assert "The TUPE list is not there." in page
    assert "Risks: not confirmed" in page

    handovers.confirm_part(part, version=part.version, words="TUPE list: see the file.", by=handover.lead)
    again = door.carry_out(handover, "offer", by=handover.lead).subject

    assert (again.state, handover.parts.get(heading="risks").gap) == ("offered", "")
    assert "(Risks: The TUPE list is not there.)" in words_of(client.get(f"/contracts/{handover.contract_id}/history/"))


def test_what_was_offered_stays_as_it_was_offered(where, client) -> None:
    handover = offered(where)
    part = handover.parts.get(heading="risks")
    with pytest.raises(Refused, match="This handover is offered, so what it says stands"):
        handovers.confirm_part(part, version=part.version, words="Other", by=handover.lead)
    make.indicator(handover.contract, name="Added afterwards")
    client.force_login(where.sam)

    assert "Added afterwards" not in words_of(client.get(handover.get_absolute_url()))


def test_two_officers_who_confirm_a_heading_are_both_heard(where) -> None:
    handover = make.handed_over_by(where)
    part = handover.parts.first()
    handovers.confirm_part(part, version=1, words="First", by=handover.lead)

    with pytest.raises(Stale) as refused:
        handovers.confirm_part(part, version=1, words="Second", by=handover.lead)

    assert refused.value.theirs == {"What CCPS adds": "First"}


def test_who_may(where, client) -> None:
    both = people.person(Role.CCPS_OFFICER, at=where.organisation, name="Both Roles")
    people.membership(both, Role.CONTRACT_MANAGER, where.organisation)
    handover = offered(where, lead=both)

    for person in (both, where.priya, where.tom):
        with pytest.raises(NotPermitted, match="Sam Birtles"):
            door.carry_out(handover, "accept", by=person)
    with pytest.raises(NotPermitted):
        handovers.confirm_part(handover.parts.first(), version=2, words="", by=where.sam)
    stranger = people.person(Role.CCPS_OFFICER)
    client.force_login(stranger)
    for url in (
        handover.get_absolute_url(),
        f"/handovers/{handover.pk}/do/accept/",
        f"/handovers/parts/{handover.parts.first().pk}/",
    ):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("size", [1, 12])
def test_page_and_acts_cost_the_same_whatever_hangs_on_it(where, client, queries_of, size) -> None:
    handover = make.confirmed(make.handed_over_by(where))
    for _ in range(size):
        make.indicator(handover.contract)
    client.force_login(handover.lead)
    client.get(handover.get_absolute_url())

    page = queries_of(lambda: client.get(handover.get_absolute_url()))
    offer = queries_of(lambda: door.carry_out(handover, "offer", by=handover.lead, act_id=uuid.uuid4()))
    back = queries_of(
        lambda: door.carry_out(handover, "send_back", by=where.sam, act_id=uuid.uuid4(), gaps={"risks": "TUPE"})
    )

    assert len(page) <= 8, page
    assert len(offer) <= 20, offer
    assert len(back) <= 20, back
    assert AuditEvent.objects.filter(verb__startswith="handover.", is_refusal=False).count() == 8


def test_signing_that_begins_a_handover_stays_within_its_budget(where, queries_of) -> None:
    contract = make.awarded(where)
    make.bought_by_ccps(contract, where)
    make.sign_for_council(contract, where)

    found = queries_of(lambda: make.sign_for_supplier(contract, where, act_id=uuid.uuid4()))

    # Two more than an award: the handover and its headings are laid out by the same act.
    assert len(found) <= 22, found
