"""What happens next, on the page after a paper is submitted, leads to where it is done."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from commissioning.models import CommissionActivity
from commissioning.services import activity_papers, specifications
from commissioning.states import ActivityState
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]


def next_step(client: Client, paper_id: int) -> str:
    """What the page says under its heading."""
    page = client.get(f"/papers/{paper_id}/submitted/").content.decode()
    return page.split("What happens next")[1].split("gh-paper__links")[0]


def test_submitted_specification_leads_to_the_page_that_sends_it(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder), "plan")
    made = specifications.open_specification(commission, by=alder.priya)
    steps.submit(made.paper, alder.priya)

    said = next_step(sign_in(alder.priya), made.paper_id)

    assert f'href="/commissions/{commission.pk}/specification/">Send the specification for sign-off' in said


def test_submitted_form_of_an_activity_leads_back_to_it(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    paper = steps.submit(activity_papers.begin_form(commission, "past_review", by=alder.priya), alder.priya)
    activity = CommissionActivity.objects.get(commission=commission, activity__key="past_review")

    said = next_step(sign_in(alder.priya), paper.pk)

    assert f'href="{activity.get_absolute_url()}">Go back to “{activity.activity.name}”' in said
