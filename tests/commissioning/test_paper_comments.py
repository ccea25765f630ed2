"""Comments on the sections of a paper: made, answered, settled, kept with what they were made on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casework.models import OutboxMessage
from commissioning.models import Commission, Gate
from documents.models import Paper, SectionComment
from documents.services import comments
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    return steps.in_analyse(alder, value=640000, ticked=("strategic",))


@pytest.fixture
def gate(alder: Alder, commission: Commission) -> Gate:
    return walk.begun(commission, 1, alder.priya)


@pytest.fixture
def fiona(alder: Alder) -> Person:
    return alder.by_role[Role.FINANCE]


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_finance_comments_the_author_answers_and_finance_settles(
    alder: Alder,
    gate: Gate,
    fiona: Person,
    sign_in: SignIn,
) -> None:
    paper, reviewer, author = f"/papers/{gate.paper_id}/", sign_in(fiona), sign_in(alder.priya)
    assert "Comment on this section" in text(reviewer, f"{paper}read/")
    assert "Comment on this section" not in text(author, f"{paper}read/")

    empty = reviewer.post(f"{paper}comments/resources/", {"words": " "})
    assert "Enter your comment" in empty.content.decode()
    said = reviewer.post(f"{paper}comments/resources/", {"words": "Twelve days of Finance is too few."}, follow=True)
    assert "Your comment is sent. The author is told." in said.content.decode()
    made = SectionComment.objects.get()
    assert (made.made_as, made.made_on, made.section_key) == ("Finance", "draft 1", "resources")
    told = OutboxMessage.objects.get(kind="paper_comment")
    assert (told.person, "Twelve days of Finance is too few." in told.body) == (alder.priya, True)

    for address in (f"{paper}sections/resources/", paper, f"{paper}read/"):
        assert "Twelve days of Finance is too few." in text(author, address)
    assert "Twelve days" not in text(author, f"{paper}sections/aims/")
    author.post(f"{paper}comments/{made.pk}/answer/", {"words": "Now twenty."})
    back = OutboxMessage.objects.get(kind="paper_comment_answered")
    assert (back.person, "Now twenty." in back.body) == (fiona, True)
    page = text(reviewer, f"{paper}read/")
    assert "Answered" in page
    assert "Now twenty." in page

    reviewer.post(f"{paper}comments/{made.pk}/settle/", {"because": ""})
    made.refresh_from_db()
    assert made.settled_by == fiona
    assert "Twelve days" not in text(author, paper)
    assert "Settled by Fiona Mercer" in text(author, f"{paper}read/")


def test_author_settles_with_a_reason_only(alder: Alder, gate: Gate, fiona: Person, sign_in: SignIn) -> None:
    made = comments.comment(Paper.objects.get(pk=gate.paper_id), "aims", "Which aims come first?", by=fiona)
    author, address = sign_in(alder.priya), f"/papers/{gate.paper_id}/comments/{made.pk}/settle/"

    assert "Enter the reason" in author.post(address, {"because": ""}).content.decode()
    made.refresh_from_db()
    assert made.settled_at is None
    author.post(address, {"because": "They are ranked now."})

    made.refresh_from_db()
    assert (made.settled_by, made.settled_because) == (alder.priya, "They are ranked now.")
    assert OutboxMessage.objects.get(kind="paper_comment_settled").person == fiona
    again = author.post(f"/papers/{gate.paper_id}/comments/{made.pk}/answer/", {"words": "More"}, follow=True)
    assert "Priya Shah settled this comment" in again.content.decode()


def test_comments_stay_with_what_they_were_made_on(alder: Alder, commission: Commission, fiona: Person) -> None:
    gate = walk.submitted(commission, 1, alder.priya)
    paper = Paper.objects.get(pk=gate.paper_id)
    on_first = comments.comment(paper, "aims", "Unclear.", by=fiona)
    walk.decided(gate, "return_for_changes", alder.tom, note="Again.")
    on_draft = comments.comment(Paper.objects.get(pk=gate.paper_id), "aims", "Better.", by=fiona)

    assert (on_first.made_on, on_draft.made_on) == ("revision 1", "draft 2")


def test_who_may_comment(alder: Alder, gate: Gate, sign_in: SignIn) -> None:
    address = f"/papers/{gate.paper_id}/comments/aims/"

    refused = sign_in(alder.priya).get(address)
    assert refused.status_code == 403
    assert "You cannot comment on this paper. Ask" in refused.content.decode()
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.CONTRACT_MANAGER):
        assert sign_in(alder.by_role[role]).post(address, {"words": "No"}).status_code == 403
    assert sign_in(alder.olive).get(address).status_code == 404
    for role in (Role.CCPS_OFFICER, Role.LEGAL, Role.LEADERSHIP_APPROVER, Role.SERVICE_LEADER, Role.OTHER_FUNCTION):
        assert sign_in(alder.by_role[role]).get(address).status_code == 200
    assert not SectionComment.objects.exists()


def test_only_the_two_sides_answer(alder: Alder, gate: Gate, fiona: Person, sign_in: SignIn) -> None:
    made = comments.comment(Paper.objects.get(pk=gate.paper_id), "aims", "Which?", by=fiona)
    address = f"/papers/{gate.paper_id}/comments/{made.pk}/answer/"

    refused = sign_in(alder.by_role[Role.LEGAL]).get(address)
    assert (refused.status_code, "Ask Fiona Mercer" in refused.content.decode()) == (403, True)
    assert sign_in(fiona).post(address, {"words": "I mean the second."}).status_code == 302
    assert SectionComment.objects.filter(answers=made).count() == 1


def test_pages_cost_the_same_without_a_comment_and_with_thirty(
    alder: Alder,
    gate: Gate,
    fiona: Person,
    sign_in: SignIn,
    queries_of: Any,
) -> None:
    paper, author = Paper.objects.get(pk=gate.paper_id), sign_in(alder.priya)
    pages = ("", "read/", "sections/aims/")

    def costs() -> list[int]:
        for page in pages:
            author.get(f"/papers/{paper.pk}/{page}")
        return [len(queries_of(lambda page=page: author.get(f"/papers/{paper.pk}/{page}"))) for page in pages]

    with_none = costs()
    comments.comment(paper, "aims", "One.", by=fiona)
    assert costs() == with_none
    for number in range(29):
        comments.reply(comments.comment(paper, "aims", f"Number {number}.", by=fiona), "So it is.", by=alder.priya)
    assert costs() == with_none
