"""Effects of a commission: harm has an action or a reason, actions fall due and are finished, gates show who is hit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from casework.models import Deadline
from casework.refusals import Refused
from casework.services import proof
from commissioning.impact_sheets import IMPACT_EFFECTS
from commissioning.models import Commission, ImpactEffect
from commissioning.services import sheets
from documents.models import Paper
from documents.selectors import contents_of
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]
HARM = {
    "area": "disability",
    "who": "People with dementia meet new faces",
    "effect": "negative",
    "gap": "neutral",
    "evidence": "The carers' forum",
}


def entered(commission: Commission, by: Person, **fields: Any) -> ImpactEffect:
    """An effect written through the service."""
    return ImpactEffect.objects.get(pk=sheets.save_row(commission, IMPACT_EFFECTS, HARM | fields, by=by).pk)


def action(owner: Person) -> dict[str, str]:
    """What the form sends of an action."""
    due = {"due_on_0": "30", "due_on_1": "10", "due_on_2": "2026"}
    return {"action": "Two visits together.", "owner": str(owner.pk)} | due


@pytest.mark.requirement("N-279")
def test_harm_asks_for_an_action_or_a_reason_and_the_action_is_tracked_to_its_end(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = steps.in_analyse(alder)
    priya, sam = sign_in(alder.priya), sign_in(alder.sam)
    add = f"/commissions/{commission.pk}/sheets/impact_effects/add/"

    assert "This does harm: say what will be done about it" in priya.post(add, HARM).content.decode()
    half = priya.post(add, HARM | {"action": "Two visits together."}).content.decode()
    assert "Choose who sees to the action" in half
    assert "Enter the date of the action" in half
    assert not ImpactEffect.objects.exists()
    assert priya.post(add, HARM | {"justification": "It lasts a week."}).status_code == 302
    assert priya.post(add, HARM | action(alder.sam)).status_code == 302

    row = ImpactEffect.objects.get(owner=alder.sam)
    due = Deadline.objects.get(kind="impact_action")
    assert (due.due_on, due.holder, due.done_at) == (date(2026, 10, 30), alder.sam, None)
    assert due.title == "Impact action: Two visits together."
    assert proof.prove(mend=False, kinds=["impact_action"]) == []

    done = f"/commissions/{commission.pk}/impact/{row.pk}/done/"
    assert done in sam.get(f"/commissions/{commission.pk}/impact/").content.decode()
    assert sign_in(alder.tom).get(done).status_code == 403
    assert sam.post(done, {"done_how": "Both visits took place."}).status_code == 302
    due.refresh_from_db()
    row.refresh_from_db()
    assert due.done_at is not None
    assert (row.done_on, row.done_how) == (date(2026, 9, 7), "Both visits took place.")
    assert "done already" in sam.post(done, {"done_how": "Again"}, follow=True).content.decode()
    page = priya.get(f"/commissions/{commission.pk}/impact/").content.decode()
    assert "Done 7 September 2026" in page
    assert "Nothing is done: It lasts a week." in page


def test_action_that_moves_or_goes_takes_its_deadline_along(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    row = entered(commission, alder.priya, action="Visits", owner=alder.sam, due_on=date(2026, 10, 30))

    later = {"due_on": date(2026, 11, 30), "owner": alder.tom}
    sheets.save_row(commission, IMPACT_EFFECTS, HARM | {"action": "Visits"} | later, by=alder.priya, row=row, version=1)
    due = Deadline.objects.get(kind="impact_action")
    assert (due.due_on, due.holder, due.done_at) == (date(2026, 11, 30), alder.tom, None)

    sheets.remove_row(IMPACT_EFFECTS, row, by=alder.priya)
    due.refresh_from_db()
    assert due.done_at is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        ImpactEffect.objects.update(action="", done_on=date(2026, 9, 7))


@pytest.mark.requirement("N-279")
def test_full_assessment_is_not_submitted_while_harm_is_left_open(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    paper = papers.begin(commission.case_file, "full_impact_assessment", by=alder.priya)
    row = entered(commission, alder.priya)

    words = "Disability: People with dementia meet new faces: does harm, with neither an action nor a reason to go on"
    assert words in refused(paper, alder, disability="mixed", gap_place="widens")
    missing = "1 answer tells of harm without an entry among the effects: Place"
    assert missing in refused(paper, alder, disability="mixed", gap_place="widens")

    ImpactEffect.objects.filter(pk=row.pk).update(justification="It lasts a week.")
    entered(commission, alder.priya, area="place", effect="neutral", gap="widens", justification="Buses come in May.")
    assert steps.submit(paper, alder.priya, disability="mixed", gap_place="widens").state == "submitted"


def refused(paper: Any, alder: Alder, **said: str) -> list[str]:
    """The blockers of submitting a paper that is answered."""
    with pytest.raises(Refused) as refusal:
        steps.submit(paper, alder.priya, **said)
    return [blocker.words for blocker in refusal.value.blockers]


@pytest.mark.requirement("N-280")
def test_each_effect_says_what_it_does_to_inequality_with_evidence(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya = sign_in(alder.priya)
    add = f"/commissions/{commission.pk}/sheets/impact_effects/add/"

    page = priya.post(add, HARM | {"gap": "", "evidence": ""}).content.decode()
    assert "Choose what it does to inequality" in page
    assert "Enter the evidence" in page
    for gap, words in ImpactEffect.Gap.choices:
        fields = {"effect": "positive", "gap": gap, "justification": "Seen."}
        assert priya.post(add, HARM | fields).status_code == 302
        assert str(words) in priya.get(f"/commissions/{commission.pk}/impact/").content.decode()
    assert ImpactEffect.objects.count() == 3


@pytest.mark.requirement("N-282")
@pytest.mark.requirement("N-283")
def test_approvers_see_groups_affected_and_the_statement_of_due_regard(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    steps.screened(commission, alder.priya, affects_people="yes")
    entered(commission, alder.priya, justification="It lasts a week.")
    gate = walk.submitted(commission, 1, alder.priya)
    tom = sign_in(alder.tom)

    for address in (gate.get_absolute_url(), f"{gate.get_absolute_url()}decide/"):
        page = tom.get(address).content.decode()
        assert "Screened: full assessment needed, not submitted" in page
        assert "Disability: People with dementia meet new faces. Bad." in page
        assert "Nothing is done: It lasts a week." in page

    paper = papers.begin(commission.case_file, "full_impact_assessment", by=alder.priya)
    steps.submit(paper, alder.priya, due_regard="Everybody chooses from the same times.")
    page = tom.get(f"/commissions/{commission.pk}/impact/").content.decode()
    assert "Due regard: Everybody chooses from the same times." in page


@pytest.mark.requirement("N-284")
def test_administrators_read_the_two_answers_about_the_form(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    paper = papers.begin(commission.case_file, "full_impact_assessment", by=alder.priya)
    steps.submit(paper, alder.priya, form_ease="hard", form_better="Fewer boxes about marriage")
    ada = sign_in(alder.by_role[Role.ADMINISTRATOR])

    page = ada.get("/impact/form-feedback/").content.decode()
    assert "Fewer boxes about marriage" in page
    assert "Hard" in page
    assert sign_in(alder.priya).get("/impact/form-feedback/").status_code == 403


def test_pages_of_the_impact_ask_the_same_whatever_the_rows(alder: Alder, sign_in: SignIn, queries_of: Any) -> None:
    commission = steps.in_analyse(alder)
    steps.screened(commission, alder.priya)
    priya = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/impact/"
    priya.get(address)
    entered(commission, alder.priya, justification="It lasts a week.")

    one = queries_of(lambda: priya.get(address))
    for number in range(30):
        entered(commission, alder.priya, who=f"Group {number}", action="See", owner=alder.sam, due_on=date(2026, 12, 1))
    make.engaged(commission)
    many = queries_of(lambda: priya.get(address))

    assert len(one) == len(many) <= 8, many


@pytest.mark.requirement("N-276")
def test_one_form_holds_equality_carbon_and_inequalities(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    opened = sign_in(alder.priya).post(f"/commissions/{commission.pk}/papers/full_impact_assessment/", {}, follow=True)
    paper = Paper.objects.get(template_key="full_impact_assessment")

    assert opened.redirect_chain[-1][0].startswith(paper.get_absolute_url())
    sections = [section.key for section in contents_of(paper).shape.sections]
    assert [key for key in sections if key in ("equality", "inequalities", "carbon")] == [
        "equality",
        "inequalities",
        "carbon",
    ]
