"""What people do on the way through a cycle, a page or two each; the worked examples are made of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commissioning.models import Commission, CommissionActivity, PlannedIndicator
from commissioning.states import ACTIVITY_OUTSTANDING
from organisation.models import Person
from tests.journeys.conftest import Council
from tests.journeys.walking import Walker

NO_RISK = 12
#: Below this, in pounds, a specification need not name an indicator.
SMALL = 25_000


@dataclass(frozen=True)
class Need:
    """What a commissioner types on the first page."""

    title: str
    purpose: str
    ex_vat: str
    inc_vat: str
    needed_by: date
    category: str = "Care and health: Adult social care"


def register(walk: Walker, council: Council, need: Need) -> Commission:
    """Priya registers the need."""
    walk.as_person(council.priya).go("/commissions/new/")
    walk.fill("What is this commission called?", need.title)
    walk.pick("Which service area owns the need?", f"{council.area.name}, Adult Services")
    walk.fill("What is it for?", need.purpose)
    walk.fill("Estimated value, excluding VAT", need.ex_vat).fill("Estimated value, including VAT", need.inc_vat)
    walk.pick("Which category is it in?", need.category)
    walk.page.get_by_role("group", name="Which strategic objectives").get_by_role("checkbox").first.check()
    walk.date("When must it be in place?", need.needed_by)
    walk.pick("Who decides for the council?", "Officer delegated decision")
    walk.press("Register this commission")
    walk.see("COM-2026-0001 registered.")
    return Commission.objects.get()


def answer_risk(walk: Walker, commission: Commission, *yes: str) -> None:
    """All twelve criteria: no to each, but for those named, which say why."""
    walk.go(f"/commissions/{commission.pk}/risk/form/")
    groups = walk.page.get_by_role("group")
    assert groups.count() == NO_RISK
    for index in range(NO_RISK):
        group = groups.nth(index)
        group.get_by_label("No", exact=True).or_(group.get_by_label("Low", exact=True)).check()
    for criterion in yes:
        walk.page.get_by_role("group", name=criterion).get_by_label("Yes", exact=True).check()
    for box in walk.page.locator("textarea:visible").all():
        box.fill("The provider would keep health records.")
    walk.press("Save the risk form")


def record_authority(
    walk: Walker,
    commission: Commission,
    *acts: str,
    reference: str,
    who: str = "Team manager, Learning and Skills: Joel Hart",
) -> None:
    """A delegated decision, taken today."""
    walk.go(f"/commissions/{commission.pk}/authority/record/")
    walk.choose("What kind of decision is it?", "Delegated decision")
    for act in acts:
        walk.tick(act)
    walk.fill("Who decided?", who)
    walk.today("When was it decided?")
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


def agree_plan(walk: Walker, commission: Commission) -> None:
    """The short set, as proposed, agreed with the service leader."""
    walk.go(f"/commissions/{commission.pk}/plan/")
    walk.tick("Priya Shah, Commissioning").tick("Tom Hesketh, Adult Services")
    walk.press("Agree this plan").see("Activity plan agreed.")


def do_activity(walk: Walker, commission: Commission, name: str) -> None:
    """Write what came of an activity and complete it; a design says who saw it."""
    if name == "Service design":
        walk.go(f"/commissions/{commission.pk}/sheets/design_feedback/add/")
        walk.fill("If nobody was asked, why not?", "Users drew it with us in the spring survey.").press("Save")
    walk.go(f"/commissions/{commission.pk}/tasks/").follow(name)
    walk.fill("What came of it?", "120 staff need a refresher by March; 40 of them work nights.")
    walk.press("Save").see(f"{name} saved.")
    walk.press("Mark as completed").see(f"{name} is completed.")


def answer_questions(walk: Walker, commission: Commission, stage: str) -> None:
    """Every key question of a stage in a line."""
    walk.go(f"/commissions/{commission.pk}/questions/{stage}/")
    for box in walk.page.locator("textarea:not([name^=links_])").all():
        box.fill("Looked into with the team; see the activities.")
    walk.press("Save answers").see("Answers saved. All are answered.")


def write_topics(walk: Walker, commission: Commission) -> None:
    """What was found on each topic that Analyse looks at."""
    walk.go(f"/commissions/{commission.pk}/analyse/")
    while walk.page.get_by_role("link", name="Write down, or say why it does not apply").count():
        walk.follow("Write down, or say why it does not apply")
        walk.page.locator("textarea[name=words]").fill("Read with the team; the statute and the guidance bind us.")
        walk.press("Save")
    walk.not_see("Still missing:")


def plan_indicator(walk: Walker, commission: Commission) -> None:
    """What the provider will be read by."""
    walk.go(f"/commissions/{commission.pk}/indicators/")
    walk.fill("What is it called?", "Visits on time").fill("In what unit?", "%")
    walk.fill("Where does it stand today?", "81").fill("What is the target?", "95")
    walk.fill("How far may a result fall short before the target is missed?", "5")
    walk.page.get_by_role("group", name="Which way is better?").get_by_role("radio").first.check()
    walk.page.get_by_role("group", name="How often is it read?").get_by_role("radio").first.check()
    walk.press("Save this indicator").see("Visits on time")


def sign_off_specification(walk: Walker, council: Council, commission: Commission) -> None:
    """Priya writes one page, with an indicator where it is no small purchase; Tom signs it off."""
    is_small = (commission.case_file.value_ex_vat or 0) < SMALL
    if not is_small and not PlannedIndicator.objects.filter(commission=commission).exists():
        plan_indicator(walk, commission)
    walk.go(f"/commissions/{commission.pk}/specification/").press("Continue")
    walk.follow("Write the specification").fill_paper(SPECIFICATION)
    walk.tick("I agree with this statement").press("Submit specification")
    walk.go(f"/commissions/{commission.pk}/specification/")
    walk.press("Send for sign-off").press("Send for sign-off")
    walk.as_person(council.tom).go(f"/commissions/{commission.pk}/specification/")
    walk.press("Sign off the specification").press("Sign off the specification")
    walk.see("Signed off by Tom Hesketh")
    walk.as_person(council.priya)


def ask_supplier(walk: Walker, exercise: str, name: str) -> None:
    """Add one supplier to those that are asked, or to those that bid."""
    walk.go(f"{exercise}suppliers/add/")
    walk.fill("Name of the supplier", name).press("Find the supplier")
    walk.choose("Which supplier?", name).choose("How is it asked?", "Email")
    walk.press("Add this supplier").see(name)


def record_price(walk: Walker, exercise: str, name: str, ex_vat: str, inc_vat: str) -> None:
    """Record what a supplier answered."""
    walk.go(f"{exercise}quotes/add/")
    walk.pick("Which supplier answered?", name).choose("What did they say?", "They gave a price")
    walk.fill("Price excluding VAT", ex_vat).fill("Price including VAT", inc_vat)
    walk.today("When did you receive it?")
    walk.press("Record this answer").see(name)


def sign(walk: Walker, council: Council, contract: str) -> None:
    """Both parties sign."""
    walk.as_person(council.tom).go(contract).follow("Sign for the council", exact=True)
    walk.fill("In what role?", "Service leader")
    walk.today("When was it signed?")
    walk.choose("How was it signed?", "By hand")
    walk.press("Sign for the council")
    walk.as_person(council.sam).go(contract).follow("Record the supplier's signature", exact=True)
    walk.fill("Who signed for the supplier?", "Rosa Field").fill("In what role?", "Director")
    walk.today("When was it signed?")
    walk.choose("How was it signed?", "By hand")
    walk.press("Record the supplier's signature")


def mobilise(walk: Walker, contract: str, review_on: date) -> None:
    """Register entry, council tasks, live."""
    walk.go(contract).follow("Enter in the register", exact=True)
    walk.date("When is the first review?", review_on)
    walk.press("Enter in the register")
    for task in ("Agree the governance structure", "Set up payment"):
        walk.go(contract).see(f"{task}: not done").follow(f"{task}: not done")
        walk.fill("What came of it?", "In place, see the shared folder.").press("Mark this task as done")
    walk.go(contract).follow("Go live", exact=True).press("Go live")


def do_stage(walk: Walker, commission: Commission, stage: str) -> None:
    """Every activity of a stage that is still open, one after the other."""
    names = outstanding(commission, stage)
    assert names, f"nothing is to be done in {stage}"
    for name in names:
        do_activity(walk, commission, name)


def outstanding(commission: Commission, stage: str) -> list[str]:
    """The names of the activities that hold a stage up."""
    rows = CommissionActivity.objects.filter(
        commission=commission, activity__stage=stage, state__in=ACTIVITY_OUTSTANDING
    )
    return list(rows.order_by("activity__order").values_list("activity__name", flat=True))


def screen(walk: Walker, commission: Commission, **answers: str) -> None:
    """The impact screening: no to everything but what is named."""
    walk.go(f"/commissions/{commission.pk}/papers/impact_screening/").press("Continue")
    walk.fill_paper(SCREENING | answers).tick("I agree with this statement").press("Submit impact screening")


def move_on(walk: Walker, commission: Commission, stage: str) -> None:
    """Into the next stage, from the commission's page."""
    walk.go(f"/commissions/{commission.pk}/").press(f"Move to {stage}").press(f"Move to {stage}")
    walk.see(f"{commission.case_file.reference} is now in {stage}.")


def consider_joint(walk: Walker, commission: Commission) -> None:
    """Whether another body could do this with the council."""
    walk.go(f"/commissions/{commission.pk}/partners/").follow("Say whether it was considered")
    walk.choose("Was joint commissioning considered?", "Yes, and we commission alone")
    walk.fill("With whom?", "The health body and two neighbouring councils")
    walk.fill("What would residents gain, or why is alone better for them?", "None needs it at the same time.")
    walk.press("Save").see("Saved.")


def ask_voluntary(walk: Walker, commission: Commission) -> None:
    """What community groups could contribute."""
    walk.go(f"/commissions/{commission.pk}/plan-stage/").follow("Answer or change this").press("Add an answer")
    walk.fill("Which community or voluntary-sector skills could contribute?", "Befrienders know who lives alone.")
    walk.press("Save").see("saved.")


def decide_to_buy(walk: Walker, commission: Commission, why: str) -> None:
    """The delivery decision."""
    walk.go(f"/commissions/{commission.pk}/delivery/")
    walk.page.get_by_label("Buy. ", exact=False).first.check()
    walk.fill("Why is this the best way?", why)
    walk.press("Make this decision").see("Delivery decision made: Buy.")


def write_request(walk: Walker, council: Council, commission: Commission, choices: dict[str, str]) -> str:
    """Priya writes the procurement request; Ann approves the budget. Gives the request's address."""
    walk.as_person(council.priya).go(f"/commissions/{commission.pk}/requests/new/")
    walk.press("Open a procurement request")
    request = walk.path
    walk.follow("Write the procurement request form").fill_paper(choices)
    walk.tick("I agree with this statement").press("Submit procurement request: PRF-2026-0001")
    walk.go(f"{request}budget/")
    walk.pick("Which budget holder do you ask?", "Ann Doyle, Adult Services").press("Ask for the budget")
    walk.as_person(council.ann).go(request).press("Approve the budget").press("Approve the budget")
    walk.see("Budget approved up to")
    walk.as_person(council.priya)
    return request


def answer(walk: Walker, queue: str, word: str = "Agreed", text: str = "This is in order.") -> None:
    """Answer the item on the page for a queue."""
    walk.choose("Your answer", word).fill("What you want to say", text)
    walk.press(f"Send {queue}’s answer")


def ask_about(
    walk: Walker, commission: Commission, activity: str, function: str, question: str, needed_by: date
) -> None:
    """Ask a function for help with an activity."""
    walk.go(f"/commissions/{commission.pk}/tasks/").follow(activity).follow(f"Ask {function}")
    walk.choose("Who do you ask?", function).fill("What do you want to know?", question)
    walk.date("By when do you need it?", needed_by).press("Ask").see(f"Asked: {function}.")


def weigh_options(walk: Walker, commission: Commission) -> None:
    """An option beside "do nothing", what it costs, and why it is preferred."""
    walk.go(f"/commissions/{commission.pk}/options/").press("Add an option")
    walk.fill("What is the option?", "Four contracts, by area").fill("What speaks for it?", "Small firms can bid.")
    walk.press("Save").go(f"/commissions/{commission.pk}/sheets/option_costs/add/")
    walk.pick("Which option is it for?", "Four contracts, by area").choose("What is it?", "Running")
    walk.fill("How much is it a year?", "160000").pick("From which financial year?", "2027/28")
    walk.pick("To which financial year?", "2030/31").press("Save")
    walk.go(f"/commissions/{commission.pk}/options/").see("Do nothing", "£640,000")
    walk.follow("Choose the preferred option").choose("Which option do you prefer?", "Four contracts, by area")
    walk.fill("Why?", "It brings the most for its cost.").press("Save the preferred option")
    walk.see("Preferred: Four contracts, by area")


def write_gate_paper(walk: Walker, commission: Commission, number: int, choices: dict[str, str]) -> str:
    """Begin the paper of a gate and fill it until it can be checked; gives the paper's address."""
    walk.go(f"/commissions/{commission.pk}/gates/{number}/begin/")
    walk.page.locator("main form button").first.click()
    walk.page.wait_for_load_state()
    paper = walk.path
    walk.look().fill_paper(choices)
    return paper


def ask_input(walk: Walker, commission: Commission, number: int, needed_by: date) -> None:
    """Ask CCPS and Finance, who are ticked already, what they say to the paper."""
    walk.go(f"/commissions/{commission.pk}/gates/{number}/inputs/")
    walk.fill("What do you want to know?", "Is this the right way, and is the money there?")
    walk.date("By when do you need it?", needed_by).press("Ask for input")


def give_input(walk: Walker, council: Council) -> None:
    """CCPS and Finance agree."""
    for person, key, queue in ((council.lewis, "ccps", "CCPS"), (council.fiona, "finance", "Finance")):
        walk.as_person(person).go(f"/queues/{key}/").follow("Home care in the rural north")
        answer(walk, queue)


def submit_gate(walk: Walker, paper: str, name: str) -> None:
    """Submit the paper of a gate, which asks those who decide."""
    walk.go(f"{paper}check/").tick("I agree with this statement").press(f"Submit {name}")


def decide(walk: Walker, person: Person, commission: Commission, number: int, decision: str) -> None:
    """Give one person's view on a gate."""
    walk.as_person(person).go(f"/commissions/{commission.pk}/gates/{number}/decide/")
    walk.choose("What do you decide?", decision).fill("Your reason or comments", "The case is made.")
    walk.press("Give this decision")


def open_exercise(walk: Walker, commission: Commission, what: str, route: str) -> str:
    """Open an exercise by a route to market; gives its address."""
    walk.go(f"/commissions/{commission.pk}/exercises/new/")
    walk.fill("What are you buying?", what)
    walk.choose("Which route to market?", route).press("Open this exercise")
    return walk.path


def write_decision(walk: Walker, exercise: str, winner: str, starts_on: date, ends_on: date) -> None:
    """Choose the price of a supplier, with the reasons, and record the decision."""
    walk.go(f"{exercise}decision/").choose("Which price do you choose?", winner)
    for box in walk.page.locator("main form textarea").all():
        box.fill("The best quality for its whole-life cost, and four apprentices.")
    walk.date("When will the contract start?", starts_on).date("When will it end?", ends_on)
    walk.pick("Who will manage the contract?", "Sam Birtles, Contracts").press("Save")
    walk.go(exercise).press("Record the decision").press("Record the decision")


def hand_over(walk: Walker, council: Council, contract: str) -> None:
    """Lewis confirms each heading and offers; Sam accepts."""
    walk.as_person(council.lewis)
    for _ in range(8):
        walk.go(f"{contract}handover/")
        waiting = walk.page.get_by_role("link", name="Confirm", exact=False)
        if not waiting.count():
            break
        waiting.first.click()
        walk.page.wait_for_load_state()
        for box in walk.page.locator("main form textarea").all():
            if not box.input_value():
                box.fill("Nothing else to know.")
        walk.press("Confirm this heading")
    walk.go(f"{contract}handover/").press("Offer the handover").press("Offer the handover")
    walk.as_person(council.sam).go(f"{contract}handover/").press("Accept the handover").press("Accept the handover")


def engage(walk: Walker, commission: Commission, stage: str, title: str) -> None:
    """Write down who was asked today, in this stage of the commission."""
    walk.go(f"/commissions/{commission.pk}/engagement/").press("Add an entry")
    walk.fill("What is it called?", title).choose("Which stage does it belong to?", stage)
    walk.choose("Who is asked?", "Users and residents").pick("What is it?", "Consultation for the needs assessment")
    walk.choose("How are people reached?", "In person").today("On what day?")
    walk.choose("Has it taken place?", "Held").fill("What is it for?", "Hear what matters to people")
    walk.fill("What did the council tell them?", "What is fixed and what is open.")
    walk.fill("What did you hear?", "Visits come too late in the morning.")
    walk.fill("What changed because of it?", "Times of visits went into the requirements.").press("Save")
    walk.see(f"“{title}” saved.")
