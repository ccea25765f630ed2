"""The form of an activity: found on its page, begun with it, submitted before the activity is completed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework import door
from casework.refusals import Refused
from commissioning.models import Activity, CommissionActivity
from commissioning.selectors.activity_papers import paper_key
from commissioning.states import ActivityState
from documents.models import Paper, Template
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
OUTPUT = "Output: nothing written, attached or linked"


def activity_of(alder: Alder, key: str = "needs_assessment") -> CommissionActivity:
    """One activity of a commission whose plan is agreed."""
    commission = steps.in_analyse(alder)
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    return CommissionActivity.objects.get(commission=commission, activity__key=key)


def form_url(activity: CommissionActivity) -> str:
    """Where the form of an activity is begun or opened."""
    return f"/commissions/{activity.commission_id}/papers/activity_{activity.activity.key}/"


def test_form_is_begun_from_the_activity_and_begins_it(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder)
    priya = sign_in(alder.priya)
    page = priya.get(activity.get_absolute_url()).content.decode()
    assert "Fill in the form" in page
    assert form_url(activity) in page

    begun = priya.post(form_url(activity), {}, follow=True)

    assert begun.redirect_chain[-1][0] == Paper.objects.get().get_absolute_url()
    assert activity.get_absolute_url() in begun.content.decode(), "the paper leads back to its activity"
    activity.refresh_from_db()
    assert activity.state == ActivityState.IN_PROGRESS
    assert "Continue the form" in priya.get(activity.get_absolute_url()).content.decode()
    assert priya.get(form_url(activity)).headers["Location"] == Paper.objects.get().get_absolute_url()


def test_answers_must_be_submitted_before_the_activity_is_completed(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder)
    sign_in(alder.priya).post(form_url(activity), {})
    paper = Paper.objects.get()
    assert steps.refused(activity, "complete", alder.priya) == [OUTPUT]
    CommissionActivity.objects.filter(pk=activity.pk).update(output="It was written here as well")
    papers.save_answers(paper, "conclusion", {"needs_conclusion": "Help with meals"}, alder.priya, 1)

    assert steps.refused(activity, "complete", alder.priya) == ["Form: begun, not submitted"]
    page = sign_in(alder.priya).get(activity.get_absolute_url()).content.decode()
    assert "Form: begun, not submitted" in page

    CommissionActivity.objects.filter(pk=activity.pk).update(output="")
    steps.submit(Paper.objects.get(), alder.priya)
    page = sign_in(alder.priya).get(activity.get_absolute_url()).content.decode()
    assert "Revision 1, Priya Shah, 7 September 2026" in page
    door.carry_out(activity, "complete", by=alder.priya)
    activity.refresh_from_db()
    assert activity.state == ActivityState.DONE


def test_form_is_begun_only_in_an_open_plan_by_whoever_writes_there(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder)
    assert sign_in(alder.olive).post(form_url(activity), {}).status_code == 404
    assert sign_in(alder.tom).post(form_url(activity), {}).status_code == 403
    assert "Fill in the form" not in sign_in(alder.tom).get(activity.get_absolute_url()).content.decode()
    assert sign_in(alder.priya).get(form_url(activity).replace("needs", "nonsense")).status_code == 404
    lewis = sign_in(alder.by_role[Role.CCPS_OFFICER])

    CommissionActivity.objects.update(state=ActivityState.NOT_RELEVANT)
    late = lewis.post(form_url(activity), {})
    assert late.status_code == 409
    assert "so its form is not begun" in late.content.decode()
    assert not Paper.objects.exists()

    CommissionActivity.objects.update(state=ActivityState.RELEVANT)
    assert lewis.post(form_url(activity), {}, follow=True).status_code == 200, "CCPS writes in activities too"
    assert Paper.objects.get().template_key == "activity_needs_assessment"


def test_every_form_belongs_to_an_activity(alder: Alder) -> None:
    framework = alder.council.framework
    known = {paper_key(key) for key in Activity.objects.filter(framework=framework).values_list("key", flat=True)}
    forms = Template.objects.published().filter(framework=framework, key__startswith="activity_")

    assert forms
    assert {form.key for form in forms} <= known
    analyse = Activity.objects.filter(framework=framework, stage="analyse").values_list("key", flat=True)
    assert {paper_key(key) for key in analyse} <= {form.key for form in forms}
    writers = {"commissioner", "contract_manager", "ccps_officer", "ccps_manager"}
    assert all(set(form.written_by) == writers for form in forms if form.key in {paper_key(key) for key in analyse})


@pytest.mark.requirement("N-084")
def test_needs_form_does_not_take_rural_access_and_deprived_areas_both_blank(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder)
    priya = sign_in(alder.priya)
    priya.post(form_url(activity), {})
    paper = Paper.objects.get()
    section = priya.get(f"{paper.get_absolute_url()}sections/places/").content.decode()
    assert "How do people in rural places reach it?" in section
    assert "What is different in the areas with the least money?" in section
    with pytest.raises(Refused) as refusal:
        steps.submit(paper, alder.priya, needs_rural_access=" ", needs_deprived_areas=" ")
    assert [words for words in steps.words_of(refusal.value) if words.startswith("Places")] == [
        "Places: answer how rural places reach it, or what is different in the areas with the least money"
    ]
    check = priya.get(f"{paper.get_absolute_url()}check/").content.decode()
    assert "Places: answer how rural places reach it" in check

    papers.save_answers(paper, "places", {"needs_deprived_areas": "Two wards"}, alder.priya, 10_000)
    door.carry_out(Paper.objects.get(), "submit", by=alder.priya)
    assert Paper.objects.get().state == "submitted"


@pytest.mark.parametrize("key", ["resource_analysis", "needs_assessment"])
def test_form_asks_at_most_eight_whatever_the_lists_it_shows(
    alder: Alder, sign_in: SignIn, queries_of: Callable, key: str
) -> None:
    activity = activity_of(alder, key)
    priya = sign_in(alder.priya)
    priya.post(form_url(activity), {})
    url = Paper.objects.get().get_absolute_url()
    first = Paper.objects.get().template.sections.first().key
    priya.get(url)

    assert len(queries_of(lambda: priya.get(url))) <= 8
    assert len(queries_of(lambda: priya.get(f"{url}sections/{first}/"))) <= 8


@pytest.mark.parametrize("begun", [False, True])
def test_page_asks_nothing_more_for_the_form(alder: Alder, sign_in: SignIn, queries_of: Callable, begun: bool) -> None:
    activity = activity_of(alder)
    priya = sign_in(alder.priya)
    if begun:
        priya.post(form_url(activity), {})
    priya.get("/")

    assert len(queries_of(lambda: priya.get(activity.get_absolute_url()))) == 6
