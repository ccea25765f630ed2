"""Stakeholders named for the target outcomes of gate 1 say what they think, and approvers see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casework.models import OutboxMessage, WorkItem
from commissioning.models import Commission, Gate, OutcomeView
from commissioning.selectors.outcome_views import outcomes_of
from commissioning.services import stakeholders
from commissioning.services.stakeholders import View
from documents.models import Paper, SectionComment
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    return steps.in_analyse(alder, value=640000, ticked=("strategic",))


@pytest.fixture
def gate(alder: Alder, commission: Commission) -> Gate:
    gate = walk.begun(commission, 1, alder.priya)
    paper = Paper.objects.get(pk=gate.paper_id)
    for words in ("People stay at home longer", "Fewer falls"):
        row = {"outcome": words, "who": "Residents", "known_by": "Visits"}
        papers.save_row(paper, "aims", "outcomes", "", row, alder.priya)
    return gate


@pytest.mark.requirement("N-091")
def test_named_stakeholder_agrees_or_comments_and_the_approver_sees_it(
    alder: Alder, commission: Commission, gate: Gate, sign_in: SignIn
) -> None:
    author, sam = sign_in(alder.priya), sign_in(alder.sam)
    address = f"/commissions/{commission.pk}/gates/1/outcomes/"
    asked = author.post(f"{address}ask/", {"person": alder.sam.pk, "stake": "runs the centre"}, follow=True)
    assert "Sam Birtles is asked." in asked.content.decode()
    assert "Asked, no view yet" in asked.content.decode()
    task = WorkItem.objects.get(kind="outcome_view")
    assert (task.assignee, task.path) == (alder.sam, address)
    assert OutboxMessage.objects.get(kind="outcome_view").person == alder.sam

    page = sam.get(address).content.decode()
    assert "People stay at home longer" in page
    half = sam.post(address, {"view_1": "agree", "words_1": "", "view_2": "comment", "words_2": " "})
    assert "Write your comment on outcome 2" in half.content.decode()
    done = sam.post(
        address, {"view_1": "agree", "words_1": "", "view_2": "comment", "words_2": "By how many?"}, follow=True
    )

    assert "Your view is recorded." in done.content.decode()
    assert "Agrees with 1 of 2, comments on 1" in done.content.decode()
    comment = SectionComment.objects.get()
    assert (comment.about, comment.words, comment.made_as) == ("Fewer falls", "By how many?", "Stakeholder")
    assert OutboxMessage.objects.get(kind="paper_comment").person == alder.priya
    task.refresh_from_db()
    assert task.state == "answered"

    walk.submitted(commission, 1, alder.priya)
    decision = sign_in(alder.tom).get(f"/commissions/{commission.pk}/gates/1/decide/").content.decode()
    assert "By how many?" in decision
    assert "Sam Birtles, runs the centre" in decision


def test_only_those_named_say_anything(alder: Alder, commission: Commission, gate: Gate, sign_in: SignIn) -> None:
    address = f"/commissions/{commission.pk}/gates/1/outcomes/"
    row = stakeholders.name_stakeholder(gate, alder.sam, stake="", by=alder.priya)

    read = sign_in(alder.by_role[Role.LEGAL])
    assert "Give your view" not in read.get(address).content.decode()
    refused = read.post(address, {"view_1": "agree", "view_2": "agree"})
    assert (refused.status_code, "Ask Sam Birtles" in refused.content.decode()) == (403, True)
    assert sign_in(alder.olive).get(address).status_code == 404
    assert sign_in(alder.sam).post(f"{address}ask/", {"person": alder.tom.pk}).status_code == 403
    own = sign_in(alder.priya).post(f"{address}ask/", {"person": alder.priya.pk, "stake": ""})
    assert "writes this paper" in own.content.decode()
    sign_in(alder.priya).post(f"{address}{row.pk}/remove/")
    assert sign_in(alder.sam).post(address, {"view_1": "agree", "view_2": "agree"}).status_code == 403
    assert not OutcomeView.objects.exists()
    assert WorkItem.objects.get(kind="outcome_view").state == "closed"


def test_an_outcome_that_reads_otherwise_is_asked_again(alder: Alder, gate: Gate, sign_in: SignIn) -> None:
    row = stakeholders.name_stakeholder(gate, alder.sam, stake="", by=alder.priya)
    paper = Paper.objects.get(pk=gate.paper_id)
    stakeholders.give_views(row, {key: View(True) for key, _ in outcomes_of(paper)}, by=alder.sam)
    address = f"/commissions/{gate.commission_id}/gates/1/outcomes/"
    assert "Agrees with 2 of 2" in sign_in(alder.priya).get(address).content.decode()

    key = outcomes_of(paper)[1][0]
    papers.save_row(paper, "aims", "outcomes", key, {"outcome": "No falls", "who": "All", "known_by": "x"}, alder.priya)

    page = sign_in(alder.priya).get(address).content.decode()
    assert "Agrees with 1 of 2" in page
    assert "Changed since" in page


def test_pages_cost_the_same_with_one_stakeholder_and_with_twelve(
    alder: Alder, commission: Commission, gate: Gate, sign_in: SignIn, queries_of: Any
) -> None:
    page, address = sign_in(alder.priya), f"/commissions/{commission.pk}/gates/1/"

    def costs() -> tuple[int, int]:
        page.get(address), page.get(f"{address}outcomes/")
        return (
            len(queries_of(lambda: page.get(address))),
            len(queries_of(lambda: page.get(f"{address}outcomes/"))),
        )

    def named(number: int) -> None:
        person = people.person(Role.CONTRACT_MANAGER, at=alder.council, name=f"Person {number}")
        row = stakeholders.name_stakeholder(gate, person, stake="", by=alder.priya)
        paper = Paper.objects.get(pk=gate.paper_id)
        stakeholders.give_views(row, {key: View(False, "Why?") for key, _ in outcomes_of(paper)}, by=person)

    named(0)
    with_one = costs()
    assert with_one[0] <= 8
    for number in range(1, 12):
        named(number)
    assert costs() == with_one
    assert max(with_one) <= 10
