"""What Analyse writes down in lists: money, time, the past, the law, users, requirements, the market, the category."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework.models import Deadline, WorkItem
from commissioning.models import (
    BudgetLine,
    CommissionActivity,
    ForecastLine,
    LawChange,
    LawOrPolicy,
    LoadLimit,
    PastWork,
    UserGroup,
    WorkTime,
)
from commissioning.services import decisions, law_reviews
from commissioning.services import sheets as service
from commissioning.sheets import sheet_of, sheets_of_activity
from commissioning.states import ActivityState
from documents.facts import load_facts
from documents.services import papers
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]


def activity_of(alder: Alder, key: str) -> CommissionActivity:
    """One activity of a commission whose plan is agreed."""
    commission = steps.in_analyse(alder)
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    return CommissionActivity.objects.select_related("activity").get(commission=commission, activity__key=key)


def add(alder: Alder, activity: CommissionActivity, sheet: str, **fields: Any) -> Any:
    """Add a row through the service."""
    return service.save_row(activity.commission, sheet_of(sheet), fields, by=alder.priya)


def sent(client: Client, activity: CommissionActivity, sheet: str, **fields: Any) -> str:
    """Add a row through the form; the page that comes back."""
    address = f"/commissions/{activity.commission_id}/sheets/{sheet}/add/"
    return client.post(address, fields, follow=True).content.decode()


def section_of(client: Client, alder: Alder, activity: CommissionActivity, paper: str, section: str) -> str:
    """One section of a paper of the commission, as its writer sees it."""
    begun = papers.begin(activity.commission.case_file, paper, by=alder.priya)
    return client.get(f"/papers/{begun.pk}/sections/{section}/").content.decode()


def cells_of(page: str, row: str) -> dict[str, str]:
    """The cells of the row of this name in a table of facts, by the heads of their columns."""
    found = page.split(f'<th scope="row">{row}</th>')[1].split("</tr>")[0]
    return dict(re.findall(r'<td data-label="([^"]*)"[^>]*>(.*?)</td>', found))


def on(name: str, day: date) -> dict[str, int]:
    """A day as its three boxes send it."""
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


@pytest.mark.requirement("N-064")
def test_budget_takes_this_year_and_the_five_after_it_with_its_funding_and_is_summed(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = activity_of(alder, "resource_analysis")
    priya = sign_in(alder.priya)
    form = priya.get(f"/commissions/{activity.commission_id}/sheets/budget/add/").content.decode()
    offered = [f"{year}/{(year + 1) % 100:02d}" for year in range(2026, 2032)]
    assert all(f">{words}<" in form for words in offered)
    assert "2032/33" not in form
    assert "2025/26" not in form

    for code, source, year, amount in (
        ("R40-2201", "Base budget", "2026", "£120,000"),
        ("R40-2201", "Base budget", "2027", "125000"),
        ("G12-0004", "Public health grant", "2027", "40,000.50"),
    ):
        sent(priya, activity, "budget", code=code, source=source, year=year, amount=amount)

    page = priya.get(activity.get_absolute_url()).content.decode()
    assert "Public health grant" in page
    for words in ("£120,000", "£165,000.50", "£285,000.50"):
        assert words in page
    case = activity.commission.case_file
    fact = load_facts([case], ["sheet_budget"])[case.pk]["sheet_budget"]
    assert fact.detail == "2026/27: £120,000; 2027/28: £165,000.50; In all: £285,000.50"
    gate_paper = section_of(priya, alder, activity, "initiation_document", "resources")
    assert "R40-2201" in gate_paper
    assert "In all: £285,000.50" in gate_paper


@pytest.mark.requirement("N-073")
def test_budget_stands_beside_the_forecast_with_the_gap(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder, "spend_analysis")
    priya = sign_in(alder.priya)
    address = f"/commissions/{activity.commission_id}/budget/"
    assert "No budget and no forecast is written down yet" in priya.get(address).content.decode()
    sent(priya, activity, "budget", code="R40-2201", source="Base budget", year="2026", amount="100000")
    sent(priya, activity, "forecast", what="Visits", basis="Last year and 4%", year="2026", amount="90000")
    sent(priya, activity, "forecast", what="Visits", basis="Last year and 8%", year="2027", amount="98000")

    page = priya.get(address).content.decode()

    assert "£10,000 left" in page
    assert "£98,000 short" in page
    assert "The budget is £88,000 short over all years." in page
    assert "Not recorded" in page
    assert {row.source for row in BudgetLine.objects.all()} == {"Base budget"}
    assert ForecastLine.objects.count() == 2
    assert address in priya.get(f"/commissions/{activity.commission_id}/sheets/budget/").content.decode()


@pytest.mark.requirement("N-072")
def test_too_much_work_for_a_person_or_a_team_is_a_warning_that_names_the_commissions(
    alder: Alder, sign_in: SignIn
) -> None:
    activity, other = activity_of(alder, "resource_analysis"), activity_of(alder, "resource_analysis")
    month, row = date(2026, 10, 1), {"team": "Adult Services", "month": date(2026, 10, 1), "work": ""}
    add(alder, activity, "work_time", person=alder.sam, days=Decimal(8), **row)
    add(alder, other, "work_time", person=alder.sam, days=Decimal("7.5"), **row)
    add(alder, other, "work_time", person=alder.sam, days=Decimal(9), **row | {"month": date(2026, 11, 1)})
    priya = sign_in(alder.priya)

    page = priya.get(activity.get_absolute_url()).content.decode()
    assert "Sam Birtles: too much work in October 2026" in page
    assert "Promised to open commissions for 15.5 days. The most is 15 days a month." in page
    assert other.commission.case_file.path in page
    assert "This commission</li>" not in page
    assert "too much work in November 2026" not in page

    LoadLimit.objects.create(
        framework=alder.council.framework, whose="person", days=Decimal(16), valid_from=date(2026, 9, 1)
    )
    LoadLimit.objects.create(
        framework=alder.council.framework, whose="team", days=Decimal(12), valid_from=date(2026, 9, 1)
    )
    LoadLimit.objects.create(
        framework=alder.council.framework, whose="person", days=Decimal(1), valid_from=date(2027, 9, 1)
    )
    page = priya.get(activity.get_absolute_url()).content.decode()
    assert "Sam Birtles: too much work" not in page
    assert "The team Adult Services: too much work in October 2026" in page

    steps.put_in(other.commission, "stopped")
    other.commission.case_file.__class__.objects.filter(pk=other.commission.case_file_id).update(is_open=False)
    assert "too much work in" not in priya.get(activity.get_absolute_url()).content.decode()
    assert WorkTime.objects.filter(month=month).count() == 2


def test_time_is_given_by_somebody_and_the_team_of_a_named_person_is_known(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder, "resource_analysis")
    priya = sign_in(alder.priya)
    page = sent(priya, activity, "work_time", person="", team="", month="2026-10-01", days="0")
    assert "Name the team or function that gives the time" in page
    assert "The days must be more than 0" in page

    page = sent(priya, activity, "work_time", person=alder.sam.pk, team="", month="2026-10-01", days="2.5")
    assert "2.5 days" in page
    row = WorkTime.objects.get()
    assert (row.team, row.month) == ("Adult Services", date(2026, 10, 1))


@pytest.mark.requirement("N-071")
def test_people_money_and_assets_stand_on_one_page_and_the_form_ends_in_a_clear_answer(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = activity_of(alder, "resource_analysis")
    assert [sheet.key for sheet in sheets_of_activity("resource_analysis")] == ["assets", "budget", "work_time"]
    page = sign_in(alder.priya).get(activity.get_absolute_url()).content.decode()
    for words in ("What is there already", "Budget lines", "People&#x27;s time"):
        assert f">{words}</h2>" in page
    for sheet in ("assets", "budget", "work_time"):
        assert f"/commissions/{activity.commission_id}/sheets/{sheet}/add/" in page
    add(alder, activity, "budget", code="R1", source="Base budget", year=2026, amount=Decimal(5))
    form = section_of(sign_in(alder.priya), alder, activity, "activity_resource_analysis", "conclusion")
    assert all(words in form for words in ("Feasible", "Feasible with conditions", "Not feasible"))
    assert form.count("resource_feasible") >= 3
    money = section_of(sign_in(alder.priya), alder, activity, "activity_resource_analysis", "money")
    assert "In all: £5" in money


@pytest.mark.requirement("N-076")
def test_needs_stand_ranked_at_gate_1_with_where_and_for_whom_what_the_law_asks_for_first(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = activity_of(alder, "needs_assessment")
    need = {"extent": "40 people", "met": "unmet", "met_by": "", "source": "Survey", "source_on": date(2026, 3, 1)}
    for nature, priority, by_law in (("Company", 3, False), ("Meals", 1, False), ("Help to get up", 2, True)):
        fields = need | {"nature": nature, "priority": priority, "is_statutory": by_law}
        add(alder, activity, "needs", group="People over 75", place="Upper Alder", **fields)
    priya = sign_in(alder.priya)
    low = {"nature": "Safety", "extent": "All", "priority": "3", "is_statutory": "on", "met": "unmet", "source": "Law"}
    assert "cannot be of low priority" in sent(priya, activity, "needs", **low, **on("source_on", date(2026, 3, 1)))

    page = section_of(priya, alder, activity, "initiation_document", "need")

    places = [page.index(f'<th scope="row">{words}</th>') for words in ("Help to get up", "Meals", "Company")]
    assert places == sorted(places)
    assert cells_of(page, "Meals")["Greatest for"] == "People over 75, Upper Alder"
    assert "the law asks for it" in page


@pytest.mark.requirement("N-085")
def test_assets_of_the_community_are_told_from_those_of_the_council(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder, "needs_assessment")
    priya = sign_in(alder.priya)
    kinds = {
        "skills": "Skills and time of residents",
        "group": "A community group or charity",
        "place": "A building or place of the community",
        "economic": "A local business or economic strength",
        "council": "A council service, building or team",
    }
    form = priya.get(f"/commissions/{activity.commission_id}/sheets/assets/add/").content.decode()
    assert all(words in form for words in kinds.values())
    for kind in kinds:
        sent(priya, activity, "assets", name=f"One of {kind}", kind=kind, place="", use="It helps")
    page = priya.get(activity.get_absolute_url()).content.decode()
    assert all(words in page for words in kinds.values())


@pytest.mark.requirement("N-070")
def test_lessons_of_the_same_category_are_offered_and_linked(alder: Alder, sign_in: SignIn) -> None:
    activity, earlier = activity_of(alder, "past_review"), activity_of(alder, "past_review")
    lesson = decisions.add_lesson(
        earlier.commission, context="Winter", insight="Late", recommendation="Ask in spring", by=alder.priya
    )
    priya = sign_in(alder.priya)
    page = priya.get(activity.get_absolute_url()).content.decode()
    assert "Lessons of the same category" in page
    assert "Ask in spring" in page
    fields = {"name": "Home care 2021", "worked": "partly", "evidence": "", "lesson": "", "change": "Begin earlier"}
    refused = sent(priya, activity, "past_work", **fields)
    assert "Say what was learnt, or choose a lesson of the log below" in refused
    assert f"Ask in spring ({earlier.commission.case_file.reference})" in refused

    page = sent(priya, activity, "past_work", **fields, from_log=lesson.pk)
    assert "Ask in spring (lessons log)" in page
    assert PastWork.objects.get().from_log == lesson
    assert "Lessons of the same category" not in priya.get(activity.get_absolute_url()).content.decode()

    form = section_of(priya, alder, activity, "activity_past_review", "trends")
    assert "Which trends matter for this?" in form
    shown = section_of(priya, alder, activity, "activity_past_review", "past")
    assert cells_of(shown, "Home care 2021")["How well it worked"] == "In part"
    olive = sign_in(alder.olive)
    assert olive.get(f"/commissions/{activity.commission_id}/sheets/past_work/add/").status_code == 404


@pytest.mark.requirement("N-077")
def test_laws_and_policies_are_listed_with_their_effect_and_the_action(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder, "legislation_policy")
    priya = sign_in(alder.priya)
    fields = {"effect": "Visits must last long enough", "action": "Set a least length"}
    sent(priya, activity, "laws", name="Care Act 2014", origin="external", **fields)
    sent(priya, activity, "laws", name="Living wage policy", origin="internal", effect="Rates rise", action="")

    page = priya.get(activity.get_absolute_url()).content.decode()
    for words in ("Care Act 2014", "External", "Visits must last long enough", "Set a least length", "Internal"):
        assert words in page


def test_review_date_of_a_law_is_a_deadline_that_moves_and_ends_with_it(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder, "legislation_policy")
    priya = sign_in(alder.priya)
    address = f"/commissions/{activity.commission_id}/sheets/laws/"
    fields = {"name": "Care Act 2014", "origin": "external", "effect": "Visits", "action": ""}
    late = priya.post(f"{address}add/", fields | on("review_on", date(2026, 9, 6))).content.decode()
    assert "must be on or after 7 September 2026" in late
    priya.post(f"{address}add/", fields | on("review_on", date(2027, 3, 1)))
    row, due = LawOrPolicy.objects.get(), Deadline.objects.get(kind=law_reviews.KIND)
    assert (due.due_on, due.holder, due.done_at) == (date(2027, 3, 1), alder.priya, None)
    assert due.path == f"{address}{row.pk}/"
    assert [one.due_on for one in law_reviews.all_due()] == [date(2027, 3, 1)]

    priya.post(f"{address}{row.pk}/", fields | on("review_on", date(2027, 6, 1)) | {"version": "1"})
    due.refresh_from_db()
    assert due.due_on == date(2027, 6, 1)
    priya.post(f"{address}{row.pk}/", fields | {"version": "2"})
    due.refresh_from_db()
    assert due.done_at is not None

    priya.post(f"{address}{row.pk}/", fields | on("review_on", date(2027, 7, 1)) | {"version": "3"})
    due.refresh_from_db()
    assert (due.due_on, due.done_at) == (date(2027, 7, 1), None)
    priya.post(f"{address}{row.pk}/remove/", {})
    due.refresh_from_db()
    assert due.done_at is not None
    assert list(law_reviews.all_due()) == []


@pytest.mark.requirement("N-078")
def test_change_of_law_in_a_later_stage_shows_on_the_commission_and_asks_its_holder_for_the_effect(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = activity_of(alder, "legislation_policy")
    steps.put_in(activity.commission, "secure")
    CommissionActivity.objects.filter(pk=activity.pk).update(state=ActivityState.DONE)
    sam = sign_in(alder.sam)
    change = {"name": "Living wage", "what": "It rises by 4%", "effect": ""}
    sent(sam, activity, "law_changes", **change, **on("from_on", date(2027, 4, 1)))

    item, row = WorkItem.objects.get(kind="law_change"), LawChange.objects.get()
    assert (item.assignee, item.needed_by) == (alder.priya, date(2027, 4, 1))
    address = f"/commissions/{activity.commission_id}/sheets/law_changes/{row.pk}/"
    assert item.path == address
    priya, overview = sign_in(alder.priya), f"/commissions/{activity.commission_id}/"
    page = priya.get(overview).content.decode()
    assert "Living wage changes." in page
    assert "It rises by 4%" in page
    assert "Say what a change means here: Living wage" in priya.get("/").content.decode()

    priya.post(address, change | on("from_on", date(2027, 4, 1)) | {"version": "1"})
    assert WorkItem.objects.filter(kind="law_change").count() == 1, "nobody is asked twice"
    priya.post(address, change | on("from_on", date(2027, 4, 1)) | {"version": "2", "effect": "Rates rise"})
    item.refresh_from_db()
    assert item.state == "closed"
    assert "Living wage changes." not in priya.get(overview).content.decode()
    lists = priya.get(f"/commissions/{activity.commission_id}/sheets/law_changes/").content.decode()
    assert "Rates rise" in lists


@pytest.mark.requirement("N-065")
def test_users_are_counted_and_the_specification_shows_them(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder, "needs_assessment")
    priya = sign_in(alder.priya)
    sent(priya, activity, "user_groups", name="People leaving hospital", number="1,200", months="6", source="")
    page = sent(priya, activity, "user_groups", name="Their carers", number="800", months="", source="")
    for words in ("1,200", "6 months", "Without an end", "2,000 people"):
        assert words in page
    assert UserGroup.objects.get(name="People leaving hospital").number == 1200
    paper = section_of(priya, alder, activity, "specification", "requirements")
    assert "People leaving hospital" in paper
    assert "In all: 2,000 people" in paper


@pytest.mark.requirement("N-079")
def test_requirements_say_how_firm_and_what_cannot_be_measured(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder, "requirements")
    priya = sign_in(alder.priya)
    sent(priya, activity, "requirements", text="Friendly staff", firmness="3", measure="")
    page = sent(
        priya, activity, "requirements", text="Visits on time", firmness="1", measure="95% within 15 minutes",
        **on("needed_by", date(2027, 4, 1)),
    )  # fmt: skip
    assert page.index("Visits on time", page.index("<table")) < page.index("Friendly staff")
    for words in ("Must", "Could", "1 April 2027", "95% within 15 minutes", "Cannot be measured yet"):
        assert words in page
    assert (activity.activity.kind, activity.activity.owner) == ("procurement", "ccps")
    assert "When should the main steps be done?" in section_of(
        priya, alder, activity, "activity_requirements", "timeline"
    )
    assert "How much work is it, and whose?" in section_of(priya, alder, activity, "activity_requirements", "effort")
    assert "Visits on time" in section_of(priya, alder, activity, "activity_requirements", "requirements")


@pytest.mark.parametrize(
    ("key", "sheet", "fields", "shown"),
    [
        (
            "market_analysis",
            "providers",
            {
                "name": "Fellside Care",
                "capability": "Home care, day and night",
                "capacity": "60 hours a week",
                "price_structure": "Hourly, travel on top",
                "area": "Upper Alder",
                "source": "Market event, June 2026",
            },
            ("Fellside Care", "Home care, day and night", "60 hours a week", "Hourly, travel on top", "Upper Alder"),
        ),
        (
            "category_review",
            "category_review",
            {
                "aspect": "quality",
                "strategy": "One standard for all homes",
                "here": "Two standards",
                "improvement": "Use the regional one",
            },
            ("Quality", "One standard for all homes", "Two standards", "Use the regional one"),
        ),
    ],
)
def test_market_and_category_are_written_down_and_begin_their_activity(
    alder: Alder, sign_in: SignIn, key: str, sheet: str, fields: dict[str, str], shown: tuple[str, ...]
) -> None:
    activity = activity_of(alder, key)
    priya = sign_in(alder.priya)
    sent(priya, activity, sheet, **fields)
    page = priya.get(activity.get_absolute_url()).content.decode()
    assert all(words in page for words in shown)
    activity.refresh_from_db()
    assert activity.state == ActivityState.IN_PROGRESS
    assert (activity.activity.kind, activity.activity.owner) == ("procurement", "ccps")


@pytest.mark.requirement("N-081")
def test_providers_supply_and_trends_are_found_in_market_analysis_and_cited_in_make_or_buy(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = activity_of(alder, "market_analysis")
    priya = sign_in(alder.priya)
    fields = {"name": "Fellside Care", "capability": "Home care", "capacity": "60 hours", "price_structure": "Hourly"}
    sent(priya, activity, "providers", **fields, area="", source="Event")
    shown = section_of(priya, alder, activity, "activity_market_analysis", "providers")
    cells = cells_of(shown, "Fellside Care")
    assert (cells["Can do"], cells["How much"], cells["Prices"]) == ("Home care", "60 hours", "Hourly")
    balance = section_of(priya, alder, activity, "activity_market_analysis", "balance")
    assert "How does supply stand to demand?" in balance
    assert "What is changing in this market?" in section_of(
        priya, alder, activity, "activity_market_analysis", "trends"
    )

    study = CommissionActivity.objects.get(commission=activity.commission, activity__key="make_or_buy")
    page = priya.get(study.get_absolute_url()).content.decode()
    assert "Fellside Care" in page
    assert steps.refused(study, "complete", alder.priya)[0] == "Output: nothing written, attached or linked"


@pytest.mark.requirement("N-082")
def test_category_is_compared_in_four_respects_and_ends_in_improvements(alder: Alder, sign_in: SignIn) -> None:
    activity = activity_of(alder, "category_review")
    assert activity.activity.kind == "procurement"
    priya = sign_in(alder.priya)
    for aspect in ("cost", "quality", "outcomes", "feedback"):
        fields = {"strategy": f"Low {aspect}", "here": f"High {aspect}", "improvement": f"Mend {aspect}"}
        sent(priya, activity, "category_review", aspect=aspect, **fields)
    page = section_of(priya, alder, activity, "activity_category_review", "comparison")
    for words in ("Cost", "Quality", "Outcomes", "Feedback"):
        assert cells_of(page, words)["What the strategy says"] == f"Low {words.lower()}"
    assert cells_of(page, "Feedback")["What could be better"] == "Mend feedback"
    end = section_of(priya, alder, activity, "activity_category_review", "conclusion")
    assert "Which improvements will you make, and which not?" in end


ROWS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "resource_analysis": [
        ("budget", {"code": "R1", "source": "Base", "year": 2026, "amount": Decimal(5)}),
        ("work_time", {"team": "Finance", "month": date(2026, 10, 1), "days": Decimal(40), "work": ""}),
        ("assets", {"name": "A hall", "kind": "place", "place": "", "use": "Meals"}),
    ],
    "needs_assessment": [("user_groups", {"name": "Carers", "number": 5, "months": None, "source": ""})],
    "past_review": [("past_work", {"name": "Old", "worked": "well", "lesson": "Ask", "change": "Ask"})],
    "legislation_policy": [("laws", {"name": "Care Act", "origin": "external", "effect": "Much", "action": ""})],
}


@pytest.mark.parametrize("key", sorted(ROWS))
def test_activity_page_asks_at_most_eight_and_the_same_for_many_rows(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]], key: str
) -> None:
    activity = activity_of(alder, key)
    priya = sign_in(alder.priya)
    for sheet, fields in ROWS[key]:
        add(alder, activity, sheet, **fields)
    priya.get("/")
    few = queries_of(lambda: priya.get(activity.get_absolute_url()))
    for sheet, fields in ROWS[key]:
        for _ in range(20):
            add(alder, activity, sheet, **fields)

    many = queries_of(lambda: priya.get(activity.get_absolute_url()))

    assert len(few) == len(many) <= 8, many


def test_budget_page_asks_the_same_for_many_rows(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    activity = activity_of(alder, "resource_analysis")
    priya = sign_in(alder.priya)
    address = f"/commissions/{activity.commission_id}/budget/"
    add(alder, activity, "budget", code="R1", source="Base", year=2026, amount=Decimal(5))
    priya.get("/")
    few = queries_of(lambda: priya.get(address))
    for number in range(20):
        add(alder, activity, "budget", code="R1", source="Base", year=2026 + number % 5, amount=Decimal(5))

    assert len(queries_of(lambda: priya.get(address))) == len(few) <= 4
