"""Worked example 22.3: £60,000 of meeting-room screens, bought by CCPS through quotations, in a browser."""

from __future__ import annotations

from datetime import date

import pytest

from casework.audit.heads import all_breaks
from casework.models import WorkItem
from commissioning.models import Commission
from organisation import clock
from tests.journeys.conftest import Council
from tests.journeys.steps import (
    Need,
    agree_plan,
    answer,
    answer_questions,
    answer_risk,
    ask_supplier,
    decide_to_buy,
    do_activity,
    do_stage,
    hand_over,
    move_on,
    open_exercise,
    outstanding,
    record_authority,
    record_price,
    register,
    screen,
    sign,
    sign_off_specification,
    write_decision,
    write_request,
)
from tests.journeys.walking import Walker

# It asks ICT, and waits for the answer.
STUDY = "Make vs Buy study"
SUPPLIERS = ("Safe Hands Training Ltd", "Lift Well CIC", "Bright Rooms Ltd", "Northern AV Ltd")
QUOTES = (
    (SUPPLIERS[0], "58,900", "70,680"),
    (SUPPLIERS[1], "61,200", "73,440"),
    (SUPPLIERS[2], "64,000", "76,800"),
)
SCREENS = Need(
    "Meeting-room screens",
    "Twelve meeting rooms have projectors that no longer work with the laptops staff carry.",
    "60,000",
    "72,000",
    date(2026, 9, 1),
    category="Technology and power: Information and communications technology",
)


@pytest.fixture
def first_day() -> date:
    return date(2026, 2, 2)


def into_plan(walk: Walker, council: Council) -> Commission:
    """Registered, started and through Analyse: a quotation at low risk, of which no queue hears."""
    commission = register(walk, council, SCREENS)
    walk.see("It is in the tier “Quotation”.")
    answer_risk(walk, commission)
    record_authority(walk, commission, "To commission", "To procure", reference="DD-2026-020")
    walk.go(f"/commissions/{commission.pk}/").press("Start this commission").press("Start this commission")
    walk.see("COM-2026-0001 started under rules version 1.")
    assert WorkItem.objects.filter(queue__isnull=False).count() == 0
    agree_plan(walk, commission)
    do_stage(walk, commission, "analyse")
    answer_questions(walk, commission, "analyse")
    screen(walk, commission)
    move_on(walk, commission, "Plan")
    return commission


def through_plan(walk: Walker, council: Council, commission: Commission) -> None:
    """Buying is decided; ICT is asked because part of it is digital, and its silence keeps the commission in Plan."""
    clock.move_to(date(2026, 2, 23))
    walk.as_person(council.priya)
    decide_to_buy(walk, commission, "No team of ours makes or hangs screens.")
    sign_off_specification(walk, council, commission)
    walk.go(f"/commissions/{commission.pk}/tasks/").follow(STUDY)
    walk.tick("Is part of the answer digital?").press("Save")
    for name in outstanding(commission, "plan"):
        if name != STUDY:
            do_activity(walk, commission, name)


def accepted(walk: Walker, council: Council, commission: Commission) -> None:
    """Submitted on a Wednesday, asked about, sent back, and accepted as a quotation within its new week."""
    clock.move_to(date(2026, 3, 4))
    request = write_request(walk, council, commission, {})
    walk.go(request).press("Submit the request to CCPS").press("Submit the request to CCPS")
    walk.see("PRF-2026-0001 submitted. CCPS answers by 11 March 2026.")
    clock.move_to(date(2026, 3, 5))
    walk.as_person(council.lewis).go(request).press("Ask for information")
    walk.fill("What do you need to know?", "How many rooms have a ceiling that can bear a mount?").press(
        "Ask for information"
    )
    clock.move_to(date(2026, 3, 6))
    walk.as_person(council.priya).go(request).see("How many rooms have a ceiling that can bear a mount?")
    walk.press("Submit the request to CCPS").fill("Your answer to CCPS", "Nine; three need a stand.")
    walk.press("Send the request back to CCPS").see("CCPS answers by 13 March 2026.")
    clock.move_to(date(2026, 3, 9))
    walk.as_person(council.lewis).go(request).press("Accept this request")
    walk.choose("Which path does it take?", "Quotation").fill("How many days of CCPS’s time will it take?", "4")
    walk.date("When do you aim to award it?", date(2026, 5, 1))
    walk.fill("What happens next?", "I ask four suppliers next week.").press("Accept this request")
    walk.see("accepted: quotation, led by Lewis Grant")


def into_secure(walk: Walker, council: Council, commission: Commission) -> None:
    """Refused while ICT is silent, and so is the study that asked it."""
    clock.move_to(date(2026, 3, 11))
    walk.as_person(council.priya).go(f"/commissions/{commission.pk}/").see(
        "You cannot move to Secure Services yet", "ICT"
    )
    walk.as_person(council.ravi).go("/queues/ict/").follow("Meeting-room screens")
    answer(walk, "ICT")
    walk.as_person(council.priya)
    do_activity(walk, commission, STUDY)
    move_on(walk, commission, "Secure Services")


def recommended(walk: Walker, council: Council, commission: Commission) -> str:
    """Four suppliers are asked, three quote, Lewis recommends one, Priya confirms; gives the exercise."""
    clock.move_to(date(2026, 3, 16))
    walk.as_person(council.lewis)
    exercise = open_exercise(walk, commission, "Twelve meeting-room screens", "Quotation")
    for name in SUPPLIERS:
        ask_supplier(walk, exercise, name)
    walk.go(exercise).press("Ask for prices").press("Ask for prices")
    clock.move_to(date(2026, 3, 30))
    for name, ex_vat, inc_vat in QUOTES:
        record_price(walk, exercise, name, ex_vat, inc_vat)
    write_decision(walk, exercise, SUPPLIERS[0], date(2026, 6, 1), date(2029, 5, 31))
    walk.as_person(council.priya).go(exercise).press("Confirm the recommendation").press("Confirm the recommendation")
    return exercise


def legal_asked(walk: Walker, council: Council, commission: Commission) -> None:
    """Special maintenance terms: CCPS asks Legal, with 24 days to answer; nine would be refused."""
    clock.move_to(date(2026, 4, 1))
    walk.as_person(council.lewis).go(f"/commissions/{commission.pk}/legal/")
    walk.fill("What do you want to know?", "May the supplier replace a screen without asking?")
    walk.date("By when do you need it?", date(2026, 4, 10)).press("Ask Legal")
    walk.see("Legal needs at least 14 days")
    walk.date("By when do you need it?", date(2026, 4, 25)).press("Ask Legal").see("Asked: Legal.")
    clock.move_to(date(2026, 4, 20))
    walk.as_person(council.hal).go("/queues/legal/").follow("Meeting-room screens")
    answer(walk, "Legal")


def live(walk: Walker, council: Council, commission: Commission, exercise: str) -> None:
    """Authority, award, both signatures, payment, handover, live, Review."""
    walk.as_person(council.priya)
    record_authority(walk, commission, "To award", reference="DD-2026-077")
    walk.as_person(council.lewis).go(exercise).press("Award the contract").press("Award the contract")
    walk.go(f"/commissions/{commission.pk}/").follow("CON-2026-0001")
    contract = walk.path
    clock.move_to(date(2026, 4, 22))
    sign(walk, council, contract)
    walk.as_person(council.fiona).go("/queues/finance/").follow("Meeting-room screens").press("Acknowledge")
    clock.move_to(date(2026, 6, 1))
    walk.as_person(council.sam).go(contract).follow("Enter in the register", exact=True)
    walk.date("When is the first review?", date(2026, 12, 1)).press("Enter in the register")
    walk.go(contract).follow("Agree the governance structure: not done")
    walk.fill("What came of it?", "The property board.").press("Mark this task as done")
    hand_over(walk, council, contract)
    walk.as_person(council.sam).go(contract).follow("Go live", exact=True).press("Go live").see("Live")
    walk.as_person(council.priya)
    do_stage(walk, commission, "secure")
    walk.as_person(council.sam)
    move_on(walk, commission, "Review")


@pytest.mark.requirement("N-032")
def test_22_3_runs_from_first_screen_to_last(walk: Walker, council: Council) -> None:
    commission = into_plan(walk, council)
    through_plan(walk, council, commission)
    accepted(walk, council, commission)
    into_secure(walk, council, commission)
    exercise = recommended(walk, council, commission)
    legal_asked(walk, council, commission)
    live(walk, council, commission, exercise)

    assert list(all_breaks()) == []
