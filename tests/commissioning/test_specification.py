"""The specification: signed off before anyone is asked for a price, and undone by an edit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import AuditEvent, WorkItem
from casework.refusals import Blocked
from commissioning.models import Commission, PlannedIndicator, Specification, SpecificationRound
from commissioning.selectors.specification_warnings import NO_FEEDBACK
from commissioning.services import measures, specifications
from documents.facts import load_facts
from documents.models import Answer, Paper
from documents.services import papers
from organisation import clock
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


def indicator(commission: Commission, by: Person, **fields: Any) -> PlannedIndicator:
    """One planned indicator."""
    given = {"name": "Visits on time", "unit": "%", "target": Decimal(95), "baseline": Decimal(81)}
    return measures.save_indicator(commission, by=by, **given | fields)


@pytest.mark.requirement("N-104")
def test_each_indicator_has_a_baseline_or_the_reason_for_none_before_sign_off(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    made = specifications.open_specification(commission, by=alder.priya)
    steps.submit(made.paper, alder.priya)
    row = indicator(commission, alder.priya, baseline=None)

    assert steps.refused(again(made), "send_for_sign_off", alder.priya) == [
        "Indicator “Visits on time”: no baseline, and no reason for none"
    ]

    sent = {
        "name": "Visits on time", "unit": "%", "target": "95", "direction": "higher", "interval": "monthly",
        "no_baseline_reason": "The present provider keeps no log", "version": row.version,
    }  # fmt: skip
    address = f"/commissions/{commission.pk}/indicators/{row.pk}/"
    both = sign_in(alder.priya).post(address, sent | {"baseline": "81"}).content.decode()
    assert "Leave this blank: you gave where it stands today" in both
    assert sign_in(alder.priya).post(address, sent).status_code == 302
    shown = load_facts([commission.case_file], ["planned_indicators"])[commission.case_file_id]["planned_indicators"]
    assert "no baseline: The present provider keeps no log" in shown.shown
    door.carry_out(again(made), "send_for_sign_off", by=alder.priya)
    assert door.carry_out(again(made), "sign_off", by=alder.tom).subject.state == "signed_off"


def test_indicators_are_written_once_and_the_paper_shows_them(alder: Alder, commission: Commission) -> None:
    made = specifications.open_specification(commission, by=alder.priya)
    indicator(commission, alder.priya)

    asked = steps.contents_of(made.paper).shape.questions["spec_indicators"]
    steps.submit(made.paper, alder.priya)

    assert (asked.kind, asked.fact) == ("fact", "planned_indicators")
    assert "Visits on time: from 81% to 95%" in str(made.paper.revisions.latest("number").content)


@pytest.mark.requirement("N-117")
def test_clear_understandable_specific_and_measurable_are_answered_before_sign_off(
    alder: Alder, commission: Commission
) -> None:
    made = specifications.open_specification(commission, by=alder.priya)
    blockers = " ".join(blocker.words for blocker in papers.blockers(made.paper))
    for words in ("clear", "understand", "specific", "be measured"):
        assert words in blockers
    assert steps.refused(made, "send_for_sign_off", alder.priya) == ["Specification: not submitted"]
    columns = steps.contents_of(made.paper).shape.questions["requirements"].columns
    assert ("measurable", "flag") in [(column.key, column.kind) for column in columns]


@pytest.mark.requirement("N-118")
def test_nobody_outside_asked_is_a_warning_at_sign_off_and_nothing_more(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    made = specifications.open_specification(commission, by=alder.priya)
    steps.submit(made.paper, alder.priya)
    door.carry_out(made, "send_for_sign_off", by=alder.priya)
    Answer.objects.filter(paper=made.paper, question_key="feedback").delete()
    tom, address = sign_in(alder.tom), f"/specifications/{made.pk}/do/sign_off/"
    assert "No supplier or voluntary organisation has given feedback" in tom.get(address).content.decode()

    rounds = [{"id": "1", "cells": {"who": "Two firms", "said": "Shorter", "changed": "Cut", "when": "2026-09-01"}}]
    Answer.objects.update_or_create(
        paper=made.paper, question_key="feedback", defaults={"value": rounds, "version": 1, "saved_at": clock.now()}
    )
    assert "has given feedback" not in tom.get(address).content.decode()
    Answer.objects.filter(question_key="feedback").delete()
    assert tom.post(address).status_code == 302
    assert again(made).state == "signed_off"


@pytest.mark.requirement("N-119")
def test_changing_an_indicator_undoes_the_sign_off_like_any_edit(alder: Alder, commission: Commission) -> None:
    row = indicator(commission, alder.priya)
    steps.signed_off(commission, alder)

    same = {"name": row.name, "unit": "%", "target": Decimal(95), "baseline": Decimal(81)}
    measures.save_indicator(commission, by=alder.priya, row=row, version=1, **same)
    assert commission.specifications.get().state == "signed_off", "saving it unchanged undoes nothing"

    measures.save_indicator(commission, by=alder.priya, row=row, version=2, **same | {"target": Decimal(97)})

    first, second = commission.specifications.order_by("number")
    assert (first.state, second.state, second.paper.state) == ("superseded", "drafting", "drafting")
    assert AuditEvent.objects.get(verb="specification.supersede").reason == "The indicator “Visits on time” was changed"


@pytest.mark.requirement("N-120")
def test_ccps_asks_legal_to_look_and_the_sign_off_waits_for_the_answer(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    made = specifications.open_specification(commission, by=alder.priya)
    steps.submit(made.paper, alder.priya)
    door.carry_out(made, "send_for_sign_off", by=alder.priya)
    address = f"/commissions/{commission.pk}/specification/legal/"
    assert sign_in(alder.priya).get(address).status_code == 403
    assert "specification/legal/" not in sign_in(alder.priya).get(made.get_absolute_url()).content.decode()
    lewis = sign_in(alder.by_role[Role.CCPS_OFFICER])
    assert "specification/legal/" in lewis.get(made.get_absolute_url()).content.decode()

    sent = {"question": "Do the special terms hold?", "needed_by_0": 30, "needed_by_1": 11, "needed_by_2": 2026}
    assert lewis.post(address, sent).status_code == 302
    item = WorkItem.objects.get(queue__key="legal")

    assert steps.refused(again(made), "sign_off", alder.tom) == ["Legal: answer on the specification awaited"]
    WorkItem.objects.filter(pk=item.pk).update(state="answered", answer="agreed")
    assert door.carry_out(again(made), "sign_off", by=alder.tom).subject.state == "signed_off"
    history = sign_in(alder.priya).get(f"/commissions/{commission.pk}/history/").content.decode()
    assert "said that Legal has to look at the specification" in history


@pytest.mark.requirement("N-116")
def test_specification_has_its_five_sections_and_every_signed_version_stays_readable(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    first = steps.signed_off(commission, alder)
    page = priya.get(again(first).read_url).content.decode()
    for section in (
        "Outcomes", "Requirements", "Performance indicators", "Quality criteria",
        "Contractual and regulatory requirements",
    ):  # fmt: skip
        assert section in page
    again_ = priya.post(f"/specifications/{first.pk}/do/supersede/", {"note": "Twelve more places."})
    assert again_.status_code == 302
    papers.save_answers(again(first).paper, "requirements", {"overview": "Thirty places now"}, alder.priya, 10_000)
    second = commission.specifications.get(number=2)
    steps.submit(second.paper, alder.priya, overview="Thirty places now")
    door.carry_out(second, "send_for_sign_off", by=alder.priya)
    door.carry_out(again(second), "sign_off", by=alder.tom)

    page = priya.get(f"/commissions/{commission.pk}/specification/").content.decode()

    assert (
        page.index("Version 2") < page.index("Read version 2") < page.index("Version 1") < page.index("Read version 1")
    )
    assert "Superseded" in page
    one, two = (priya.get(row.read_url).content.decode() for row in commission.specifications.order_by("number"))
    assert "Thirty places now" in two
    assert "Thirty places now" not in one
    signed = AuditEvent.objects.filter(verb="specification.sign_off").latest("pk")
    assert signed.changes["document"] == "specification, version 2, revision 2"


def test_rounds_of_feedback_are_numbered_and_one_is_closed_before_the_next(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya, add = sign_in(alder.priya), f"/commissions/{commission.pk}/sheets/specification_rounds/add/"
    page = f"/commissions/{commission.pk}/specification/"
    opened = {"opened_on_0": 1, "opened_on_1": 9, "opened_on_2": 2026, "asked": "Two firms\nBefrienders"}
    closed = {"closed_on_0": 5, "closed_on_1": 9, "closed_on_2": 2026}
    assert "not begun" in priya.post(add, opened).content.decode()
    made = specifications.open_specification(commission, by=alder.priya)
    assert priya.post(add, opened).status_code == 302
    assert "Round 1 is still open. Close it before you open another" in priya.post(add, opened).content.decode()
    row = SpecificationRound.objects.get()
    change = add.removesuffix("add/") + f"{row.pk}/"
    silent = priya.post(change, opened | closed | {"version": row.version}).content.decode()
    assert "Say what came back before you close the round" in silent
    backwards = closed | {"closed_on_1": 8, "came_back": "Shorter"}
    assert "before it was opened" in priya.post(change, opened | backwards | {"version": 1}).content.decode()
    assert NO_FEEDBACK in priya.get(page).context["warnings"]

    priya.post(change, opened | closed | {"version": row.version, "came_back": "Shorter, please"})
    assert priya.post(add, opened).status_code == 302

    shown = priya.get(page).content.decode()
    for words in ("Round 1", "Round 2", "1 September 2026", "Befrienders", "Shorter, please", "5 September 2026"):
        assert words in shown, words
    assert shown.index("Round 1") < shown.index("Round 2")
    numbers = SpecificationRound.objects.order_by("pk").values_list("number", "specification_number")
    assert list(numbers) == [(1, made.number), (2, made.number)]
    assert priya.get(page).context["warnings"] == [], "somebody outside has answered"
    assert "Open a round" not in sign_in(alder.tom).get(page).content.decode()
    assert sign_in(alder.tom).post(add, opened).status_code == 403
