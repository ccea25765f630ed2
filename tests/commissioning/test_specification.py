"""The specification: signed off before anyone is asked for a price, and undone by an edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import AuditEvent
from casework.refusals import Blocked
from commissioning.models import Commission, Specification
from commissioning.services import specifications
from documents.models import Paper
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    return steps.put_in(steps.in_analyse(alder), "plan")


def again(specification: Specification) -> Specification:
    return Specification.objects.select_related("paper").get(pk=specification.pk)


def test_opening_it_twice_opens_one(alder: Alder, commission: Commission) -> None:
    first = specifications.open_specification(commission, by=alder.priya)
    second = specifications.open_specification(commission, by=alder.priya)

    assert (first, first.number, first.state) == (second, 1, "drafting")
    assert Paper.objects.filter(template_key="specification").count() == 1


def test_words_are_complete_before_anyone_is_asked_to_sign_them(alder: Alder, commission: Commission) -> None:
    made = specifications.open_specification(commission, by=alder.priya)

    assert steps.refused(made, "send_for_sign_off", alder.priya) == ["Specification: not submitted"]

    steps.submit(made.paper, alder.priya)
    assert door.carry_out(made, "send_for_sign_off", by=alder.priya).subject.state == "in_review"


def test_service_leader_signs_it_off(alder: Alder, commission: Commission) -> None:
    signed = steps.signed_off(commission, alder)

    assert (signed.state, signed.signed_off_by, signed.signed_off_at is not None) == ("signed_off", alder.tom, True)
    event = AuditEvent.objects.get(verb="specification.sign_off")
    assert (event.actor_id, event.role, event.case_id) == (alder.tom.pk, "service_leader", commission.case_file_id)


def test_returning_it_opens_the_paper_with_the_reason(alder: Alder, commission: Commission) -> None:
    made = specifications.open_specification(commission, by=alder.priya)
    steps.submit(made.paper, alder.priya)
    door.carry_out(made, "send_for_sign_off", by=alder.priya)

    returned = door.carry_out(again(made), "return_for_changes", by=alder.tom, note="Say how it is measured.").subject

    assert returned.state == "drafting"
    paper = again(made).paper
    assert (paper.state, paper.returned_with["words"]) == ("drafting", "Say how it is measured.")
    steps.submit(paper, alder.priya)
    door.carry_out(again(made), "send_for_sign_off", by=alder.priya)
    assert door.carry_out(again(made), "sign_off", by=alder.tom).subject.state == "signed_off"


@pytest.mark.parametrize("state", ["in_review", "signed_off"])
def test_paper_alone_cannot_be_reopened_while_somebody_relies_on_it(
    alder: Alder, commission: Commission, state: str
) -> None:
    made = specifications.open_specification(commission, by=alder.priya)
    steps.submit(made.paper, alder.priya)
    door.carry_out(made, "send_for_sign_off", by=alder.priya)
    if state == "signed_off":
        door.carry_out(again(made), "sign_off", by=alder.tom)
    words = {"in_review": "in review", "signed_off": "signed off"}[state]

    with pytest.raises(Blocked) as refusal:
        papers.reopen(again(made).paper, by=alder.priya, note="One more word.")

    assert steps.words_of(refusal.value) == [f"Specification version 1: {words}. Edit it from its own page"]
    assert refusal.value.blockers[0].url == f"/commissions/{commission.pk}/specification/"
    assert again(made).paper.state == "submitted"


def test_edit_after_sign_off_undoes_it_and_opens_version_2(alder: Alder) -> None:
    commission = steps.ready_for_secure(alder)
    first = commission.specifications.get()

    door.carry_out(first, "supersede", by=alder.priya, note="Twelve more places.")

    first, second = commission.specifications.order_by("number")
    assert (first.state, first.signed_off_by) == ("superseded", alder.tom), "who signed version 1 stays on record"
    assert (second.number, second.state, second.signed_off_by) == (2, "drafting", None)
    assert (second.paper_id, second.paper.state) == (first.paper_id, "drafting")
    assert second.paper.revisions.count() == 1, "what was signed off stays as it was"
    assert steps.refused(commission, "to_secure", alder.priya) == ["Specification: not signed off"]
    opened = AuditEvent.objects.filter(verb="specification.open").latest("pk")
    assert (opened.reason, opened.subject_id) == ("Twelve more places.", str(second.pk))

    steps.submit(second.paper, alder.priya)
    door.carry_out(second, "send_for_sign_off", by=alder.priya)
    door.carry_out(second, "sign_off", by=alder.tom)
    assert steps.go(commission, "to_secure", alder.priya).state == "secure"


def test_edit_after_sign_off_says_why(alder: Alder) -> None:
    commission = steps.ready_for_secure(alder)

    assert steps.refused(commission.specifications.get(), "supersede", alder.priya, note="") == ["Reason: not given"]
    assert commission.specifications.count() == 1


def test_page_offers_each_person_what_they_may_do(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    address = f"/commissions/{commission.pk}/specification/"

    def shown(person: Person) -> str:
        return sign_in(person).get(address).content.decode()

    assert "The specification has not been begun." in shown(alder.tom)
    priya = sign_in(alder.priya)
    page = priya.post(address, follow=True)
    assert "Specification begun. Write it, submit it, then send it for sign-off." in page.content.decode()
    assert "Send for sign-off: not yet." in shown(alder.priya)
    assert "Send for sign-off" not in shown(alder.tom)

    made = commission.specifications.get()
    steps.submit(made.paper, alder.priya)
    page = priya.post(f"/specifications/{made.pk}/do/send_for_sign_off/", follow=True)
    assert page.status_code == 200
    assert "Sign off the specification" in shown(alder.tom)
    assert "Sign off the specification" not in shown(alder.priya)
    refused = priya.post(f"/specifications/{made.pk}/do/sign_off/")
    assert refused.status_code == 403
    assert "You cannot sign off the specification. Ask Tom Hesketh" in refused.content.decode()
    assert sign_in(alder.tom).post(f"/specifications/{made.pk}/do/sign_off/").status_code == 302
    assert "Signed off by Tom Hesketh, 7 September 2026." in shown(alder.by_role[Role.FINANCE])


def test_only_its_commissioner_begins_it(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    assert sign_in(alder.tom).post(f"/commissions/{commission.pk}/specification/").status_code == 403
    assert not commission.specifications.exists()


@pytest.mark.parametrize("verb", ["sign_off", "supersede", "send_for_sign_off", "no_such_verb"])
def test_specification_of_another_council_is_not_found(
    alder: Alder, commission: Commission, sign_in: SignIn, verb: str
) -> None:
    made: Any = specifications.open_specification(commission, by=alder.priya)

    for method in (sign_in(alder.olive).get, sign_in(alder.olive).post):
        assert method(f"/specifications/{made.pk}/do/{verb}/").status_code == 404


def test_it_cannot_be_begun_before_plan(alder: Alder, sign_in: SignIn) -> None:
    draft = make.registered_commission(alder.priya, service_area=alder.area)

    page = sign_in(alder.priya).post(f"/commissions/{draft.pk}/specification/")

    assert page.status_code == 409
    assert "The specification is written in Plan." in page.content.decode()
