"""What helps in Analyse and carries on after it: area facts, the catalogue, groups, linked findings, results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from commissioning.models import AreaFact, CommissionActivity, FindingLink
from commissioning.services import sheets as service
from commissioning.sheets import sheet_of
from commissioning.states import ActivityState
from documents.facts import load_facts
from documents.models import Paper
from organisation.models import Organisation, Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]


def activity_of(alder: Alder, key: str = "needs_assessment") -> CommissionActivity:
    """One activity of a commission whose plan is agreed."""
    commission = steps.in_analyse(alder)
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    return CommissionActivity.objects.get(commission=commission, activity__key=key)


def area_fact(council: Organisation, **fields: Any) -> AreaFact:
    """One figure about a place."""
    given = {
        "topic": "rurality",
        "place": "Alder",
        "fact": "area that is rural",
        "figure": "97%",
        "source": "Census 2021",
        "as_of": date(2021, 3, 21),
    }
    return AreaFact.objects.create(organisation=council, **given | fields)


@pytest.mark.requirement("N-083")
def test_facts_about_the_area_are_kept_in_the_admin_and_stand_beside_the_needs_forms(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = activity_of(alder)
    ada, priya = sign_in(alder.by_role[Role.ADMINISTRATOR]), sign_in(alder.priya)
    made = {
        "organisation": alder.council.pk,
        "topic": "age",
        "place": "Upper Alder",
        "fact": "people aged 75 and over",
        "figure": "14.2%",
        "source": "Mid-year estimates",
        "as_of": "2025-06-30",
        "ended_on": "",
    }
    assert ada.get("/admin/commissioning/areafact/add/").status_code == 200
    ada.post("/admin/commissioning/areafact/add/", made)
    area_fact(alder.westmere, figure="12%")
    area_fact(alder.council, figure="96%", ended_on=date(2026, 9, 1))
    priya.post(f"/commissions/{activity.commission_id}/papers/activity_needs_assessment/", {})
    paper = Paper.objects.get()

    for address in (
        f"/commissions/{activity.commission_id}/sheets/needs/add/",
        activity.get_absolute_url(),
        f"{paper.get_absolute_url()}sections/places/",
    ):
        page = priya.get(address).content.decode()
        assert "Upper Alder, people aged 75 and over: 14.2%" in page, address
        assert "Mid-year estimates, 30 June 2025" in page
        assert "12%" not in page
        assert "96%" not in page


@pytest.mark.requirement("N-068")
def test_activity_says_what_it_is_and_the_catalogue_is_read_outside_any_commission(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = activity_of(alder, "resource_analysis")
    CommissionActivity.objects.filter(pk=activity.pk).update(lead=alder.sam)
    page = sign_in(alder.priya).get(activity.get_absolute_url()).content.decode()
    row = activity.activity
    for words in (row.definition, row.output_prompt, "Service area: Sam Birtles", "Finance", "/activities/#"):
        assert words in page

    for reader in (alder.by_role[Role.FINANCE], alder.olive):
        catalogue = sign_in(reader).get("/activities/").content.decode()
        for words in (row.definition, row.output_prompt, row.relevant_when, 'id="resource_analysis"', "Market mapping"):
            assert words in catalogue
        assert catalogue.count("What is expected:") >= 30
    assert "/activities/" in sign_in(alder.priya).get(f"/commissions/{activity.commission_id}/tasks/").content.decode()
    assert Client().get("/activities/").status_code == 302


@pytest.mark.requirement("N-067")
def test_activities_stand_in_four_groups_each_with_how_many_are_done(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder)
    CommissionActivity.objects.filter(pk=activity.pk).update(state=ActivityState.DONE)
    page = sign_in(alder.priya).get(f"/commissions/{activity.commission_id}/tasks/").content.decode()
    analyse = page[page.index(">Analyse<") : page.index(">Plan<")]
    for group in ("Research", "Engagement", "Resource", "Market mapping"):
        assert f'<th scope="rowgroup" colspan="4">{group} ' in analyse
    research = analyse[analyse.index(">Research ") :]
    assert "1 of 3 completed" in research[:200]


@pytest.mark.requirement("N-063")
def test_key_questions_of_analyse_show_the_assets_the_budget_and_the_users_on_their_page(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    activity = activity_of(alder)
    priya, address = sign_in(alder.priya), f"/commissions/{activity.commission_id}/questions/analyse/"
    fields = {"name": "Village hall", "kind": "place", "place": "Upper Alder", "use": "Meals at noon"}
    service.save_row(activity.commission, sheet_of("assets"), fields, by=alder.priya)
    page = priya.get(address).content.decode()
    assert page.index("assets or services") < page.index("Village hall")
    for sheet in ("assets", "budget", "user_groups"):
        assert f"/commissions/{activity.commission_id}/sheets/{sheet}/add/" in page
    assert "Village hall" not in priya.get(address.replace("analyse", "plan")).content.decode()
    readable = sign_in(alder.tom).get(address).content.decode()
    assert "Village hall" in readable
    assert "sheets/assets/add/" not in readable

    few = queries_of(lambda: priya.get(address))
    for _ in range(20):
        service.save_row(activity.commission, sheet_of("assets"), fields, by=alder.priya)
    assert len(queries_of(lambda: priya.get(address))) == len(few) <= 8


@pytest.mark.requirement("N-016")
def test_finding_of_one_activity_is_linked_to_another_and_shown_on_both(alder: Alder, sign_in: SignIn) -> None:
    needs = activity_of(alder)
    market = CommissionActivity.objects.get(commission=needs.commission, activity__key="market_analysis")
    priya, address = sign_in(alder.priya), f"/commissions/{needs.commission_id}/sheets/findings/add/"
    page = priya.get(needs.get_absolute_url()).content.decode()
    assert f"{address}?found_in={needs.pk}" in page
    form = priya.get(f"{address}?found_in={needs.pk}").content.decode()
    assert f'<option value="{needs.pk}" selected>' in form
    sent = {"found_in": needs.pk, "matters_to": needs.pk, "finding": "Most need help at night"}
    assert "Choose another activity than the one that found it out" in priya.post(address, sent).content.decode()
    other = activity_of(alder)
    strange = priya.post(address, sent | {"matters_to": other.pk}).content.decode()
    assert "Choose an activity from the list" in strange

    priya.post(address, sent | {"matters_to": market.pk})

    for activity, words in ((needs, "For Market analysis"), (market, "From Needs / asset assessment")):
        page = priya.get(activity.get_absolute_url()).content.decode()
        assert "Most need help at night" in page
        assert words in page
    tasks = priya.get(f"/commissions/{needs.commission_id}/tasks/").content.decode()
    assert "Needs / asset assessment" in tasks
    assert "Market analysis" in tasks
    row = FindingLink.objects.get()
    priya.post(f"/commissions/{needs.commission_id}/sheets/findings/{row.pk}/remove/", {})
    priya.get("/")
    assert "Most need help at night" not in priya.get(market.get_absolute_url()).content.decode()


@pytest.mark.requirement("N-017")
def test_plan_opens_with_what_came_of_analyse_to_read_and_to_quote(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.ready_for_plan(alder)
    needs = CommissionActivity.objects.get(commission=commission, activity__key="needs_assessment")
    CommissionActivity.objects.filter(pk=needs.pk).update(output="210 people need help at home")
    row = {"nature": "Help with meals", "extent": "40 people", "group": "", "place": "", "is_statutory": False}
    more = {"priority": 2, "met": "unmet", "met_by": "", "source": "Survey", "source_on": date(2026, 3, 1)}
    service.save_row(commission, sheet_of("needs"), row | more, by=alder.priya)
    steps.go(commission, "to_plan", alder.priya)
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/outputs/analyse/"

    overview = priya.get(f"/commissions/{commission.pk}/").content.decode()
    assert "What came of Analyse" in overview
    assert "210 people need help at home" in overview
    assert address in overview
    page = priya.get(address).content.decode()
    for words in ("210 people need help at home", "Help with meals. How much: 40 people.", "Key questions"):
        assert words in page
    assert "<form" not in page[page.index("<main") :]
    quoted = load_facts([commission.case_file], ["analyse_results"])[commission.case_file_id]["analyse_results"]
    assert "Needs / asset assessment: 210 people need help at home" in quoted.shown
    assert sign_in(alder.olive).get(address).status_code == 404
    assert priya.get(f"/commissions/{commission.pk}/outputs/nonsense/").status_code == 404


@pytest.mark.parametrize("stage", ["analyse", "plan", "secure", "review"])
def test_results_of_a_stage_ask_at_most_eight(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]], stage: str
) -> None:
    commission = steps.in_analyse(alder)
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.DONE, output="Done")
    priya = sign_in(alder.priya)
    priya.get("/")

    found = queries_of(lambda: priya.get(f"/commissions/{commission.pk}/outputs/{stage}/"))

    assert len(found) <= 8, found


def test_catalogue_and_needs_form_ask_the_same_however_much_there_is(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    activity = activity_of(alder)
    priya = sign_in(alder.priya)
    address = f"/commissions/{activity.commission_id}/sheets/needs/add/"
    area_fact(alder.council)
    priya.get("/")
    assert len(queries_of(lambda: priya.get("/activities/"))) <= 3
    few = queries_of(lambda: priya.get(address))
    for _ in range(30):
        area_fact(alder.council)

    assert len(queries_of(lambda: priya.get(address))) == len(few) <= 8
