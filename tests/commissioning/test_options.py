"""The options appraisal in the browser: options, costs, scores, the preferred one, and what gate 3 asks of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework import door
from commissioning.models import (
    AppraisalCriterion,
    AppraisalOption,
    Commission,
    CommissionActivity,
    OptionCost,
    OptionPreference,
    OptionScore,
)
from commissioning.selectors.options import appraisal_of
from commissioning.services import options as service
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from documents.facts import load_facts
from documents.models import Paper
from documents.services import papers
from organisation.models import Person
from tests.commissioning import gates, steps
from tests.commissioning.conftest import Alder
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]
OPTION = {
    "name": "Four contracts by area",
    "advantages": "Small firms can bid",
    "disadvantages": "More to manage",
    "outcomes": "Shorter waits",
    "risk": "No bid for the north",
    "exit_route": "Six months' notice",
}


@pytest.fixture
def commission(alder: Alder) -> Commission:
    people.statutory_figures()
    return steps.put_in(steps.in_analyse(alder), "plan")


def at(commission: Commission, page: str = "") -> str:
    return f"/commissions/{commission.pk}/options/{page}"


def sheet(commission: Commission, key: str, page: str = "add/") -> str:
    return f"/commissions/{commission.pk}/sheets/{key}/{page}"


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def cost(option: AppraisalOption, kind: str, amount: str, first: int, last: int) -> dict[str, Any]:
    return {"option": option.pk, "kind": kind, "amount": amount, "first_year": first, "last_year": last}


@pytest.mark.requirement("N-103")
def test_options_stand_side_by_side_with_their_cost_to_the_end(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    assert "No option is written down yet" in text(priya, at(commission))
    priya.post(sheet(commission, "options"), OPTION)
    nothing, areas = AppraisalOption.objects.order_by("-is_do_nothing")
    assert (nothing.name, nothing.is_do_nothing, areas.is_do_nothing) == ("Do nothing", True, False)

    for sent in (
        cost(areas, "set_up", "£10,000", 2027, 2027),
        cost(areas, "running", "100,000", 2027, 2030),
        cost(areas, "ending", "5000", 2031, 2031),
        cost(areas, "benefit", "20000", 2028, 2030),
        cost(nothing, "running", "120000", 2027, 2030),
    ):
        assert priya.post(sheet(commission, "option_costs"), sent).status_code == 302
    page = text(priya, at(commission))

    for words in ("Small firms can bid", "More to manage", "Shorter waits", "No bid for the north", "Six months"):
        assert words in page
    assert "Ending it (decommissioning)" in page
    assert "£5,000" in page
    assert "Whole-life cost" in page
    assert "£415,000" in page
    # 10,000 + 100,000 (1 + 1/1.035 + 1/1.035² + 1/1.035³) + 5,000/1.035⁴
    assert "£394,521" in page
    assert "Discounted at 3.5% a year to 2027/28" in page
    assert "The Green Book" in page
    assert "£480,000" in page


def test_do_nothing_is_there_once_and_cannot_be_taken_away(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    priya.post(sheet(commission, "options"), OPTION)
    priya.post(sheet(commission, "options"), OPTION | {"name": "One contract"})
    nothing = AppraisalOption.objects.get(is_do_nothing=True)
    assert AppraisalOption.objects.count() == 3
    listed = text(priya, sheet(commission, "options", ""))
    assert f"options/{nothing.pk}/remove/" not in listed

    refused = priya.post(sheet(commission, "options", f"{nothing.pk}/remove/"), {})

    assert refused.status_code == 409
    assert "“Do nothing” stays" in refused.content.decode()
    assert AppraisalOption.objects.filter(removed_at__isnull=True).count() == 3


def test_what_hangs_on_an_option_goes_with_it(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    option = gates.weighed(commission, alder.priya)
    criterion = save_row(commission, sheet_of("option_criteria"), criterion_of("Quality", 100), by=alder.priya)
    service.save_scores(option, {criterion.pk: (4, "Good")}, version=0, by=alder.priya)

    sign_in(alder.priya).post(sheet(commission, "options", f"{option.pk}/remove/"), {})

    for model in (OptionCost, OptionScore):
        assert not model.objects.filter(removed_at__isnull=True).exists()
    assert not OptionPreference.objects.filter(superseded_at__isnull=True).exists()
    assert [one.option.name for one in appraisal_of(commission).options] == ["Do nothing"]


def criterion_of(name: str, weight: int) -> dict[str, Any]:
    return {"name": name, "weight": weight, "good_looks_like": ""}


def test_weights_make_100_and_what_is_left_is_said_beside_the_field(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    priya.post(sheet(commission, "option_criteria"), criterion_of("Quality", 60))
    assert "The others add up to 60, so 40 are left." in text(priya, sheet(commission, "option_criteria"))

    too_much = priya.post(sheet(commission, "option_criteria"), criterion_of("Speed", 50)).content.decode()

    assert "The weights would add up to 110. Enter 40 or less" in too_much
    assert "Speed" in too_much
    assert AppraisalCriterion.objects.count() == 1
    row = AppraisalCriterion.objects.get()
    own = priya.post(sheet(commission, "option_criteria", f"{row.pk}/"), criterion_of("Quality", 70) | {"version": 1})
    assert own.status_code == 302, "its own weight does not count against it"
    assert "70 of 100, 30 left to give" in text(priya, sheet(commission, "option_criteria", ""))


def test_options_are_scored_ranked_and_tested_for_how_firm_the_order_is(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    areas = gates.weighed(commission, alder.priya)
    nothing = AppraisalOption.objects.get(is_do_nothing=True)
    save_row(commission, sheet_of("option_costs"), cost_of(nothing, 36_000), by=alder.priya)
    made = [
        save_row(commission, sheet_of("option_criteria"), criterion_of(name, weight), by=alder.priya)
        for name, weight in (("Quality", 55), ("Speed", 45))
    ]
    assert "Score <span" in text(priya, at(commission)).replace('">Score', '">Score ').replace("Score  <", "Score <")

    quality, speed = (f"score_{row.pk}" for row in made)
    why_quality, why_speed = (f"reason_{row.pk}" for row in made)
    half = priya.post(at(commission, f"{areas.pk}/scores/"), {quality: "5", speed: "1", why_quality: "Best"})
    assert "Say why it scores 1 for Speed" in half.content.decode()
    sent = {quality: "5", speed: "1", why_quality: "Best", why_speed: "Late", "version": "0"}
    assert priya.post(at(commission, f"{areas.pk}/scores/"), sent).status_code == 302
    sent = {quality: "2", speed: "4", why_quality: "Weak", why_speed: "At once", "version": "0"}
    assert priya.post(at(commission, f"{nothing.pk}/scores/"), sent).status_code == 302
    stale = priya.post(at(commission, f"{nothing.pk}/scores/"), sent | {quality: "0"})
    assert stale.status_code == 409

    page = text(priya, at(commission))
    # 0.55 × 5 + 0.45 × 1 = 3.2, and 0.55 × 2 + 0.45 × 4 = 2.9
    assert "3.2" in page
    assert "2.9" in page
    assert "“Quality” counts 10 points less" in page
    assert "Now Do nothing" in page, "at 45 for quality, doing nothing scores more"
    assert "of them would put another option first; with every other change the best score stays with Four" in page
    assert "“Quality” counts 10 points more" not in page, "what changes nothing is said once, above"
    history = text(priya, f"/commissions/{commission.pk}/history/")
    assert "scored the option “Do nothing”" in history


def cost_of(option: AppraisalOption, amount: int) -> dict[str, Any]:
    years = {"first_year": 2026, "last_year": 2026}
    return {"option": option, "kind": "running", "what": "", "amount": Decimal(amount), **years}


def test_preferred_option_says_why_and_the_earlier_choice_is_kept(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    option = gates.weighed(commission, alder.priya)
    nothing = AppraisalOption.objects.get(is_do_nothing=True)
    priya = sign_in(alder.priya)
    assert "Enter" in priya.post(at(commission, "preferred/"), {"option": nothing.pk}).content.decode()

    said = priya.post(at(commission, "preferred/"), {"option": nothing.pk, "because": "No money."}, follow=True)

    assert "“Do nothing” is the preferred option." in said.content.decode()
    assert "Preferred: Do nothing" in said.content.decode()
    assert OptionPreference.objects.filter(option=option, superseded_at__isnull=False).count() == 1
    assert "chose the preferred option" in text(priya, f"/commissions/{commission.pk}/history/")


def test_option_is_saved_back_to_the_page_it_was_opened_from(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    add = f"{sheet(commission, 'options', 'add/')}?back={at(commission)}"
    assert f'href="{add}"' in text(priya, at(commission))

    assert priya.post(add, OPTION)["Location"] == at(commission)

    made = AppraisalOption.objects.get(is_do_nothing=False)
    assert f"{sheet(commission, 'options', f'{made.pk}/')}?back=" in text(priya, at(commission))
    titles = {
        text(priya, page).partition("<h1")[2].partition("</h1>")[0]
        for page in (at(commission), sheet(commission, "options", ""))
    }
    assert len(titles) == 2


def test_only_who_writes_the_activity_weighs_options(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    option = gates.weighed(commission, alder.priya)
    tom, olive = sign_in(alder.tom), sign_in(alder.olive)
    page = text(tom, at(commission))
    assert "Four contracts by area" in page
    assert "Add an option" not in page
    for address in (at(commission, "preferred/"), at(commission, f"{option.pk}/scores/")):
        assert tom.get(address).status_code == tom.post(address).status_code == 403
        assert olive.get(address).status_code == 404
    assert olive.get(at(commission)).status_code == 404
    other = steps.put_in(steps.in_analyse(alder), "plan")
    assert sign_in(alder.priya).get(at(other, f"{option.pk}/scores/")).status_code == 404

    steps.put_in(commission, "stopped")
    late = sign_in(alder.priya).post(at(commission, "preferred/"), {"option": option.pk, "because": "It is best."})
    assert late.status_code == 409


@pytest.mark.requirement("N-101")
def test_outline_business_case_is_not_submitted_with_fewer_than_two_options(alder: Alder, sign_in: SignIn) -> None:
    people.statutory_figures()
    commission = steps.put_in(steps.in_analyse(alder, value=Decimal(150_000)), "plan")
    gates.begun(commission, 3, alder.priya)
    AppraisalOption.objects.filter(is_do_nothing=False).update(removed_at="2026-09-07T10:00:00Z")
    gate = gates.read(commission, 3)
    assert gate.paper is not None

    (offer,) = [offer for offer in door.offers(gate.paper, alder.priya) if offer.verb == "submit"]
    blockers = [blocker.words for blocker in offer.blockers]

    assert "Options: 1 option written down, and at least two are compared" in blockers
    AppraisalOption.objects.update(removed_at=None)
    assert gates.submitted(commission, 3, alder.priya).state == "submitted"
    frozen = gates.read(commission, 3).paper.revisions.latest("number").content
    said = str(frozen)
    for words in ("Four contracts by area (preferred)", "Do nothing", "£18,000", "It brings most for its cost."):
        assert words in said


def test_outline_case_begins_with_the_cost_of_the_preferred_option(alder: Alder, commission: Commission) -> None:
    option = gates.weighed(commission, alder.priya)
    years = {"first_year": 2030, "last_year": 2035}
    save_row(commission, sheet_of("option_costs"), cost_of(option, 1_000) | years, by=alder.priya)

    paper = papers.begin(commission.case_file, "outline_business_case", by=alder.priya)

    answers = dict(Paper.objects.get(pk=paper.pk).answers.values_list("question_key", "value"))
    assert answers["preferred_why"] == "It brings most for its cost."
    assert answers["whole_life_cost"] == {"2026/27": "18000.00", "2030/31": "1000.00", "2031/32": "5000.00"}


@pytest.mark.requirement("N-112", "N-230")
def test_value_for_money_is_weighed_before_it_is_done_and_shown_at_gates_3_and_4_and_in_review(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    gates.weighed(commission, alder.priya)
    OptionPreference.objects.all().delete()
    save_row(commission, sheet_of("option_criteria"), criterion_of("Quality", 90), by=alder.priya)
    activity = CommissionActivity.objects.get(commission=commission, activity__key="value_for_money")
    CommissionActivity.objects.filter(pk=activity.pk).update(state="in_progress", output="Worth it: £22 an hour saved.")
    activity.refresh_from_db()

    assert steps.refused(activity, "complete", alder.priya) == [
        "Weights of the criteria: they add up to 90, not 100",
        "Preferred option: not chosen",
    ]

    facts = load_facts([commission.case_file], ["value_for_money", "whole_life_costs"])[commission.case_file_id]
    assert facts["value_for_money"].shown == "Worth it: £22 an hour saved."
    assert "Four contracts by area: £18,000" in facts["whole_life_costs"].shown
    for key in ("outline_business_case", "full_business_case", "outcomes_assessment"):
        paper = papers.begin(commission.case_file, key, by=alder.priya)
        shown = [question.fact for question in steps.contents_of(paper).shape.questions.values()]
        assert "value_for_money" in shown, key
    beside = text(sign_in(alder.priya), f"/papers/{paper.pk}/sections/value/")
    for words in ("Worth it: £22 an hour saved.", "Was it good value for money?", "Why do you say so?"):
        assert words in beside


@pytest.mark.parametrize("count", [1, 30])
def test_comparison_asks_the_same_whatever_the_options(alder, commission, sign_in, queries_of, count) -> None:
    for number in range(count):
        option = gates.weighed(commission, alder.priya, name=f"Option {number}")
        criterion = save_row(commission, sheet_of("option_criteria"), criterion_of(f"C {number}", 3), by=alder.priya)
        service.save_scores(option, {criterion.pk: (4, "Good")}, version=0, by=alder.priya)
    priya = sign_in(alder.priya)
    priya.get("/")
    priya.get(at(commission))

    asked = [
        len(queries_of(lambda address=address: priya.get(address)))
        for address in (
            at(commission),
            sheet(commission, "option_costs", ""),
            sheet(commission, "option_costs"),
            at(commission, "preferred/"),
            at(commission, f"{option.pk}/scores/"),
        )
    ]
    assert asked == [3, 3, 3, 3, 5]
