"""Worked example 22.1: £640,000 of home care in the rural north, high risk, to a live contract, in a browser."""

from __future__ import annotations

from datetime import date

import pytest

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
    begin_gate_paper,
    decide,
    do_stage,
    give_input,
    move_on,
    record_authority,
    register,
    screen,
    submit_gate,
)
from tests.journeys.walking import Walker

HOME_CARE = Need(
    "Home care in the rural north",
    "340 people in the north of the county need help at home, and four villages have no provider.",
    "640,000",
    "768,000",
    date(2027, 4, 1),
)


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
    screen(walk, commission, **{"Could it treat some people better or worse": "Yes"})
    walk.see("A full impact assessment is needed")
    ask_about(walk, commission, "Spend analysis", "Finance", "Are these the right cost centres?", date(2026, 3, 20))
    clock.move_to(date(2026, 3, 16))
    walk.as_person(council.fiona).go("/queues/finance/").follow("Home care in the rural north")
    answer(walk, "Finance")
    walk.as_person(council.priya)
    do_stage(walk, commission, "analyse")
    answer_questions(walk, commission, "analyse")


def past_gate_1(walk: Walker, council: Council, commission: Commission) -> None:
    """The initiation document with input from CCPS and Finance, approved by Tom and then by the directors."""
    clock.move_to(date(2026, 4, 27))
    walk.go(f"/commissions/{commission.pk}/measures/")
    walk.fill("Which outcome is it about?", "People stay at home").fill(
        "What is measured?", "Visits that start on time"
    )
    walk.fill("In what unit?", "%").fill("Where does it stand today?", "81").fill("What should it reach?", "95")
    walk.date("By when?", date(2028, 3, 31)).press("Save this measure")
    walk.go(f"/commissions/{commission.pk}/").see("Gate 1, initiation document: required, not approved")
    walk.go(f"/commissions/{commission.pk}/gates/1/")
    begin_gate_paper(walk, {})
    ask_input(walk, commission, 1, date(2026, 5, 5))
    clock.move_to(date(2026, 5, 5))
    give_input(walk, council)
    clock.move_to(date(2026, 5, 11))
    walk.as_person(council.priya)
    submit_gate(walk, commission, 1)
    clock.move_to(date(2026, 5, 20))
    for person in (council.tom, council.helen):
        decide(walk, person, commission, 1, "Approve")
    walk.as_person(council.priya).go(f"/commissions/{commission.pk}/measures/").see("Frozen")
    move_on(walk, commission, "Plan")


def test_22_1_runs_to_a_live_contract(walk: Walker, council: Council) -> None:
    commission = started(walk, council)
    taken_up(walk, council)
    agreed(walk, council, commission)
    through_analyse(walk, council, commission)
    past_gate_1(walk, council, commission)
