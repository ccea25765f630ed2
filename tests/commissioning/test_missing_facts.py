"""What a paper says is missing carries the way to the page that gives it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from commissioning.services import specifications
from documents.facts import place_of
from documents.models import Question
from organisation.models import Person
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]


def row_of(page: str, key: str) -> str:
    """The row of one fact on a section's page."""
    return page.split(f'id="question-{key}"')[1].split('class="gh-known__row')[0]


def test_missing_indicators_and_budget_lead_to_the_pages_that_give_them(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    case = walk.begun(commission, 1, alder.priya).paper
    specification = specifications.open_specification(steps.put_in(commission, "plan"), by=alder.priya).paper
    assert case is not None
    priya = sign_in(alder.priya)

    for paper, fact, given in (
        (specification, "planned_indicators", "indicators/"),
        (case, "sheet_budget", "sheets/budget/"),
    ):
        section, asked = next(
            (section, asked)
            for section in steps.contents_of(paper).shape.sections
            for asked in section.questions
            if asked.kind == "fact" and asked.fact == fact
        )
        row = row_of(priya.get(f"/papers/{paper.pk}/sections/{section.key}/").content.decode(), asked.key)
        assert "Missing" in row
        link = re.search(r'href="([^"]*)">Add<', row)
        assert link is not None
        assert link[1] == f"/commissions/{commission.pk}/{given}"
        assert priya.get(link[1]).status_code == 200


def test_no_fact_of_a_shipped_paper_can_be_missing_without_a_page_that_gives_it(alder: Alder) -> None:
    case = steps.in_analyse(alder).case_file
    shown = set(Question.objects.filter(kind="fact").values_list("fact", flat=True))
    # A part of the topics says itself where it is written.
    without = {fact for fact in shown if not place_of(fact, case) and not fact.startswith("sheet_topics_")}

    assert shown
    assert without == set()


@pytest.mark.parametrize("fact", ["planned_indicators", "sheet_budget"])
def test_file_of_another_record_has_no_such_page(alder: Alder, fact: str) -> None:
    case = steps.in_analyse(alder).case_file
    case.kind = "contract"

    assert place_of(fact, case) == ""
