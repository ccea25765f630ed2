"""Worked example 22.1: £640,000 of home care in the rural north, high risk, to a live contract, in a browser."""

from __future__ import annotations

from datetime import date

import pytest

from casework.audit.heads import all_breaks
from commissioning.models import Commission
from organisation import clock
from tests.journeys.conftest import Council
from tests.journeys.steps import (
    Need,
    answer,
    answer_questions,
    answer_risk,
    ask_about,
    ask_input,
    ask_supplier,
    ask_voluntary,
    consider_joint,
    decide,
    decide_to_buy,
    do_stage,
    engage,
    give_input,
    hand_over,
    move_on,
    open_exercise,
    plan_indicator,
    record_authority,
    record_price,
    register,
    screen,
    sign,
    sign_off_specification,
    submit_gate,
    weigh_options,
    write_decision,
    write_gate_paper,
    write_request,
    write_topics,
)
from tests.journeys.walking import Walker

HOME_CARE = Need(
    "Home care in the rural north",
    "340 people in the north of the county need help at home, and four villages have no provider.",
    "640,000",
    "768,000",
    date(2027, 4, 1),
)


WINNER = "Safe Hands Training Ltd"
RISKS = ("Would a council service fail", "Is this a statutory service", "Is competition limited")


@pytest.fixture
def first_day() -> date:
    return date(2026, 3, 2)


def started(walk: Walker, council: Council) -> Commission:
    """Registered at high risk and started: CCPS and Information Governance hear of it at once, Legal does not yet."""
    commission = register(walk, council, HOME_CARE)
    walk.see("£640,000")
    answer_risk(walk, commission, *RISKS)
    record_authority(
        walk, commission, "To commission", "To procure", reference="DD-2026-031", who="Director of Adult Services"
    )
    walk.go(f"/commissions/{commission.pk}/").press("Start this commission").press("Start this commission")
    walk.see("COM-2026-0001 started under rules version 1.", "CCPS", "Information Governance")
    return commission


def taken_up(walk: Walker, council: Council) -> None:
    """CCPS sees why it was told, under which rule, and takes it up; Information Governance answers; Legal waits."""
    clock.move_to(date(2026, 3, 3))
    walk.as_person(council.lewis).go("/queues/ccps/").follow("Home care in the rural north")
    walk.see("£640,000 is over £100,000", "3 high-risk criteria", "Early notice", "version 1")
    walk.press("Acknowledge").see("acknowledged")
    walk.as_person(council.hal).go("/queues/legal/").not_see("COM-2026-0001")
    walk.as_person(council.jo).go("/queues/information_governance/").follow("Home care in the rural north")
    answer(walk, "Information Governance")


def agreed(walk: Walker, council: Council, commission: Commission) -> None:
    """The full set but for capability building, agreed by the three who will do it."""
    clock.move_to(date(2026, 3, 6))
    walk.as_person(council.priya).go(f"/commissions/{commission.pk}/plan/")
    row = walk.page.get_by_role("row", name="Capacity and capability building")
    if row.get_by_role("checkbox").is_checked():
        row.get_by_role("checkbox").uncheck()
        row.get_by_role("textbox").fill("The teams have the people and skills it needs.")
    walk.tick("Priya Shah, Commissioning").tick("Lewis Grant, CCPS").tick("Fiona Mercer, Finance")
    walk.press("Agree this plan").see("Activity plan agreed.")


def through_analyse(walk: Walker, council: Council, commission: Commission) -> None:
    """Every activity, Finance asked to check the spend, the screening that asks for more, the stage's questions."""
    clock.move_to(date(2026, 3, 9))
    walk.as_person(council.priya)
    screen(walk, commission, **{"Could it treat some people better or worse": "Yes"})
    walk.see("A full impact assessment is needed")
    ask_about(walk, commission, "Spend analysis", "Finance", "Are these the right cost centres?", date(2026, 3, 20))
    clock.move_to(date(2026, 3, 16))
    walk.as_person(council.fiona).go("/queues/finance/").follow("Home care in the rural north")
    answer(walk, "Finance")
    walk.as_person(council.priya)
    do_stage(walk, commission, "analyse")
    engage(walk, commission, "Analyse", "Evenings with people who have home care")
    answer_questions(walk, commission, "analyse")
    write_topics(walk, commission)


def past_gate_1(walk: Walker, council: Council, commission: Commission) -> None:
    """The initiation document with input from CCPS and Finance, approved by Tom and then by the directors."""
    clock.move_to(date(2026, 4, 27))
    walk.as_person(council.priya).go(f"/commissions/{commission.pk}/measures/")
    walk.fill("Which outcome is it about?", "People stay at home").fill(
        "What is measured?", "Visits that start on time"
    )
    walk.fill("In what unit?", "%").fill("Where does it stand today?", "81").fill("What should it reach?", "95")
    walk.date("By when?", date(2028, 3, 31)).press("Save this measure")
    walk.go(f"/commissions/{commission.pk}/").see("Gate 1, initiation document: required, not approved")
    paper = write_gate_paper(walk, commission, 1, {})
    ask_input(walk, commission, 1, date(2026, 5, 5))
    clock.move_to(date(2026, 5, 5))
    give_input(walk, council)
    clock.move_to(date(2026, 5, 11))
    walk.as_person(council.priya)
    submit_gate(walk, paper, "initiation document")
    clock.move_to(date(2026, 5, 20))
    for person in (council.tom, council.helen):
        decide(walk, person, commission, 1, "Approve")
    walk.as_person(council.priya).go(f"/commissions/{commission.pk}/measures/").see("Frozen")
    move_on(walk, commission, "Plan")


def through_plan(walk: Walker, council: Council, commission: Commission) -> None:
    """Buying is decided; HR is asked about staff transfer; indicators, specification and full assessment stand."""
    clock.move_to(date(2026, 6, 1))
    walk.as_person(council.priya)
    consider_joint(walk, commission)
    ask_voluntary(walk, commission)
    decide_to_buy(walk, commission, "The council has no home-care teams of its own in the north.")
    walk.go(f"/commissions/{commission.pk}/tasks/").follow("Evaluate the impact")
    walk.tick("May staff transfer to another employer (TUPE)?").press("Save")
    walk.as_person(council.tessa).go("/queues/hr/").follow("Home care in the rural north")
    answer(walk, "HR")
    plan_indicator(walk.as_person(council.priya), commission)
    walk.go(f"/commissions/{commission.pk}/papers/full_impact_assessment/").press("Continue")
    walk.fill_paper({}).tick("I agree with this statement").press("Submit full impact assessment")
    do_stage(walk, commission, "plan")
    engage(walk, commission, "Plan", "Users and carers read the draft specification")


def accepted(walk: Walker, council: Council, commission: Commission) -> None:
    """Ann approves, Priya submits on a Monday, Lewis accepts on Friday; Legal joins because of value and risk."""
    clock.move_to(date(2026, 7, 6))
    request = write_request(walk, council, commission, {"Which way of buying do you have in mind?": "Open tender"})
    walk.go(request).press("Submit the request to CCPS").press("Submit the request to CCPS")
    walk.see("CCPS answers by 13 July 2026.")
    clock.move_to(date(2026, 7, 10))
    walk.as_person(council.lewis).go("/queues/ccps/").follow("Home care in the rural north").press(
        "Accept this request"
    )
    walk.choose("Which path does it take?", "Sourcing").fill("How many days of CCPS’s time will it take?", "25")
    walk.pick("Which route to market?", "Open tender").date("When do you aim to award it?", date(2026, 12, 1))
    walk.date("When do you need Legal’s draft contract?", date(2026, 9, 11))
    walk.fill("What happens next?", "I write the sourcing strategy with you by the end of July.")
    walk.press("Accept this request").see("accepted: ", "Legal is asked to join by 11 September 2026.")
    walk.as_person(council.hal).go("/queues/legal/").follow("Home care in the rural north")
    walk.see("£640,000 is over £500,000", "3 high-risk criteria")


def past_gate_3(walk: Walker, council: Council, commission: Commission) -> None:
    """The outline business case, approved by the panel."""
    clock.move_to(date(2026, 7, 27))
    walk.as_person(council.priya)
    weigh_options(walk, commission)
    paper = write_gate_paper(walk, commission, 3, {})
    submit_gate(walk, paper, "outline business case")
    clock.move_to(date(2026, 8, 12))
    for person in (council.helen, council.victor):
        decide(walk, person, commission, 3, "Approve")
    clock.move_to(date(2026, 8, 21))
    walk.as_person(council.priya)
    sign_off_specification(walk, council, commission)
    clock.move_to(date(2026, 8, 24))
    move_on(walk, commission, "Secure Services")


def published(walk: Walker, council: Council, commission: Commission) -> str:
    """Hal returns the draft contract, the stage's questions are answered, Lewis publishes; gives the exercise."""
    clock.move_to(date(2026, 9, 11))
    walk.as_person(council.hal).go("/queues/legal/").follow("Home care in the rural north")
    answer(walk, "Legal", text="The draft contract and terms are ready.")
    walk.as_person(council.priya)
    answer_questions(walk, commission, "secure")
    walk.as_person(council.lewis)
    exercise = open_exercise(walk, commission, "Home care in the rural north", "Open tender")
    walk.go(f"{exercise}do/publish/").see("Award criteria: none recorded", "Deadline for bids: not set")
    walk.go(f"{exercise}tender/").date("When do you plan to publish it?", date(2026, 9, 21))
    walk.date("By when must bids come?", date(2026, 10, 26)).fill("Which lots?", "Four, by area")
    walk.fill("What social value do you ask for?", "Local jobs and apprenticeships in care.")
    walk.choose("Did you meet the market before this?", "Yes")
    walk.fill("Reference of the market engagement notice", "2026/S 000-012345").press("Save")
    walk.go(f"{exercise}criteria/").fill("Award criteria", "Quality of care 60\nPrice 40").press("Save the criteria")
    clock.move_to(date(2026, 9, 21))
    walk.go(exercise).press("Publish the tender").fill("Reference of the tender notice", "2026/S 000-020000")
    walk.press("Publish the tender").see("possible bidder")
    return exercise


def won(walk: Walker, council: Council, commission: Commission, exercise: str) -> str:
    """Five bids come, one wins; gives the contract that is drafted."""
    clock.move_to(date(2026, 10, 26))
    walk.as_person(council.lewis).go(exercise).press("Close the bids").fill("How many bids came in time?", "5")
    walk.press("Close the bids")
    clock.move_to(date(2026, 11, 13))
    ask_supplier(walk, exercise, WINNER)
    record_price(walk, exercise, WINNER, "632,000", "758,400")
    write_decision(walk, exercise, WINNER, date(2027, 4, 1), date(2029, 3, 31))
    walk.go(f"/commissions/{commission.pk}/").follow("CON-2026-0001")
    return walk.path


def past_gate_4(walk: Walker, council: Council, commission: Commission) -> None:
    """The full business case with the winning price and an exit plan; leadership approves."""
    clock.move_to(date(2026, 11, 16))
    walk.as_person(council.priya)
    paper = write_gate_paper(walk, commission, 4, {})
    submit_gate(walk, paper, "full business case")
    clock.move_to(date(2026, 11, 27))
    for person in (council.helen, council.victor):
        decide(walk, person, commission, 4, "Approve")


def signed(walk: Walker, council: Council, commission: Commission, exercise: str, contract: str) -> None:
    """Awarded under the director's decision; nobody signs before the standstill is over, then both do."""
    clock.move_to(date(2026, 12, 1))
    walk.as_person(council.lewis).go(f"{exercise}do/award/").see("Authority to award: not recorded")
    walk.as_person(council.priya)
    record_authority(walk, commission, "To award", reference="DD-2026-402", who="Director of Adult Services")
    clock.move_to(date(2026, 12, 3))
    walk.as_person(council.lewis).go(exercise).press("Award the contract").press("Award the contract")
    walk.go(f"{exercise}standstill/").choose("Which standstill is held?", "Held although the law does not ask for one")
    walk.today("When is the contract award notice published?").fill("Why?", "So that every bidder can ask for reasons.")
    walk.press("Record the standstill").see("14 December 2026")
    clock.move_to(date(2026, 12, 14))
    walk.as_person(council.tom).go(f"{contract}do/sign_for_council/").see("Standstill ends on 14 December 2026")
    clock.move_to(date(2026, 12, 18))
    sign(walk, council, contract)
    walk.see("Signed")


def live(walk: Walker, council: Council, commission: Commission, contract: str) -> None:
    """Finance sets up payment, Sam mobilises, Lewis hands over, and it is live on 1 April 2027."""
    clock.move_to(date(2027, 1, 11))
    walk.as_person(council.fiona).go("/queues/finance/").follow("Home care in the rural north")
    walk.press("Acknowledge")
    clock.move_to(date(2027, 3, 22))
    walk.as_person(council.sam).go(contract).follow("Enter in the register", exact=True)
    walk.date("When is the first review?", date(2027, 7, 1)).press("Enter in the register")
    walk.go(f"{contract}do/go_live/").see("Agree the governance structure: not done")
    walk.go(contract).follow("Agree the governance structure: not done")
    walk.fill("What came of it?", "The board meets monthly.").press("Mark this task as done")
    hand_over(walk, council, contract)
    clock.move_to(date(2027, 4, 1))
    walk.as_person(council.sam).go(contract).follow("Go live", exact=True).press("Go live").see("Live")
    walk.as_person(council.priya)
    do_stage(walk, commission, "secure")
    walk.go(f"/commissions/{commission.pk}/").follow("Engagement in Secure Services: nothing held, and no reason")
    walk.follow("Say why nobody is asked in Secure Services")
    walk.fill("Why is nobody asked at this stage?", "Users helped to write the criteria in Plan.")
    walk.press("Save this reason").see("Nobody is asked here: Users helped")
    walk.as_person(council.sam)
    move_on(walk, commission, "Review")


def test_22_1_runs_to_a_live_contract(walk: Walker, council: Council) -> None:
    commission = started(walk, council)
    taken_up(walk, council)
    agreed(walk, council, commission)
    through_analyse(walk, council, commission)
    past_gate_1(walk, council, commission)
    through_plan(walk, council, commission)
    accepted(walk, council, commission)
    past_gate_3(walk, council, commission)
    exercise = published(walk, council, commission)
    contract = won(walk, council, commission, exercise)
    past_gate_4(walk, council, commission)
    signed(walk, council, commission, exercise, contract)
    live(walk, council, commission, contract)

    assert list(all_breaks()) == []
