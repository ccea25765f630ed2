"""The lists of Plan in the browser, and what must stand in them before their activities are completed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import WorkItem
from commissioning.models import (
    Commission,
    CommissionActivity,
    DesignFeedback,
    Engagement,
    Gap,
    KeyDecision,
    MakeOrBuyFinding,
    MarketAction,
    Need,
    SkillGap,
)
from commissioning.services import activities
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from commissioning.states import ActivityState
from documents.facts import load_facts
from organisation.models import Person
from organisation.roles import Role
from procurement.models import CandidateRoute, RouteChoice, RouteToMarket
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    made = steps.put_in(steps.in_analyse(alder), "plan")
    CommissionActivity.objects.filter(commission=made).update(state=ActivityState.RELEVANT)
    return made


def activity(commission: Commission, key: str) -> CommissionActivity:
    rows = CommissionActivity.objects.select_related(*CommissionActivity.door_reads)
    return rows.get(commission=commission, activity__key=key)


def with_output(commission: Commission, key: str, by: Person, **given: Any) -> CommissionActivity:
    row = activity(commission, key)
    activities.write_output(row, output="Written.", output_link="", version=row.version, by=by, **given)
    return activity(commission, key)


def sheet(commission: Commission, key: str, page: str = "add/") -> str:
    return f"/commissions/{commission.pk}/sheets/{key}/{page}"


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def when(name: str, day: int, month: int, year: int) -> dict[str, int]:
    return {f"{name}_0": day, f"{name}_1": month, f"{name}_2": year}


@pytest.mark.requirement("N-075")
@pytest.mark.requirement("N-106")
def test_needs_that_are_not_met_become_gaps_once_and_each_gap_needs_an_action(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    for nature, met in (("Help to get up", "unmet"), ("Help with meals", "partly"), ("A lift to town", "met")):
        Need.objects.create(
            commission=commission, nature=nature, extent="40 people", met=met, met_by="", source="S",
            source_on=date(2026, 3, 1),
        )  # fmt: skip
    priya, page = sign_in(alder.priya), activity(commission, "gap_analysis").get_absolute_url()
    assert "Take over 2 needs" in text(priya, page)
    assert "Take over" not in text(sign_in(alder.tom), page)
    address = f"/commissions/{commission.pk}/gaps/from-needs/"
    assert sign_in(alder.tom).post(address).status_code == 403
    assert sign_in(alder.olive).post(address).status_code == 404

    assert "2 gaps taken over" in priya.post(address, follow=True).content.decode()
    assert "is a gap already" in priya.post(address, follow=True).content.decode()
    assert sorted(Gap.objects.values_list("gap", flat=True)) == ["Help to get up", "Help with meals"]
    own = {"area": "resources", "now": "Two teams", "wanted": "Three", "gap": "A team", "action": "Hire"}
    priya.post(sheet(commission, "gaps"), own | {"owner": alder.tom.pk})
    listed = text(priya, sheet(commission, "gaps", ""))
    for words in ("Resources", "Two teams", "Three", "A team", "Hire", "Tom Hesketh", "Not decided yet"):
        assert words in listed

    row = with_output(commission, "gap_analysis", alder.priya)
    assert steps.refused(row, "complete", alder.priya) == [
        "Gap “Help to get up”: no action",
        "Gap “Help with meals”: no action",
    ]
    Gap.objects.filter(action="").update(action="Buy it")
    assert door.carry_out(row, "complete", by=alder.priya).subject.state == "done"


SCORE = {"in_house": "2", "external": "4", "reason": "They have done it before"}


@pytest.mark.requirement("N-109")
def test_make_or_buy_scores_six_factors_and_ends_in_a_recommendation_with_a_pricing_strategy(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    row = with_output(commission, "make_or_buy", alder.priya)
    no_law = priya.post(sheet(commission, "make_or_buy"), SCORE | {"factor": "risk"}).content.decode()
    assert "Name the changes in law that are coming" in no_law
    priya.post(sheet(commission, "make_or_buy"), SCORE | {"factor": "risk", "coming_law": "A new care Act in 2027"})
    twice = priya.post(sheet(commission, "make_or_buy"), SCORE | {"factor": "risk", "coming_law": "None known"})
    assert "This is scored already" in twice.content.decode()
    assert steps.refused(row, "complete", alder.priya) == [
        "Not scored: Whole-life cost, Expertise, Capacity, Quality and Value for money",
        "Recommendation: not written",
    ]

    for factor in ("cost", "expertise", "capacity", "quality", "value"):
        assert priya.post(sheet(commission, "make_or_buy"), SCORE | {"factor": factor}).status_code == 302
    without = priya.post(sheet(commission, "make_or_buy_finding"), {"way": "buy", "reasons": "They are ready."})
    assert "Say how you will ask for prices" in without.content.decode()
    found = {"way": "buy", "reasons": "They are ready.", "pricing": "A price an hour, open books."}
    assert priya.post(sheet(commission, "make_or_buy_finding"), found).status_code == 302
    again = priya.post(sheet(commission, "make_or_buy_finding"), found)
    assert (again.status_code, MakeOrBuyFinding.objects.count()) == (409, 1)

    page = text(priya, row.get_absolute_url())
    for words in ("12 of 30", "24 of 30", "A new care Act in 2027", "Buy it", "A price an hour, open books."):
        assert words in page
    assert door.carry_out(activity(commission, "make_or_buy"), "complete", by=alder.priya).subject.state == "done"


@pytest.mark.requirement("N-110")
@pytest.mark.parametrize("how", ["answered", "withdrawn"])
def test_digital_study_waits_for_ict(alder: Alder, commission: Commission, how: str) -> None:
    row = with_output(commission, "make_or_buy", alder.priya, flags=["digital"])
    item = WorkItem.objects.get(queue__key="ict")

    assert steps.refused(row, "complete", alder.priya) == [
        "ICT: answer awaited. Wait for it, or withdraw the request with a reason"
    ]

    if how == "answered":
        WorkItem.objects.filter(pk=item.pk).update(state="answered", answer="agreed")
    else:
        door.carry_out(item, "close", by=alder.priya, note="It turned out not to be digital.")
    assert door.carry_out(row, "complete", by=alder.priya).subject.state == "done"


@pytest.mark.requirement("N-111")
def test_missing_skills_name_where_what_is_done_and_by_whom(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    sent = {"skill": "Moving and handling", "whose": "external", "missing": "Two trainers", "action": "Train them"}
    priya.post(sheet(commission, "skill_gaps"), sent | {"owner": alder.tom.pk} | when("due_on", 1, 12, 2026))

    page = text(priya, activity(commission, "capability").get_absolute_url())

    for words in (
        "Moving and handling",
        "Outside: providers and partners",
        "Two trainers",
        "Train them",
        "Tom Hesketh",
    ):
        assert words in page
    assert SkillGap.objects.get().due_on == date(2026, 12, 1)


@pytest.mark.requirement("N-107")
@pytest.mark.requirement("N-108")
def test_actions_in_the_market_are_counted_by_area_with_rural_areas_by_themselves(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    sent = {"action": "Open morning", "providers": "Small care firms", "owner": alder.priya.pk}
    sent |= when("due_on", 1, 10, 2026)
    for area, rural, result in (("Upper Dale", "on", ""), ("Upper Dale", "on", "Six came"), ("Alderton", "", "")):
        more = {"area": area, "result": result} | ({"is_rural": "on"} if rural else {})
        assert priya.post(sheet(commission, "market_actions"), sent | more).status_code == 302
    gone = MarketAction.objects.create(
        commission=commission, action="X", providers="Y", area="Alderton", due_on=date(2026, 9, 1),
        removed_at="2026-09-07T09:00:00Z",
    )  # fmt: skip

    page = text(priya, "/market-actions/")

    assert "2 in rural areas, 1 elsewhere" in page
    assert page.index("Rural areas") < page.index("Upper Dale") < page.index("Other areas") < page.index("Alderton")
    listed = text(priya, sheet(commission, "market_actions", ""))
    for words in ("Small care firms", "Upper Dale, rural", "Priya Shah", "1 October 2026", "Six came"):
        assert words in listed
    assert gone.pk
    assert "0 in rural areas, 0 elsewhere" in text(sign_in(alder.olive), "/market-actions/")


@pytest.mark.requirement("N-114")
@pytest.mark.requirement("N-115")
@pytest.mark.parametrize("linked", [True, False])
def test_design_is_completed_once_users_feedback_is_linked_or_explained(
    alder: Alder, commission: Commission, sign_in: SignIn, linked: bool
) -> None:
    priya = sign_in(alder.priya)
    row = activity(commission, "service_design")
    assert "attach" in text(priya, row.get_absolute_url()).lower()
    for kind in ("people", "process", "technology"):
        priya.post(sheet(commission, "design"), {"kind": kind, "name": f"The {kind}", "how": "Step by step"})
    row = with_output(commission, "service_design", alder.priya)
    assert steps.refused(row, "complete", alder.priya) == ["Feedback of future users: none linked, and no reason given"]
    empty = priya.post(sheet(commission, "design_feedback"), {})
    assert "Choose an entry of the engagement log, or say why nobody was asked" in empty.content.decode()

    if linked:
        entry = Engagement.objects.create(
            commission=commission, stage="plan", title="Tea at the day centre", group="users", kind="meeting",
            method="in_person", takes_place_on=date(2026, 9, 1), purpose="The design",
        )  # fmt: skip
        sent = {"engagement": entry.pk, "said": "Come sooner", "changed": "Within a week"}
    else:
        sent = {"why_none": "Staff only"}
    assert priya.post(sheet(commission, "design_feedback"), sent).status_code == 302

    assert DesignFeedback.objects.count() == 1
    page = text(priya, row.get_absolute_url())
    for words in ("The people", "The process", "The technology", "Tea at the day centre" if linked else "Staff only"):
        assert words in page
    assert door.carry_out(row, "complete", by=alder.priya).subject.state == "done"


@pytest.mark.requirement("N-113")
@pytest.mark.parametrize(
    ("flag", "queue"),
    [("staff_transfer", "hr"), ("carbon_effect", "climate"), ("personal_data", "information_governance")],
)
def test_each_effect_that_is_there_asks_its_function_at_once(
    alder: Alder, commission: Commission, sign_in: SignIn, flag: str, queue: str
) -> None:
    row = activity(commission, "evaluate_impact")
    priya = sign_in(alder.priya)
    assert f'name="flag_{flag}"' in priya.get(row.get_absolute_url()).content.decode()

    priya.post(row.get_absolute_url(), {"output": "Carers may move.", f"flag_{flag}": "on", "version": row.version})

    assert list(WorkItem.objects.values_list("queue__key", flat=True)) == [queue]


@pytest.mark.requirement("N-121")
@pytest.mark.requirement("N-102")
def test_routes_are_weighed_one_is_agreed_and_market_work_makes_market_warming_relevant(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    CommissionActivity.objects.filter(activity__key="market_warming").update(state=ActivityState.NOT_RELEVANT)
    lewis = sign_in(alder.by_role[Role.CCPS_OFFICER])
    routes = list(RouteToMarket.objects.filter(framework=alder.council.framework).order_by("order")[:2])
    assert routes[0].name in text(lewis, sheet(commission, "candidate_routes"))
    for route in routes:
        sent = {"route": route.pk, "reasons_for": f"{route.name} is known", "reasons_against": "It takes time"}
        assert lewis.post(sheet(commission, "candidate_routes"), sent).status_code == 302
    twice = lewis.post(sheet(commission, "candidate_routes"), {"route": routes[0].pk, "reasons_for": "Again"})
    assert "This route is listed already" in twice.content.decode()
    candidate = CandidateRoute.objects.order_by("pk")[0]
    assert candidate.weeks == routes[0].weeks
    row = with_output(commission, "route_to_market", alder.priya)
    assert steps.refused(row, "complete", alder.priya) == ["Agreed route: not recorded"]

    half = {"requirements": "market_work", "agreed": candidate.pk}
    assert "Say why it is fair" in lewis.post(sheet(commission, "route_choice"), half).content.decode()
    whole = half | {"participants": "Lewis and Priya", "fairness": "Anyone may bid"} | when("agreed_on", 1, 9, 2026)
    assert lewis.post(sheet(commission, "route_choice"), whole).status_code == 302

    assert activity(commission, "market_warming").state == ActivityState.RELEVANT
    page = text(sign_in(alder.tom), row.get_absolute_url())
    for words in (routes[0].name, routes[1].name, "It takes time", "Lewis and Priya", "Anyone may bid"):
        assert words in page
    assert f"{routes[0].weeks} weeks" in page
    assert RouteChoice.objects.get().agreed == candidate
    assert door.carry_out(row, "complete", by=alder.priya).subject.state == "done"
    facts = load_facts([commission.case_file], ["sheet_route_choice"])[commission.case_file_id]
    assert facts["sheet_route_choice"].value == [routes[0].name]


@pytest.mark.requirement("N-098")
@pytest.mark.requirement("N-105")
@pytest.mark.requirement("N-124")
def test_plan_at_a_glance_shows_groups_with_counts_key_decisions_and_voluntary_skills(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/plan-stage/"
    CommissionActivity.objects.filter(commission=commission, activity__key="gap_analysis").update(state="done")
    page = text(priya, address)
    for group in ("Evaluate", "Design", "Develop"):
        assert group in page
    assert "1 of 4 completed" in page
    for about in KeyDecision.About:
        assert str(about.label) in page
    assert page.count("Not decided yet") == len(KeyDecision.About)

    sent = {"about": "service", "decision": "Care at home"} | when("decided_on", 1, 9, 2026)
    priya.post(sheet(commission, "key_decisions"), sent)
    assert "This is decided already" in priya.post(sheet(commission, "key_decisions"), sent).content.decode()
    blank = priya.post(sheet(commission, "voluntary_skills"), {})
    assert "Name the skills, or say below why none could contribute" in blank.content.decode()
    priya.post(sheet(commission, "voluntary_skills"), {"skills": "Befrienders know who lives alone"})

    page = text(priya, address)
    assert "Care at home" in page
    assert "1 September 2026" in page
    assert "Befrienders know who lives alone" in page
    assert page.count("Not decided yet") == len(KeyDecision.About) - 1
    assert sign_in(alder.olive).get(address).status_code == 404


@pytest.mark.requirement("N-099")
@pytest.mark.requirement("N-100")
def test_key_questions_show_what_the_records_already_say(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    found = {"way": "both", "reasons": "Evenings are hard to fill.", "pricing": "An hourly price."}
    save_row(commission, sheet_of("make_or_buy_finding"), found, by=alder.priya)
    Engagement.objects.create(
        commission=commission, stage="plan", title="Care firms' breakfast", group="suppliers", kind="supplier_event",
        method="in_person", takes_place_on=date(2026, 9, 1), purpose="Ideas", heard="Shared rotas save travel",
    )  # fmt: skip

    page = text(sign_in(alder.priya), f"/commissions/{commission.pk}/plan-stage/")

    assert "Make or buy study: Do part in-house and buy part. Evenings are hard to fill." in page
    assert "Care firms&#x27; breakfast, 1 September 2026: Shared rotas save travel" in page


@pytest.mark.requirement("N-125")
def test_usual_duration_is_a_hint_where_the_time_is_planned(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)

    assert "It usually takes 3 to 6 months." in text(
        priya, activity(commission, "market_development").get_absolute_url()
    )
    assert "Market development: 3 to 6 months" in text(priya, f"/commissions/{commission.pk}/plan-stage/")


@pytest.mark.parametrize("count", [1, 30])
def test_pages_of_plan_ask_the_same_whatever_the_rows(alder, commission, sign_in, queries_of, count) -> None:
    people.statutory_figures()
    for number in range(count):
        Gap.objects.create(
            commission=commission, area="services", now="A", wanted="B", gap=f"C{number}", owner=alder.tom
        )
        MarketAction.objects.create(
            commission=commission, action="A", providers="B", area=f"Area {number}", due_on=date(2026, 10, 1)
        )
        Need.objects.create(
            commission=commission, nature=f"N{number}", extent="1", met="unmet", source="S", source_on=date(2026, 3, 1)
        )
    priya = sign_in(alder.priya)
    pages = (
        sheet(commission, "gaps", ""),
        sheet(commission, "gaps"),
        f"/commissions/{commission.pk}/gaps/from-needs/",
        f"/commissions/{commission.pk}/plan-stage/",
        "/market-actions/",
    )
    for page in pages:
        priya.get(page)  # rules and holidays are read once a process
    asked = [len(queries_of(lambda page=page: priya.get(page))) for page in pages]
    assert asked == [3, 3, 2, 6, 1]
    for key in ("gap_analysis", "make_or_buy", "service_design", "value_for_money", "route_to_market"):
        page = activity(commission, key).get_absolute_url()
        assert len(queries_of(lambda page=page: priya.get(page))) <= 10, key
