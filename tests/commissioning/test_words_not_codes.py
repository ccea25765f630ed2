"""People read words: no code of a finding, a tier or a date in the history, on a paper or in a hidden label."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from commissioning.services import duplicates
from documents.models import Paper
from documents.services import papers
from organisation.models import Person
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def words(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


@pytest.mark.parametrize(
    ("finding", "said"), [("not_duplicate", "not a duplicate"), ("linked", "linked: they belong together")]
)
def test_history_tells_how_a_duplicate_was_settled_in_words(
    alder: Alder, sign_in: SignIn, finding: str, said: str
) -> None:
    make.registered_commission(alder.priya, service_area=alder.area, title="Home care")
    mine = make.registered_commission(alder.priya, service_area=alder.area, title="Home care at night")
    likely = mine.likely_duplicates.get()
    duplicates.settle(likely, finding=finding, reason="As we found.", by=alder.priya)

    page = words(sign_in(alder.priya), f"/commissions/{mine.pk}/history/")

    assert f"settled a likely duplicate, {likely.other.reference}: {said}" in page
    assert "not_duplicate" not in page


def test_a_question_names_the_tier_by_which_it_is_asked(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder, value=640000, ticked=("strategic",)), "plan")
    paper = walk.begun(commission, 3, alder.priya).paper

    page = words(sign_in(alder.priya), f"/papers/{paper.pk}/sections/management/")

    assert "Asked because tier is Sourcing and Legal, high risk." in page
    assert "high_risk" not in page
    assert "sourcing_legal" not in page


def test_a_row_that_begins_with_a_date_is_named_by_the_day(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder, value=60_000), "plan")
    paper = papers.begin(commission.case_file, "specification", by=alder.priya)
    row = {"when": "2026-10-14", "who": "Two providers", "said": "Too long", "changed": "Shortened"}
    papers.save_row(Paper.objects.get(pk=paper.pk), "feedback", "feedback", "", row, alder.priya)

    page = words(sign_in(alder.priya), f"/papers/{paper.pk}/sections/feedback/")

    assert 'Change<span class="govuk-visually-hidden"> 14 October 2026</span>' in page
    assert "2026-10-14</span>" not in page


def test_total_of_a_cost_by_year_does_not_read_as_a_saving(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder, value=60_000), "plan")
    paper = Paper.objects.get(pk=walk.begun(commission, 3, alder.priya).paper_id)
    papers.save_answers(paper, "financial", {"whole_life_cost": {"2026/27": "60000.00"}}, alder.priya, 10_000)

    page = words(sign_in(alder.priya), f"/papers/{paper.pk}/sections/financial/")

    assert "Total of the years, as last saved: <strong>£60,000</strong>" in page
    assert "what is saved" not in page
