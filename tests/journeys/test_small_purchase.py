"""Worked example 22.2: an £18,000 training course, from first idea to lessons learnt, in a browser."""

from __future__ import annotations

from datetime import date

import pytest

from casework.audit.heads import all_breaks
from casework.models import WorkItem
from commissioning.models import Commission
from organisation import clock
from tests.journeys import prepared
from tests.journeys.conftest import Council
from tests.journeys.steps import (
    OUTCOMES,
    SCREENING,
    Need,
    agree_plan,
    answer_questions,
    answer_risk,
    ask_supplier,
    do_activity,
    mobilise,
    record_authority,
    record_price,
    register,
    sign,
    sign_off_specification,
)
from tests.journeys.walking import Walker

TRAINING = Need(
    "Moving and handling training",
    "Care staff move people safely every day. The present course ends in March.",
    "£18,000",
    "21,600",
    date(2027, 3, 1),
)


def start(walk: Walker, council: Council) -> Commission:
    """Registered, low risk, with authority, started; refused until each of these stands."""
    commission = register(walk, council, TRAINING)
    walk.see("It is in the tier “Service buys”.")
    walk.see("£18,000 is under £25,000", "Nobody: no rule asks for it")
    walk.see("You cannot start this commission yet. 2 things are missing.")
    walk.see("Risk form: 12 questions not answered", "Authority to commission: not recorded")
    answer_risk(walk, commission)
    walk.see("You cannot start this commission yet. 1 thing is missing.")
    walk.go(f"/commissions/{commission.pk}/do/start/").see("Authority to commission: not recorded")
    record_authority(walk, commission, "To commission", "To procure", reference="DD-2026-114")
    walk.go(f"/commissions/{commission.pk}/").press("Start this commission").press("Start this commission")
    walk.see("COM-2026-0001 started under rules version 1.", "No queue holds anything of this commission")
    return commission


def to_plan(walk: Walker, commission: Commission) -> None:
    """Through Analyse."""
    agree_plan(walk, commission)
    for name in ("Needs / asset assessment", "Resource analysis", "Legislation and policy"):
        do_activity(walk, commission, name)
    answer_questions(walk, commission, "analyse")
    walk.go(f"/commissions/{commission.pk}/").see("1 thing is missing", "Impact screening: not submitted")
    walk.follow("Impact screening: not submitted").press("Continue")
    walk.fill_paper(SCREENING).tick("I agree with this statement").press("Submit impact screening")
    walk.go(f"/commissions/{commission.pk}/").press("Move to Plan").press("Move to Plan")
    walk.see("COM-2026-0001 is now in Plan.")


def to_secure(walk: Walker, council: Council, commission: Commission) -> None:
    """Through Plan."""
    walk.go(f"/commissions/{commission.pk}/delivery/")
    walk.page.get_by_label("Buy. ", exact=False).first.check()
    walk.fill("Why is this the best way?", "No team in the council has trainers with this certificate.")
    walk.press("Make this decision").see("Delivery decision made: Buy.")
    sign_off_specification(walk, council, commission)
    for name in ("Gap analysis", "Specification"):
        do_activity(walk, commission, name)
    walk.go(f"/commissions/{commission.pk}/")
    walk.press("Move to Secure Services").press("Move to Secure Services")
    walk.see("COM-2026-0001 is now in Secure Services.")


def buy(walk: Walker, council: Council, commission: Commission) -> str:
    """Ask two suppliers, record their prices, choose one, and record the decision; gives the exercise's address."""
    walk.as_person(council.priya).go(f"/commissions/{commission.pk}/").follow("Open an exercise")
    walk.fill("What are you buying?", "Moving and handling course for 120 staff")
    walk.page.get_by_role("group", name="Which route to market?").get_by_role("radio").first.check()
    walk.press("Open this exercise")
    exercise = walk.path
    ask_supplier(walk, exercise, "Safe Hands Training Ltd")
    ask_supplier(walk, exercise, "Lift Well CIC")
    walk.go(exercise).press("Ask for prices").press("Ask for prices")
    clock.move_to(date(2026, 9, 28))
    record_price(walk, exercise, "Safe Hands Training Ltd", "18,000", "21,600")
    record_price(walk, exercise, "Lift Well CIC", "18,400", "22,080")
    walk.follow("Write the decision")
    walk.choose("Which price do you choose?", "Safe Hands Training Ltd")
    walk.fill("Why these suppliers?", "Both train care staff in the county; both had the same page and ten days.")
    walk.fill("Why is this value for money?", "Certificates last three years and evening sessions are included.")
    walk.fill("What social value does it bring?", "Two apprentices assist with each course.")
    walk.day("When will the contract start?", 1, 11, 2026).day("When will it end?", 31, 10, 2027)
    walk.pick("Who will manage the contract?", "Sam Birtles, Contracts").press("Save")
    walk.go(exercise).press("Record the decision").press("Record the decision")
    return exercise


def whole_cycle(walk: Walker, council: Council) -> Commission:
    """From first idea to lessons learnt; awarding and signing are refused while nobody has said that they may."""
    commission = start(walk, council)
    to_plan(walk, commission)
    clock.move_to(date(2026, 9, 21))
    to_secure(walk, council, commission)
    exercise = buy(walk, council, commission)

    # Refused: nobody has said that this may be awarded.
    walk.see("Authority to award: not recorded")
    walk.go(f"/commissions/{commission.pk}/").follow("CON-2026-0001")
    contract = walk.path
    walk.see("Nobody is bound by it yet.")
    walk.go(f"{exercise}do/award/").see("You cannot do this yet.", "Authority to award: not recorded")
    record_authority(walk, commission, "To award", reference="DD-2026-131")
    walk.go(exercise).press("Award the contract").press("Award the contract")

    # Refused again at the signature: the record was withdrawn in between.
    clock.move_to(date(2026, 10, 5))
    walk.go(f"/commissions/{commission.pk}/authority/").follow("Withdraw Delegated decision DD-2026-131")
    walk.fill("Why does it no longer stand?", "It named the wrong course.").press("Withdraw this record")
    walk.as_person(council.tom).go(f"{contract}do/sign_for_council/")
    walk.see("You cannot do this yet. 1 thing is missing.", "Authority to award: not recorded")
    walk.as_person(council.priya)
    record_authority(walk, commission, "To award", reference="DD-2026-140")
    sign(walk, council, contract)
    clock.move_to(date(2026, 11, 2))
    mobilise(walk, contract, date(2027, 3, 1))
    walk.as_person(council.priya)
    do_activity(walk, commission, "Mobilisation")
    walk.as_person(council.sam).go(f"/commissions/{commission.pk}/").press("Move to Review").press("Move to Review")
    walk.see("COM-2026-0001 is now in Review.")

    clock.move_to(date(2027, 11, 8))
    walk.as_person(council.priya)
    for name in ("Outcomes based assessment", "Lessons learnt"):
        do_activity(walk, commission, name)
    answer_questions(walk, commission, "review")
    walk.go(f"/commissions/{commission.pk}/").follow("Outcomes assessment: not submitted").press("Continue")
    walk.fill_paper(OUTCOMES).tick("I agree with this statement").press("Submit outcomes assessment")
    walk.go(f"/commissions/{commission.pk}/end/").choose("What happens at the end?", "Let it end")
    walk.fill("Why?", "Everyone is trained; the next refresher is three years away.").press("Make this decision")
    walk.go(f"/commissions/{commission.pk}/lessons/").fill("What was the situation?", "Night staff could not attend.")
    walk.fill("What did you learn?", "Evening sessions filled first.")
    walk.fill("What should the next team do?", "Ask for evening sessions in the specification.")
    walk.press("Save this lesson").see("Lesson saved.")
    walk.as_person(council.tom).go(f"/commissions/{commission.pk}/")
    walk.press("Close this commission").press("Close this commission")
    walk.see("COM-2026-0001 is closed.")
    return commission


@pytest.mark.requirement("N-001")
def test_22_2_runs_from_first_screen_to_last(walk: Walker, council: Council) -> None:
    commission = whole_cycle(walk, council)

    assert WorkItem.objects.count() == 0  # no CCPS, Legal or Finance item was ever made
    walk.as_person(council.outsider)
    assert walk.page.goto(f"{walk.base}/commissions/{commission.pk}/").status == 404
    assert list(all_breaks()) == []


def test_22_2_runs_without_scripts(plain_walk: Walker, council: Council) -> None:
    commission = whole_cycle(plain_walk, council)

    assert Commission.objects.get(pk=commission.pk).state == "closed"


def test_22_2_value_edited_to_26_000_needs_a_procurement_request(walk: Walker, council: Council) -> None:
    commission = prepared.secured(council, prepared.planned(council, prepared.started(council)))
    walk.as_person(council.priya).go(f"/commissions/{commission.pk}/").follow("Open an exercise")
    walk.fill("What are you buying?", "Moving and handling course")
    walk.page.get_by_role("group", name="Which route to market?").get_by_role("radio").first.check()
    walk.press("Open this exercise")
    exercise = walk.path
    ask_supplier(walk, exercise, "Safe Hands Training Ltd")

    walk.go(f"/commissions/{commission.pk}/value/")
    walk.fill("Estimated value, excluding VAT", "26,000").fill("Estimated value, including VAT", "31,200")
    walk.fill("Why has it changed?", "Forty more staff need it.").press("Save this value")

    walk.see("Value saved. Added: tier Quotation", "Gate 2, procurement request: required")
    walk.see("Value changed from £18,000 to £26,000.")
    walk.go(exercise).see("a procurement request must be accepted first")
    walk.go(f"{exercise}do/invite/").see("You cannot do this yet.", "CCPS obtains the quotes")
    assert WorkItem.objects.count() == 0  # quotation at low risk: CCPS is told through the request


def test_22_2_data_risk_ticked_late_tells_ccps_at_once(walk: Walker, council: Council) -> None:
    commission = prepared.planned(council, prepared.started(council))

    walk.as_person(council.priya)
    answer_risk(walk, commission, "Is this a statutory service or does it support one")

    walk.see("Risk form saved. Added: high risk: Statutory service or sensitive data")
    walk.see("Gate 1, initiation document: required", "Gate 2, procurement request: required")
    walk.see("Told now:", "CCPS", "Information Governance")
    walk.see("Late: it became true after the start", "1 high-risk criterion: Statutory service or sensitive data")
    walk.see("Activity plan: opened again, not agreed")
    walk.as_person(council.lewis).go("/queues/ccps/").see("COM-2026-0001", "Early notice: a commission has started")
    walk.follow("Moving and handling training").see(
        "1 high-risk criterion: Statutory service or sensitive data", "version 1"
    )
