"""What still blocks each verb of this room, one sentence a thing. Guards read the dossier and write nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from casework.blockers import Blocker
from commissioning.states import ACTIVITY_OUTSTANDING, ENDED
from organisation.formatting import counted, day, in_sentence

if TYPE_CHECKING:
    from commissioning.dossier import ActivityDossier, ActivityLine, Dossier

Inputs = Mapping[str, Any]


def start(dossier: Dossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 3.1: what must be known, and who may decide, before anything begins."""
    commission = dossier.commission
    pk = (commission.pk,)

    def missing(key: str, words: str, link: str = "commissioning:facts", anchor: str = "") -> Blocker:
        return Blocker(key, words, link, pk, anchor=anchor)

    if not commission.purpose.strip():
        yield missing("purpose", "Purpose: not written", anchor="id_purpose")
    if commission.case_file.service_area_id is None:
        yield missing("service_area", "Service area: not chosen", anchor="id_service_area")
    if commission.category_id is None:
        yield missing("category", "Category: not chosen", anchor="id_category")
    if not dossier.objectives:
        yield missing("objectives", "Strategic objective: none chosen")
    if commission.case_file.value_ex_vat is None:
        yield missing("value", "Estimated value: not recorded", "commissioning:value")
    unanswered = sum(line.applies is None for line in dossier.criteria)
    if unanswered:
        yield missing("risk", f"Risk form: {counted(unanswered, 'question')} not answered", "commissioning:risk_form")
    if commission.governance_route_id is None:
        yield missing("governance", "Governance route: not chosen", anchor="id_governance_route")
    if not dossier.has_authority_to_commission:
        yield missing("authority", "Authority to commission: not recorded", "commissioning:record_authority")
    if dossier.unsettled_duplicates:
        waiting = counted(dossier.unsettled_duplicates, "likely duplicate")
        yield missing("duplicates", f"{waiting.capitalize()} not settled", "commissioning:duplicates")


def to_plan(dossier: Dossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 3.1: Analyse is agreed, done, answered and screened; gate 1 is approved where it is required."""
    commission = dossier.commission
    if not dossier.is_plan_agreed:
        yield Blocker("plan", "Activity plan: not agreed", "commissioning:plan", (commission.pk,))
    yield from _activities(dossier, "analyse")
    yield from _questions(dossier, "analyse")
    if dossier.screening_needs_full is None:
        yield Blocker(
            "screening",
            "Impact screening: not submitted",
            "commissioning:open_paper",
            (commission.pk, "impact_screening"),
        )
    yield from _engagement(dossier, "Analyse")
    yield from _gate(dossier, 1, "initiation document", ("required",))


def to_secure(dossier: Dossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 3.1: how to deliver is decided, Plan is done, and the papers it leads to are agreed."""
    commission = dossier.commission
    if dossier.delivery is None:
        yield Blocker("delivery", "Delivery decision: not made", "commissioning:delivery", (commission.pk,))
    elif dossier.delivery.key == "no_change":
        yield Blocker(
            "delivery",
            "Delivery decision: no change, so there is nothing to secure. Close the commission, or decide again",
            "commissioning:delivery",
            (commission.pk,),
        )
    if not dossier.is_plan_agreed:
        yield Blocker("plan", "Activity plan: opened again, not agreed", "commissioning:plan", (commission.pk,))
    yield from _activities(dossier, "plan")
    if not dossier.joint_is_considered and dossier.need(1) == "required":
        # Asked where the full set of activities is: the rules ask for gate 1 (commissioning.proportion).
        link = ("commissioning:consider_joint", (commission.pk,))
        yield Blocker("joint", "Joint commissioning: not considered yet", *link)
    if not dossier.voluntary_is_answered and dossier.need(1) == "required":
        words = "Community and voluntary-sector skills: not answered, and no reason why none could contribute"
        yield Blocker("voluntary", words, "commissioning:add_sheet_row", (commission.pk, "voluntary_skills"))
    if dossier.screening_needs_full and not dossier.impact_is_assessed:
        yield Blocker(
            "impact",
            "Full impact assessment: not submitted, and the screening asks for one",
            "commissioning:open_paper",
            (commission.pk, "full_impact_assessment"),
        )
    for asked in dossier.unanswered:
        yield Blocker(
            f"asked:{asked.pk}",
            f"{asked.queue}: answer awaited since {day(asked.asked_at)}. Wait for it, or withdraw the request",
            "casework:item",
            (asked.pk,),
            waits_for=f"{asked.assignee}, {asked.queue}" if asked.assignee else asked.queue,
        )
    if dossier.is_buying:
        specification = dossier.specification
        if specification is None or not specification.is_signed_off:
            yield Blocker(
                "specification", "Specification: not signed off", "commissioning:specification", (commission.pk,)
            )
    yield from _engagement(dossier, "Plan")
    yield from _gate(dossier, 3, "outline business case", ("required", "expected"))


def to_review(dossier: Dossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 3.1: the room that holds contracts adds what a purchase needs; gate 4 must be settled if due."""
    if dossier.delivery is None:
        yield Blocker("delivery", "Delivery decision: not made")
    yield from _activities(dossier, "secure")
    yield from _engagement(dossier, "Secure Services")
    yield from _gate(dossier, 4, "full business case", ("required", "expected"))


def close(dossier: Dossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 3.1: outcomes, the end decision, lessons (or why there are none), the stage's questions.

    Users' feedback, or the reason for none, is a required question of the outcomes assessment.
    """
    commission = dossier.commission
    pk = (commission.pk,)
    if not dossier.is_outcome_assessed:
        yield Blocker(
            "outcomes",
            "Outcomes assessment: not submitted",
            "commissioning:open_paper",
            (commission.pk, "outcomes_assessment"),
        )
    if not dossier.end_choice:
        yield Blocker("end", "End decision: not made", "commissioning:end_decision", pk)
    if not dossier.lessons and not commission.no_lessons_reason:
        yield Blocker("lessons", "Lessons learnt: none recorded, and no reason given", "commissioning:lessons", pk)
    yield from _engagement(dossier, "Review")
    yield from _activities(dossier, "review")
    yield from _questions(dossier, "review")


def close_no_change(dossier: Dossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 3.1: "no change" is a decision with reasons, confirmed by the service leader."""
    commission = dossier.commission
    if dossier.delivery is None or dossier.delivery.key != "no_change":
        yield Blocker("delivery", "Delivery decision “no change”: not made", "commissioning:delivery", (commission.pk,))
    elif not dossier.delivery.is_confirmed:
        yield Blocker(
            "confirmation",
            "Delivery decision: not confirmed by the service leader",
            "commissioning:delivery",
            (commission.pk,),
            waits_for="The service leader",
        )


def return_to_plan(dossier: Dossier, inputs: Inputs) -> Iterator[Blocker]:
    """A higher room adds a blocker once a contract is signed."""
    return iter(())


def hold(dossier: Dossier, inputs: Inputs) -> Iterator[Blocker]:
    """A hold says what must be done to resume."""
    if "resume_needs" in inputs and not str(inputs["resume_needs"]).strip():
        yield Blocker("resume_needs", "What must be done to resume: not written")


def complete_activity(dossier: ActivityDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 3.2: an activity is done when it has an output: text, a file, or a linked record.

    A form with answers is submitted first. What this one activity asks besides is registered with its sheets.
    """
    activity = dossier.subject
    yield from _ended(activity)
    if dossier.draft_form is not None:
        yield Blocker("form", "Form: begun, not submitted", "documents:paper", (dossier.draft_form,))
    elif not (activity.output.strip() or activity.output_link or dossier.has_evidence):
        yield Blocker("output", "Output: nothing written, attached or linked", "commissioning:activity", (activity.pk,))
    yield from dossier.open_points


def reopen_activity(dossier: ActivityDossier, inputs: Inputs) -> Iterator[Blocker]:
    """What was done in a commission that has ended stands."""
    yield from _ended(dossier.subject)


def return_specification(specification: Any, inputs: Inputs) -> Iterator[Blocker]:
    """Nothing is changed in a commission that has ended."""
    yield from _ended(specification)


def send_specification(specification: Any, inputs: Inputs) -> Iterator[Blocker]:
    """The words are complete before anyone is asked to sign them."""
    yield from _ended(specification)
    if specification.paper.is_draft:
        yield Blocker("paper", "Specification: not submitted", "documents:paper", (specification.paper_id,))


def sign_off_specification(specification: Any, inputs: Inputs) -> Iterator[Blocker]:
    """What is signed off is the submitted revision."""
    yield from send_specification(specification, inputs)


def supersede_specification(specification: Any, inputs: Inputs) -> Iterator[Blocker]:
    """A higher room adds a blocker once prices were asked for on this version."""
    yield from _ended(specification)


# --- shared ----------------------------------------------------------------------------------------------------------


def _ended(record: Any) -> Iterator[Blocker]:
    commission = record.commission
    if commission.state in ENDED:
        yield Blocker("ended", f"The commission is {commission.get_state_display().lower()}, so it can only be read")


def _activities(dossier: Dossier, stage: str) -> Iterator[Blocker]:
    for line in dossier.activities:
        if line.stage != stage:
            continue
        if line.state in ACTIVITY_OUTSTANDING:
            words = line.standing_words
            yield Blocker(
                f"activity:{line.key}",
                f"{_activity_words(line)}: {in_sentence(words)}",
                "commissioning:activity",
                (line.pk,),
                waits_for=line.lead,
            )


def _activity_words(line: ActivityLine) -> str:
    """The name of an activity; where a paper has the same name, it is said which of them is meant."""
    return f"Activity “{line.name}”" if line.key in ("specification", "business_case") else line.name


def _engagement(dossier: Dossier, stage: str) -> Iterator[Blocker]:
    """Framework 10: where the full set is asked for, somebody was asked in the stage, or the reason stands."""
    if dossier.need(1) != "required" or dossier.is_engaged:
        return
    is_inside = stage == "Analyse" and dossier.commission.is_internal_use
    words = "nothing held with internal users" if is_inside else "nothing held"
    yield Blocker(
        "engagement",
        f"Engagement in {stage}: {words}, and no reason",
        "commissioning:engagement",
        (dossier.commission.pk,),
    )


def _questions(dossier: Dossier, stage: str) -> Iterable[Blocker]:
    waiting = dossier.open_questions.get(stage, 0)
    if not waiting:
        return []
    return [
        Blocker(
            "questions",
            f"Key questions: {waiting} not answered",
            "commissioning:questions",
            (dossier.commission.pk, stage),
        )
    ]


def _gate(dossier: Dossier, number: int, paper: str, blocking: tuple[str, ...]) -> Iterator[Blocker]:
    """The gate is passed where it is asked for, and what was approved on condition is done."""
    line = dossier.gates.get(number)
    need = dossier.need(number)
    address = ("commissioning:gate", (dossier.commission.pk, number))
    if need in blocking and (line is None or not line.is_passed):
        how = line.state_words.lower() if line and line.pk else "not approved"
        until = f" until {day(line.review_on)}" if line and line.state == "deferred" else ""
        yield Blocker(f"gate_{number}", f"Gate {number}, {paper}: {need}, {how}{until}", *address)
    for condition in line.holding if line else ():
        yield Blocker(
            f"condition:{condition.pk}",
            f"Condition of gate {condition.gate}, due {day(condition.due_on)}: {condition.words}",
            "commissioning:gate",
            (dossier.commission.pk, condition.gate),
            waits_for=condition.owner,
        )
