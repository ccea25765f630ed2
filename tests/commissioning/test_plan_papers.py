"""The forms of Plan's activities: what they show of the lists, and what follows when they are submitted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import WorkItem
from commissioning.models import Commission, CommissionActivity
from commissioning.services.activity_papers import begin_form
from commissioning.states import ActivityState
from documents.facts import load_facts
from organisation.models import Person
from tests.commissioning import gates, steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
FORMS = ("value_for_money", "capability", "service_design", "market_warming", "evaluate_impact")


@pytest.fixture
def commission(alder: Alder) -> Commission:
    made = steps.put_in(steps.in_analyse(alder), "plan")
    CommissionActivity.objects.filter(commission=made).update(state=ActivityState.RELEVANT)
    return made


@pytest.mark.parametrize("key", FORMS)
def test_form_of_an_activity_is_begun_from_its_page_and_can_be_submitted(
    alder: Alder, commission: Commission, sign_in: SignIn, key: str
) -> None:
    activity = CommissionActivity.objects.get(commission=commission, activity__key=key)
    assert f"papers/activity_{key}/" in sign_in(alder.priya).get(activity.get_absolute_url()).content.decode()

    paper = steps.submit(begin_form(commission, key, by=alder.priya), alder.priya)

    assert paper.state == "submitted"
    assert not WorkItem.objects.filter(case_file=commission.case_file).exists(), "a no asks nobody"


def test_yes_in_the_impact_form_asks_each_function_once(alder: Alder, commission: Commission) -> None:
    paper = begin_form(commission, "evaluate_impact", by=alder.priya)
    assert not WorkItem.objects.exists()

    steps.submit(paper, alder.priya, impact_people="yes", impact_carbon="yes", impact_data="yes")

    asked = WorkItem.objects.order_by("queue__key").values_list("queue__key", flat=True)
    assert list(asked) == ["climate", "hr", "information_governance"]
    activity = CommissionActivity.objects.get(commission=commission, activity__key="evaluate_impact")
    assert activity.flags == ["carbon_effect", "personal_data", "staff_transfer"]


def test_yes_that_was_ticked_before_asks_nobody_twice(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    activity = CommissionActivity.objects.get(commission=commission, activity__key="evaluate_impact")
    sent = {"output": "Carers may move.", "flag_staff_transfer": "on", "version": activity.version}
    sign_in(alder.priya).post(activity.get_absolute_url(), sent)

    steps.submit(begin_form(commission, "evaluate_impact", by=alder.priya), alder.priya, impact_people="yes")

    assert [item.queue.key for item in WorkItem.objects.select_related("queue") if item.queue] == ["hr"]


def test_conclusion_on_value_is_what_business_cases_show(alder: Alder, commission: Commission) -> None:
    gates.weighed(commission, alder.priya)
    words = "It costs £2 a day less for each person, and nobody waits."

    steps.submit(begin_form(commission, "value_for_money", by=alder.priya), alder.priya, vfm_conclusion=words)

    facts = load_facts([commission.case_file], ["value_for_money"])[commission.case_file_id]
    assert facts["value_for_money"].shown == words
