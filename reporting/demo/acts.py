"""What the people of the demonstration do, each through the service that its page calls."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q

from casework import door
from casework.models import WorkItem
from casework.routing import Facts, route
from casework.services import work_items
from casework.services.rules import rules_of
from casework.states import OUTSTANDING, ItemState
from commissioning.models import (
    Category,
    CommissionActivity,
    DeliveryModel,
    GovernanceRoute,
    KeyQuestion,
    Objective,
    RiskCriterion,
    Specification,
)
from commissioning.selectors.dossiers import questions_of, rules_version_of
from commissioning.services import activities, commissions, decisions, questions, risk, specifications, upholding
from commissioning.services.activities import Choice
from commissioning.services.questions import Given
from commissioning.services.risk import Ticked
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from commissioning.states import ACTIVITY_OUTSTANDING
from contracts.services import mobilisation
from organisation import clock
from organisation.models import Person
from reporting.demo.design import show_design
from reporting.demo.engaging import engage_in, enter_effects
from reporting.demo.gates import plan_indicators
from reporting.demo.lines import enter_lines
from reporting.demo.papers import fill
from reporting.demo.stage import Story, act

Details = dict[str, Any]

#: The band in which the service buys by itself: its specification need not name an indicator.
SMALLEST = "service_buys"
NO_PARTNER = "None of them needs the same at the same time, so residents get it sooner alone."
# The verbs that leave a stage behind.
ONWARDS = ("to_plan", "to_secure", "to_review", "close")
# What the invented scheme of delegation leaves to a head of service.
_HEAD_DECIDES = Decimal(90_000)


# --- the commission ---------------------------------------------------------------------------------------------------


@act
def register(story: Story, details: Details) -> None:
    """Register the need."""
    told = story.told
    framework = story.organisation.framework
    without, including = told["value"]
    made = commissions.register(
        title=told["title"],
        service_area=story.area,
        by=story.holder,
        purpose=told.get("purpose", ""),
        category=Category.objects.filter(framework=framework, key=told.get("category")).first(),
        objectives=Objective.objects.filter(framework=framework, key__in=told.get("objectives", [])),
        governance_route=GovernanceRoute.objects.filter(framework=framework, key=told.get("route")).first(),
        needed_by=story.stage.days.day(-told["needed"]),
        amount_ex_vat=Decimal(without),
        amount_inc_vat=Decimal(including),
        flags=dict.fromkeys(told.get("flags", []), True),
    )
    story.commission_id = made.pk


@act
def answer_risk(story: Story, details: Details) -> None:
    """Answer every criterion; those the story ticks say why."""
    ticked = story.told.get("ticked", {})
    keys = RiskCriterion.objects.filter(framework=story.organisation.framework).values_list("key", flat=True)
    risk.answer(story.commission, {key: Ticked(key in ticked, ticked.get(key, "")) for key in keys}, by=story.holder)


@act
def authorise(story: Story, details: Details) -> None:
    """Record who decided that this may go on: the story's own decision, or one of its service leader."""
    told = story.told.get("authority") or _usual_authority(story)
    decisions.record_authority(
        story.commission,
        kind=told["kind"],
        may_commission="commission" in told["acts"],
        may_procure="procure" in told["acts"],
        may_award="award" in told["acts"],
        decided_by=told["decided_by"],
        decided_on=clock.today(),
        decision_reference=told["reference"],
        limit_ex_vat=Decimal(told["limit"]),
        by=story.holder,
    )


def _usual_authority(story: Story) -> Details:
    """A delegated decision over a little more than the estimate, by the head of service or, for more, the director."""
    value = Decimal(story.told["value"][0])
    who = story.person("leader" if value <= _HEAD_DECIDES else "director")
    return {
        "kind": "delegated_decision",
        "decided_by": f"{who.name}, {who.job_title}",
        "reference": f"DD-{2400 + story.told['number']}",
        "limit": (value * Decimal("1.1")).quantize(Decimal(1000)) + 1000,
        "acts": ["commission", "procure", "award"],
    }


@act
def move(story: Story, details: Details) -> None:
    """Carry out any verb of the commission."""
    given = {name: value for name, value in details.items() if name not in ("verb", "by")}
    if details["verb"] in ONWARDS:
        engage_in(story, story.commission.state)
    door.carry_out(story.commission, details["verb"], by=story.by(details), **given)


@act
def plan(story: Story, details: Details) -> None:
    """Agree the activity plan as proposed, but for what the story takes out with a reason."""
    out = details.get("out", {})
    rows = CommissionActivity.objects.filter(commission=story.commission_id).select_related("activity")
    choices = {
        row.pk: Choice(row.is_suggested and row.activity.key not in out, out.get(row.activity.key, "")) for row in rows
    }
    participants = [story.holder, *(story.person(key) for key in details.get("with", []))]
    activities.agree(story.commission, choices, participants=participants, agreed_on=clock.today(), by=story.holder)


@act
def work(story: Story, details: Details) -> None:
    """Write what came of a stage's activities, and complete them; "only" or "not" name some by key."""
    engage_in(story, details["stage"])
    rows = CommissionActivity.objects.filter(
        commission=story.commission_id, activity__stage=details["stage"], state__in=ACTIVITY_OUTSTANDING
    ).select_related("activity")
    for row in rows.order_by("activity__order"):
        key = row.activity.key
        if key in details.get("not", []) or key not in details.get("only", [key]):
            continue
        output = story.told.get("outputs", {}).get(key) or story.stage.words["activities"][key]
        enter_lines(story, key)
        row = rows.get(pk=row.pk)  # its first line may have begun it
        row = activities.write_output(
            row, output=output, output_link="", version=row.version, by=story.by(details), lead=row.lead
        )
        if key == "service_design":
            show_design(story)
        door.carry_out(row, "complete", by=story.by(details))


@act
def write(story: Story, details: Details) -> None:
    """Write in one activity without completing it, and perhaps give it a lead and a date."""
    enter_lines(story, details["activity"])
    row = CommissionActivity.objects.get(commission=story.commission_id, activity__key=details["activity"])
    activities.write_output(
        row,
        output=details["text"],
        output_link="",
        version=row.version,
        by=story.by(details),
        lead=story.person(details["lead"]) if "lead" in details else row.lead,
        due_on=story.stage.days.day(details["due"]) if "due" in details else row.due_on,
    )


@act
def ask_key_questions(story: Story, details: Details) -> None:
    """Answer the key questions of a stage."""
    stage, only = details["stage"], details.get("only")
    keys = dict(KeyQuestion.objects.filter(framework=story.organisation.framework).values_list("pk", "key"))
    words = story.stage.words["questions"]
    given = {
        line.pk: Given(words[keys[line.pk]], version=line.version)
        for line in questions_of(story.commission, stage)
        if only is None or keys[line.pk] in only
    }
    questions.answer(story.commission, given, by=story.holder)


@act
def deliver(story: Story, details: Details) -> None:
    """Decide how the need is met."""
    model = DeliveryModel.objects.get(framework=story.organisation.framework, key=details["model"])
    decisions.decide_delivery(story.commission, model=model, reasons=details["because"], by=story.holder)
    joint = {"outcome": "alone", "with_whom": "Neighbouring councils and the health body", "benefit": NO_PARTNER}
    upholding.consider_joint(story.commission, by=story.holder, **(joint | details.get("joint", {})))
    sheet = sheet_of("voluntary_skills")
    if sheet is not None and not sheet.rows(story.commission).exists():
        skills = details.get("voluntary", "Befriending groups know who lives alone and would notice a missed visit.")
        save_row(story.commission, sheet, {"skills": skills}, by=story.holder)


@act
def confirm(story: Story, details: Details) -> None:
    """Confirm a decision to change nothing."""
    standing = story.commission.delivery_decisions.select_related("commission__case_file", "model").get(
        superseded_at__isnull=True
    )
    decisions.confirm_delivery(standing, by=story.by(details))


@act
def lesson(story: Story, details: Details) -> None:
    """Write down what was learnt."""
    decisions.add_lesson(story.commission, by=story.by(details), **details)


@act
def end(story: Story, details: Details) -> None:
    """Decide what happens when the term ends."""
    decisions.decide_end(story.commission, choice=details["choice"], reasons=details["because"], by=story.by(details))


# --- papers -----------------------------------------------------------------------------------------------------------


@act
def screen(story: Story, details: Details) -> None:
    """Fill the impact screening and submit it; with "only", leave it half filled."""
    fill(story, "impact_screening", only=details.get("only"))


@act
def assess_impact(story: Story, details: Details) -> None:
    """Fill the full impact assessment and submit it; with "only", leave it half filled."""
    enter_effects(story)
    fill(story, "full_impact_assessment", only=details.get("only"))


@act
def assess(story: Story, details: Details) -> None:
    """Fill the outcomes assessment and submit it; with "only", leave it half filled."""
    fill(story, "outcomes_assessment", only=details.get("only"))


@act
def specify(story: Story, details: Details) -> None:
    """Open the specification if need be, plan its indicators, fill it and submit it."""
    if story.commission.band_key != SMALLEST:
        plan_indicators(story, {})
    standing = specifications.open_specification(story.commission, by=story.holder)
    fill(story, "specification", paper=standing.paper, own=story.told.get("spec", {}) | details)


@act
def send_specification(story: Story, details: Details) -> None:
    """Send it to the service leader."""
    door.carry_out(_specification(story), "send_for_sign_off", by=story.holder)


@act
def return_specification(story: Story, details: Details) -> None:
    """Send it back with a reason."""
    door.carry_out(_specification(story), "return_for_changes", by=story.by(details), note=details["why"])


@act
def sign_off(story: Story, details: Details) -> None:
    """Sign it off."""
    door.carry_out(_specification(story), "sign_off", by=story.by(details))


def _specification(story: Story) -> Specification:
    return Specification.objects.exclude(state="superseded").get(commission=story.commission_id)


# --- what is asked of queues ------------------------------------------------------------------------------------------


@act
def ask_function(story: Story, details: Details) -> None:
    """Ask a function for something, by the rule that a trigger and a flag name."""
    commission = story.commission
    rules = rules_of(rules_version_of(commission))
    facts = Facts(commission.case_file.value_ex_vat or Decimal(0), {}, frozenset([details["flag"]]))
    asked = route(details["trigger"], facts, rules)
    work_items.open_routes(commission.case_file, asked, by=story.holder, path=commission.get_absolute_url())


@act
def assign(story: Story, details: Details) -> None:
    """Give what a queue holds of this case to somebody."""
    item = _item(story, details["queue"])
    door.carry_out(item, "assign", by=story.by(details), assignee=story.person(details["to"]))


@act
def question(story: Story, details: Details) -> None:
    """Put a question to the requester."""
    door.carry_out(_item(story, details["queue"]), "ask", by=story.by(details), text=details["text"])


@act
def reply(story: Story, details: Details) -> None:
    """Answer the question."""
    item = _item(story, details["queue"], state=ItemState.WAITING)
    door.carry_out(item, "reply", by=story.by(details), text=details["text"])


@act
def answer(story: Story, details: Details) -> None:
    """Say what the function says."""
    item = _item(story, details["queue"])
    door.carry_out(item, "respond", by=story.by(details), answer=details["answer"], text=details["text"])


def _item(story: Story, queue: str, **known: Any) -> WorkItem:
    """The newest outstanding item of a queue on this commission or on what belongs to it."""
    case = story.case
    its_own = Q(case_file=case) | Q(case_file__root=case)
    rows = WorkItem.objects.filter(its_own, queue__key=queue, state__in=OUTSTANDING).filter(**known)
    found = rows.select_related("case_file", "queue").order_by("-pk").first()
    if found is None:
        raise LookupError(f"{story.told['key']}: {queue} holds nothing")
    return found


# --- mobilisation without a contract ----------------------------------------------------------------------------------


@act
def add_task(story: Story, details: Details) -> None:
    """Add something that must be in place before the start."""
    owner: Person | None = story.person(details["owner"]) if "owner" in details else None
    mobilisation.add_task(
        story.case,
        title=details["title"],
        side=details["side"],
        owner=owner,
        due_on=story.stage.days.day(details["due"]),
        by=story.by({}),
    )
