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
from tests.journeys.walking import Walker

NO_RISK = 12


def register(walk: Walker, council: Council, title: str = "Moving and handling training") -> Commission:
    """Priya registers the need, answers the risk form, and records who may commission it."""
    walk.as_person(council.priya).go("/commissions/new/")
    walk.fill("What is this commission called?", title)
    walk.pick("Which service area owns the need?", "Learning and Skills, Adult Services")
    walk.fill("What is it for?", "Care staff move people safely every day. The present course ends in March.")
    walk.fill("Estimated value, excluding VAT", "£18,000").fill("Estimated value, including VAT", "21,600")
    walk.pick("Which category is it in?", "Adult social care")
    walk.page.get_by_role("group", name="Which strategic objectives").get_by_role("checkbox").first.check()
    walk.day("When must it be in place?", 1, 3, 2027)
    walk.pick("Who decides for the council?", "Officer delegated decision")
    walk.press("Register this commission")
    walk.see("COM-2026-0001 registered.", "It is in the tier “Service buys”.")
    walk.see("£18,000 is under £25,000", "Nobody: no rule asks for it")
    return Commission.objects.get()


def answer_risk(walk: Walker, commission: Commission, yes: str = "") -> None:
    """All twelve criteria: no to each, but for the one named."""
    walk.go(f"/commissions/{commission.pk}/risk/form/")
    groups = walk.page.get_by_role("group")
    assert groups.count() == NO_RISK
    for index in range(NO_RISK):
        groups.nth(index).get_by_label("No", exact=True).check()
    if yes:
        group = walk.page.get_by_role("group", name=yes)
        group.get_by_label("Yes", exact=True).check()
        walk.page.locator("textarea:visible").first.fill("The provider would keep staff health records.")
    walk.press("Save the risk form")


def record_authority(walk: Walker, commission: Commission, *acts: str, reference: str) -> None:
    """The team manager's delegated decision."""
    walk.go(f"/commissions/{commission.pk}/authority/record/")
    walk.choose("What kind of decision is it?", "Delegated decision")
    for act in acts:
        walk.tick(act)
    walk.fill("Who decided?", "Team manager, Learning and Skills: Joel Hart")
    walk.day("When was it decided?", 4, 9, 2026)
    walk.fill("Reference of the decision", reference)
    walk.press("Record this authority")
    walk.see(f"Delegated decision {reference} recorded.")


SCREENING = {
    "Does it start, change, reduce or end": "No",
    "Could it treat some people better or worse": "No",
    "Could it widen or narrow gaps": "No",
    "Could it clearly raise or cut carbon": "No",
    "Will anyone collect, hold or share personal data": "No",
}
SPECIFICATION = {
    "Will the supplier's staff work with children": "No",
    "Which terms will you use?": "The council's standard terms",
    "Will the supplier hold personal or sensitive data": "No",
    "How will you be charged?": "One fixed price",
    "Will you ask for social value?": "No",
    "Is it clear: one meaning": "Yes",
    "Would everyone who must read it": "Yes",
    "Is it specific about amounts": "Yes",
    "Can each requirement be measured?": "Yes",
    "Must or should": "Must",
}
OUTCOMES = {
    "Did users give feedback?": "Yes",
    "Did anything happen that you did not expect?": "No",
    "Did you receive everything you were promised?": "Yes",
    "Was it good value for money?": "Yes",
    "Achieved": "Yes",
}


def start(walk: Walker, council: Council) -> Commission:
    """Registered, low risk, with authority, started; refused until each of these stands."""
    commission = register(walk, council)
    walk.see("You cannot start this commission yet. 2 things are missing.")
    walk.see("Risk form: 12 questions not answered", "Authority to commission: not recorded")
    answer_risk(walk, commission)
    walk.see("You cannot start this commission yet. 1 thing is missing.")
    walk.go(f"/commissions/{commission.pk}/do/start/").see("Authority to commission: not recorded")
    record_authority(walk, commission, "To commission", "To procure", reference="DD-2026-114")
    walk.go(f"/commissions/{commission.pk}/").press("Start this commission").press("Start this commission")
    walk.see("COM-2026-0001 started under rules version 1.", "No queue holds anything of this commission")
    return commission


def agree_plan(walk: Walker, commission: Commission) -> None:
    """The short set, as proposed, agreed with the service leader."""
    walk.go(f"/commissions/{commission.pk}/plan/")
    walk.tick("Priya Shah, Commissioning").tick("Tom Hesketh, Adult Services")
    walk.press("Agree this plan").see("Activity plan agreed.")


def do_activity(walk: Walker, commission: Commission, name: str) -> None:
    """Write what came of an activity and complete it."""
    walk.go(f"/commissions/{commission.pk}/tasks/").follow(name)
    walk.fill("What came of it?", "120 staff need a refresher by March; 40 of them work nights.")
    walk.press("Save").see(f"{name} saved.")
    walk.press("Mark as completed").press("Mark as completed").see(f"{name} is completed.")


def answer_questions(walk: Walker, commission: Commission, stage: str) -> None:
    """Every key question of a stage in a line."""
    walk.go(f"/commissions/{commission.pk}/questions/{stage}/")
    for box in walk.page.locator("textarea").all():
        box.fill("Looked into with the team; see the activities.")
    walk.press("Save answers").see("Answers saved. All are answered.")


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


def sign_off_specification(walk: Walker, council: Council, commission: Commission) -> None:
    """Priya writes one page; Tom signs it off."""
    walk.go(f"/commissions/{commission.pk}/specification/").press("Continue")
    walk.follow("Write the specification").fill_paper(SPECIFICATION)
    walk.tick("I agree with this statement").press("Submit specification")
    walk.go(f"/commissions/{commission.pk}/specification/")
    walk.press("Send for sign-off").press("Send for sign-off")
    walk.as_person(council.tom).go(f"/commissions/{commission.pk}/specification/")
    walk.press("Sign off the specification").press("Sign off the specification")
    walk.see("Signed off by Tom Hesketh")
    walk.as_person(council.priya)


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


def ask_supplier(walk: Walker, name: str) -> None:
    """Add one supplier to those that are asked."""
    walk.follow("Add a supplier")
    walk.fill("Name of the supplier", name).press("Find the supplier")
    walk.choose("Which supplier?", name).choose("How is it asked?", "Email")
    walk.press("Add this supplier").see(name)


def record_price(walk: Walker, name: str, ex_vat: str, inc_vat: str) -> None:
    """Record what a supplier answered."""
    walk.follow("Record an answer")
    walk.pick("Which supplier answered?", name).choose("What did they say?", "They gave a price")
    walk.fill("Price excluding VAT", ex_vat).fill("Price including VAT", inc_vat)
    walk.day("When did you receive it?", 28, 9, 2026)
    walk.press("Record this answer").see(name)


def buy(walk: Walker, council: Council, commission: Commission) -> str:
    """Ask two suppliers, record their prices, choose one, and record the decision; gives the exercise's address."""
    walk.as_person(council.priya).go(f"/commissions/{commission.pk}/").follow("Open an exercise")
    walk.fill("What are you buying?", "Moving and handling course for 120 staff")
    walk.page.get_by_role("group", name="Which route to market?").get_by_role("radio").first.check()
    walk.press("Open this exercise")
    exercise = walk.path
    ask_supplier(walk, "Safe Hands Training Ltd")
    ask_supplier(walk, "Lift Well CIC")
    walk.go(exercise).press("Ask for prices").press("Ask for prices")
    clock.move_to(date(2026, 9, 28))
    record_price(walk, "Safe Hands Training Ltd", "18,000", "21,600")
    record_price(walk, "Lift Well CIC", "18,400", "22,080")
    walk.follow("Write the decision")
    walk.choose("Which price do you choose?", "Safe Hands Training Ltd")
    walk.fill("Why these suppliers?", "Both train care staff in the county; both had the same page and ten days.")
    walk.fill("Why is this value for money?", "Certificates last three years and evening sessions are included.")
    walk.fill("What social value does it bring?", "Two apprentices assist with each course.")
    walk.day("When will the contract start?", 1, 11, 2026).day("When will it end?", 31, 10, 2027)
    walk.pick("Who will manage the contract?", "Sam Birtles, Contracts").press("Save")
    walk.go(exercise).press("Record the decision").press("Record the decision")
    return exercise


def sign(walk: Walker, council: Council, contract: str) -> None:
    """Both parties sign."""
    walk.as_person(council.tom).go(contract).follow("Sign for the council", exact=True)
    walk.fill("In what role?", "Service leader")
    walk.day("When was it signed?", 5, 10, 2026)
    walk.choose("How was it signed?", "By hand")
    walk.press("Sign for the council")
    walk.as_person(council.sam).go(contract).follow("Record the supplier's signature", exact=True)
    walk.fill("Who signed for the supplier?", "Rosa Field").fill("In what role?", "Director")
    walk.day("When was it signed?", 5, 10, 2026)
    walk.choose("How was it signed?", "By hand")
    walk.press("Record the supplier's signature")


def mobilise(walk: Walker, contract: str) -> None:
    """Register entry, council tasks, live."""
    walk.go(contract).follow("Enter in the register", exact=True)
    walk.day("When is the first review?", 1, 3, 2027)
    walk.press("Enter in the register")
    for task in ("Agree the governance structure", "Set up payment"):
        walk.go(contract).see(f"{task}: not done").follow(f"{task}: not done")
        walk.fill("What came of it?", "In place, see the shared folder.").press("Mark this task as done")
    walk.go(contract).follow("Go live", exact=True).press("Go live")


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
    mobilise(walk, contract)
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
    ask_supplier(walk, "Safe Hands Training Ltd")

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
    answer_risk(walk, commission, yes="Is this a statutory service or does it support one")

    walk.see("Risk form saved. Added: high risk: Statutory service or sensitive data")
    walk.see("Gate 1, initiation document: required", "Gate 2, procurement request: required")
    walk.see("Told now:", "CCPS", "Information Governance")
    walk.see("Late: it became true after the start", "1 high-risk criterion: Statutory service or sensitive data")
    walk.see("Activity plan: opened again, not agreed")
    walk.as_person(council.lewis).go("/queues/ccps/").see("COM-2026-0001", "Early notice: a commission has started")
    walk.follow("Moving and handling training").see(
        "1 high-risk criterion: Statutory service or sensitive data", "version 1"
    )
