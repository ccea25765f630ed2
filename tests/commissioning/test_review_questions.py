"""What Review asks: whether users get what they need, what came of it with evidence, and what nobody expected."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from documents.models import Paper
from documents.services import papers
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
PLANNED = {
    "outcome": "People are safe at home",
    "measure": "Visits on time, 95%",
    "result": "96%",
    "achieved": "yes",
    "evidence": "Call records, April to June",
}
UNPLANNED = {
    "outcome": "Neighbours began to visit",
    "result": "Forty visits a month",
    "achieved": "unplanned",
    "evidence": "The carers' diaries",
}


@pytest.fixture
def paper(alder: Alder) -> Paper:
    """The outcomes assessment of a commission in Review, on which nothing is written."""
    commission = steps.put_in(steps.in_analyse(alder), "review")
    return papers.begin(commission.case_file, "outcomes_assessment", by=alder.priya)


def missing(client: Client, paper: Paper) -> str:
    """What the page before submission says is missing, with its links."""
    check = client.get(f"/papers/{paper.pk}/check/").content.decode()
    return check.split("You cannot submit this yet.")[1].split("</section>")[0]


def asked(client: Client, paper: Paper) -> str:
    return client.get(f"{paper.case_file.path}questions/review/").content.decode()


@pytest.mark.requirement("N-228")
def test_review_asks_what_users_get_and_whether_outcomes_were_delivered_with_the_evidence(
    alder: Alder, paper: Paper, sign_in: SignIn
) -> None:
    client = sign_in(alder.priya)
    assert "Do users get what they need, and were the outcomes delivered?" in asked(client, paper)
    for question in ("outcomes/#question-outcomes", "evidence/#question-numbers", "users/#question-has_feedback"):
        assert question in missing(client, paper), "it is not submitted without"

    client.post(f"/papers/{paper.pk}/sections/outcomes/outcomes/new/", PLANNED)
    papers.save_answers(paper, "users", {"has_feedback": "yes"}, alder.priya, 10_000)

    said = missing(client, paper)
    assert "outcomes/#question-outcomes" not in said
    assert "What did they say, and do they get what they need?" in said
    read = client.get(f"/papers/{paper.pk}/read/").content.decode()
    for words in ("People are safe at home", "Achieved", "Call records, April to June"):
        assert words in read


@pytest.mark.requirement("N-229")
def test_review_asks_for_the_effect_on_the_need_and_takes_unexpected_outcomes_as_rows(
    alder: Alder, paper: Paper, sign_in: SignIn
) -> None:
    client = sign_in(alder.priya)
    assert "What effect did it have on the need, and was anything unexpected?" in asked(client, paper)
    said = missing(client, paper)
    for label in (
        "What effect did it have on the need you began with?",
        "What was achieved?",
        "Did anything happen that you did not expect?",
    ):
        assert label in said, "it is not submitted without"

    for row in (PLANNED, UNPLANNED):
        client.post(f"/papers/{paper.pk}/sections/outcomes/outcomes/new/", row)

    read = client.get(f"/papers/{paper.pk}/read/").content.decode()
    for words in ("Visits on time, 95%", "Neighbours began to visit", "Not planned", "The carers&#x27; diaries"):
        assert words in read
