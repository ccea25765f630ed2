"""The impact screening: what a submitted one comes to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import AuditEvent
from commissioning.models import Commission, ImpactScreening
from commissioning.selectors import dossiers
from documents.models import Paper
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]

ASKED = {
    "affects_people": "people are affected",
    "affects_inequality": "inequality is affected",
    "affects_carbon": "carbon is affected",
    "uses_personal_data": "personal data is used",
}


@pytest.fixture
def commission(alder: Alder) -> Commission:
    return steps.in_analyse(alder)


def result(commission: Commission, alder: Alder, **said: str) -> ImpactScreening:
    steps.screened(commission, alder.priya, **said)
    return ImpactScreening.objects.get(commission=commission)


@pytest.mark.requirement("N-277")
def test_no_to_everything_needs_no_full_assessment(alder: Alder, commission: Commission) -> None:
    found = result(commission, alder)

    assert (found.needs_full, found.because, found.revision_number) == (False, "", 1)
    event = AuditEvent.objects.get(verb="commission.screened")
    assert event.changes == {"full assessment": "not needed", "because": []}


@pytest.mark.requirement("N-277")
@pytest.mark.parametrize("answer", ["yes", "not_sure"])
@pytest.mark.parametrize("key", list(ASKED))
def test_yes_or_not_sure_to_any_effect_needs_one(alder: Alder, commission: Commission, key: str, answer: str) -> None:
    """Doubt is settled by assessing, not by assuming."""
    found = result(commission, alder, **{key: answer})

    assert (found.needs_full, found.because) == (True, ASKED[key])
    assert dossiers.load(commission).screening_needs_full is True


def test_change_of_a_service_alone_needs_none(alder: Alder, commission: Commission) -> None:
    assert result(commission, alder, changes_service="yes").needs_full is False


@pytest.mark.requirement("N-277")
def test_all_answers_that_decided_it_are_named(alder: Alder, commission: Commission) -> None:
    found = result(commission, alder, affects_people="yes", affects_carbon="not_sure")

    assert found.because == "people are affected; carbon is affected"


def test_screening_submitted_again_decides_anew_and_keeps_the_first(alder: Alder, commission: Commission) -> None:
    paper = steps.screened(commission, alder.priya, affects_people="yes")
    papers.reopen(paper, by=alder.priya, note="It was a slip.")
    assert dossiers.load(commission).screening_needs_full is True, "the last submitted one counts meanwhile"

    steps.submit(Paper.objects.get(pk=paper.pk), alder.priya, affects_people="no")

    assert list(commission.screenings.order_by("revision_number").values_list("needs_full", flat=True)) == [True, False]
    assert dossiers.load(commission).screening_needs_full is False


def test_other_papers_screen_nothing(alder: Alder, commission: Commission) -> None:
    steps.submit(papers.begin(commission.case_file, "outcomes_assessment", by=alder.priya), alder.priya)

    assert not ImpactScreening.objects.exists()


# --- Opening papers ---------------------------------------------------------------------------------------------------


def address(commission: Commission, key: str = "impact_screening") -> str:
    return f"/commissions/{commission.pk}/papers/{key}/"


@pytest.mark.requirement("N-281")
def test_looking_begins_nothing_and_the_button_begins_it_once(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    client = sign_in(alder.priya)
    page = client.get(address(commission))
    assert (page.status_code, Paper.objects.count()) == (200, 0)
    assert "Begin the impact screening" in page.content.decode()

    first = client.post(address(commission))
    second = client.post(address(commission))

    paper = Paper.objects.get()
    assert first["Location"] == second["Location"] == f"/papers/{paper.pk}/"


def test_paper_that_was_begun_is_read_by_everyone_who_sees_the_commission(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    steps.screened(commission, alder.priya)
    paper = Paper.objects.get()

    for role, person in alder.by_role.items():
        page = sign_in(person).get(address(commission))
        assert (page.status_code, page["Location"]) == (302, f"/papers/{paper.pk}/"), role
    assert sign_in(alder.olive).get(address(commission)).status_code == 404


def test_only_who_writes_it_begins_it(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    client = sign_in(alder.by_role[Role.FINANCE])

    for method in (client.get, client.post):
        page = method(address(commission))
        assert page.status_code == 403
        assert "Ask Priya Shah" in page.content.decode()
    assert not Paper.objects.exists()


@pytest.mark.parametrize("key", ["specification", "no_such_paper"])
def test_paper_that_has_its_own_page_or_does_not_exist_is_not_found(
    alder: Alder, commission: Commission, sign_in: SignIn, key: str
) -> None:
    client = sign_in(alder.priya)

    assert client.get(address(commission, key)).status_code == 404
    assert client.post(address(commission, key)).status_code == 404


def test_no_paper_is_begun_on_what_has_ended(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    steps.put_in(commission, "stopped")
    type(commission.case_file).objects.filter(pk=commission.case_file_id).update(is_open=False)

    page = sign_in(alder.priya).post(address(commission))

    assert page.status_code == 409
    assert "This commission is stopped, so no paper is begun." in page.content.decode()
    assert not Paper.objects.exists()
