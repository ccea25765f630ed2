"""How the history tells what the services of this room record beside the verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from casework.audit.decisions import register_decisions
from casework.audit.sentences import change_words, register_list_key, register_person_key, register_sentence
from casework.models import AuditEvent
from commissioning.models import LikelyDuplicate
from organisation.formatting import counted, in_sentence, listed, money

Fields = Mapping[str, str]


def _pounds(words: str) -> str:
    try:
        return money(Decimal(words))
    except InvalidOperation:
        return "nothing"


def _value(event: AuditEvent, fields: Fields) -> str:
    before = event.changes.get("value_ex_vat") or ["", ""]
    was = f"from {_pounds(str(before[0]))} " if before[0] else ""
    return f"recorded a value, {was}to {_pounds(fields['value_ex_vat'])} excluding VAT ({fields['basis']})"


def _risk(event: AuditEvent, fields: Fields) -> str:
    applies = [name for name, said in event.changes.items() if isinstance(said, list) and said[1] == "applies"]
    if applies:
        return f"answered the risk form: {listed(applies)} {'applies' if len(applies) == 1 else 'apply'}"
    return f"answered {counted(len(event.changes), 'question')} of the risk form: none applies"


def _priority(event: AuditEvent, fields: Fields) -> str:
    before, after = event.changes["priority"]
    return f"set the priority: from {before} to {after}"


def _reassessed(event: AuditEvent, fields: Fields) -> str:
    parts = []
    for key, words in (("added", "added"), ("dropped", "no longer asks for"), ("told", "told")):
        said = event.changes.get(key) or []
        if said:
            parts.append(f"{words} {'; '.join(str(part) for part in said)}")
    return f"worked out the tier again: {', '.join(parts)}" if parts else "worked out the tier again: nothing moved"


def _facts(event: AuditEvent, fields: Fields) -> str:
    return f"changed the details ({'; '.join(change_words(key, value, {}) for key, value in event.changes.items())})"


def _output(event: AuditEvent, fields: Fields) -> str:
    return f"wrote in {fields['subject']}"


def _lead(event: AuditEvent, fields: Fields) -> str:
    """Leading function, owner and days, as far as they changed."""
    said = []
    if "led by" in event.changes:
        before, after = event.changes["led by"]
        said.append(f"led by {after}, before by {before}")
    named = (("lead_id", "owned by"), ("starts_on", "starts"), ("due_on", "is due"))
    said += [f"{words} {fields[key]}" for key, words in named if key in event.changes]
    return f"changed who leads {fields['subject']}, and when: {'; '.join(said)}"


def _row_saved(event: AuditEvent, fields: Fields) -> str:
    before, after = (
        event.changes.get("row") if isinstance(event.changes.get("row"), list) else (event.changes["row"],) * 2
    )
    sheet = fields["sheet"].lower()
    if before is None:
        return f"added “{after}” to the {sheet}"
    if after is None:
        return f"took “{before}” out of the {sheet}"
    moved = [change_words(key, value, {}) for key, value in event.changes.items() if key not in ("sheet", "row")]
    return f"changed “{after}” in the {sheet} ({'; '.join(moved)})"


def _scored(event: AuditEvent, fields: Fields) -> str:
    moved = [change_words(key, value, {}) for key, value in event.changes.items() if key != "option"]
    return f"scored the option “{event.changes['option']}” ({'; '.join(moved)})"


def _duplicate(event: AuditEvent, fields: Fields) -> str:
    kept = event.changes.get("finding") or ["", ""]
    labels = {str(value): str(label) for value, label in LikelyDuplicate.Finding.choices}
    said = labels.get(str(kept[1]), fields["finding"])
    return f"settled a likely duplicate, {fields['other']}: {in_sentence(said)}"


def _screened(event: AuditEvent, fields: Fields) -> str:
    because = fields["because"]
    why = f", because {because}" if because not in ("", "blank") else ""
    return f"screened the impact: full assessment {fields['full assessment']}{why}"


def _urgent(event: AuditEvent, fields: Fields) -> str:
    skipped = [str(part) for part in event.changes.get("skipped") or []]
    passed = f"; passed over {listed(skipped)}" if skipped else "; nothing is passed over"
    owed = [str(part) for part in event.changes.get("owed") or []]
    later = f"; owed afterwards: {listed(owed)}" if owed else ""
    return f"put this commission on the urgent route ({fields['ground']}){passed}{later}"


def _baseline(event: AuditEvent, fields: Fields) -> str:
    if "reached" in event.changes:
        return f"said that “{fields['milestone']}” was reached on {fields['reached']}"
    before = (event.changes.get("expected") or [""])[0]
    return f"moved “{fields['milestone']}” from {before} to {fields['expected']}"


def _of_gate(words: str) -> Callable[[AuditEvent, Fields], str]:
    """A sentence that names the gate: its label begins "Gate 1, "."""

    def say(event: AuditEvent, fields: Fields) -> str:
        gate = event.subject_label.partition(",")[0].lower()
        return words.format(gate=gate, **_known(event, fields))

    return say


def _known(event: AuditEvent, fields: Fields) -> dict[str, str]:
    return {key: fields[key] for key in event.changes}


def _asked_input(event: AuditEvent, fields: Fields) -> str:
    asked = [str(key).replace("_", " ") for key in event.changes.get("asked") or []]
    gate = event.subject_label.partition(",")[0].lower()
    return f"asked for input on {gate}" + (f" from {listed([_function(key) for key in asked])}" if asked else "")


def _function(key: str) -> str:
    return key.upper() if key in ("ccps", "ict", "hr") else key.capitalize()


def _in_favour(event: AuditEvent, fields: Fields) -> str:
    gate = event.subject_label.partition(",")[0].lower()
    how = " with conditions" if event.verb.endswith("conditions") else ""
    return f"approved {gate}{how}" + ("" if event.to_state == "approved" else ", and others are still asked")


GATE_SENTENCES = {
    "gate.begin": "began the paper of {gate}",
    "gate.submit": "submitted {gate} for approval",
    "gate.take_back": "took the paper of {gate} back before it was decided",
    "gate.return_for_changes": "returned {gate} for changes",
    "gate.refuse": "refused {gate}",
    "gate.defer": "deferred {gate}",
    "gate.take_up": "took {gate} up again",
    "gate.waive": "waived {gate}",
    "gate.skip_as_urgent": "passed over {gate} on the urgent route",
    "gate.name_stakeholder": "asked somebody about the target outcomes of {gate}",
    "gate.remove_stakeholder": "asks somebody no more about the target outcomes of {gate}",
    "gate.outcome_views": "gave a view of the target outcomes of {gate}: agrees with {agreed} of {outcomes}",
    "gate.version": "chose the {version} version for the paper of {gate}",
    "gate.ranked": "ranked {gate} {place} of {of}",
    "gate.condition": "set a condition of {gate}: {condition}",
    "gate.condition_met": "met a condition of {gate}: {condition}",
}


DECISIONS = (
    *(
        f"gate.{verb}"
        for verb in ("approve", "approve_with_conditions", "return_for_changes", "refuse", "defer", "waive")
    ),
    *("specification.sign_off", "commission.delivery", "commission.delivery_confirmed", "commission.end"),
    *("commission.route_agreed", "commission.urgent", "commission.close_no_change"),
)


def register_own() -> None:
    """Register the sentences of this room, and which of them tell of decisions."""
    register_decisions(*DECISIONS)
    register_sentence("commission.route_agreed", "agreed the route to market: {route}")
    for verb, words in GATE_SENTENCES.items():
        register_sentence(verb, _of_gate(words))
    register_sentence("gate.ask_input", _asked_input)
    register_sentence("gate.approve", _in_favour)
    register_sentence("gate.approve_with_conditions", _in_favour)
    register_sentence("commission.baseline", _baseline)
    register_sentence("commission.measure", "recorded a success measure: {measure}")
    register_sentence("commission.measure_replaced", "put a changed success measure in place: {measure}")
    register_sentence("commission.measure_removed", "took a success measure away")
    register_sentence("gaps.taken_over", "took needs that are not met over into the gaps: {needs}")
    register_sentence("options.scored", _scored)
    register_sentence("options.preferred", "chose the preferred option: {preferred}")
    register_sentence("sheet.saved", _row_saved)
    register_sentence("sheet.removed", _row_saved)
    register_sentence("spend.read", "read the spend of “{file}”: {lines} lines, {left out} left out")
    register_sentence("spend.removed", "left the spend of “{file}” out")
    register_sentence("commission.indicator", "planned an indicator: {indicator}")
    register_sentence("commission.indicator_removed", "took a planned indicator away")
    register_sentence("activity.asked", "asked {function} about {subject}")
    register_sentence("commission.legal_asked", "put a question to Legal")
    register_person_key("owner_id")
    register_person_key("allowed_by_id")
    for key in ("covers", "told", "function", "needs"):
        register_list_key(key)
    register_sentence("commission.urgent", _urgent)
    register_sentence("commission.aggregation", "said why what adds up is not one purchase ({basis}, {total}: {what})")
    register_sentence("commission.principles", "wrote how the commissioning principles are met")
    register_sentence("commission.joint", "considered joint commissioning: {considered}")
    register_sentence("partner.confirmed", "confirmed the commissioning principles for {partner}")
    register_sentence("partnership.saved", "saved this partnership")
    register_sentence("partnership.met", "recorded a meeting of this partnership")
    register_sentence("decision.entered", "entered a decision: {decision}. {notice}")
    register_sentence("decision.taken", "recorded a decision: {decision}, by {by}, {decided_on}")
    register_sentence("decision.published", "recorded that a decision was published: {decision}, {published_on}")
    register_sentence("decision.called_in", "recorded a call-in: {decision}, {called_in_on}")
    register_sentence("decision.settled", "settled the call-in of {decision}")
    register_sentence("decision.withdrawn", "withdrew the decision entry {decision}")
    register_sentence("commission.urgent_advice", "advised on the urgent route, for {side}")
    register_sentence("commission.urgent_ended", "ended the urgent route")
    register_sentence("commission.owed_done", "did what was owed after the urgent route: {owed}")
    register_sentence("commission.register", "registered this commission: {title}")
    register_sentence("commission.value", _value)
    register_sentence("commission.risk", _risk)
    register_sentence("commission.priority", _priority)
    register_sentence("commission.sourcing_lead", "named {lead_id} to lead for CCPS")
    register_sentence("commission.sourcing_plan", "named {lead_id} to lead for CCPS, with a strategy by {strategy by}")
    register_sentence("commission.timeline", "worked the timeline out: {steps} steps to be ready by {needed by}")
    register_sentence("commission.step_left_out", "left a step out of the timeline: {step}")
    register_sentence("commission.step_taken_back", "took a step into the timeline again: {step}")
    register_sentence("commission.reassessed", _reassessed)
    register_sentence("commission.facts", _facts)
    register_sentence("commission.duplicate", _duplicate)
    register_sentence("commission.plan_agreed", "recorded that {participants} agreed the activity plan on {agreed_on}")
    register_sentence("commission.questions", "answered key questions")
    register_sentence("commission.authority", "recorded authority: {decision}, to {covers}, {limit}")
    register_sentence("commission.authority_withdrawn", "withdrew the authority record {decision}")
    register_sentence("commission.delivery", "decided how to deliver: {delivery}")
    register_sentence("commission.delivery_confirmed", "confirmed the delivery decision: {delivery}")
    register_sentence("commission.end", "decided what happens at the end: {end decision}")
    register_sentence("commission.lesson", "recorded a lesson: {recommendation}")
    register_sentence("commission.price_feedback", "wrote down what was said about prices in “{entry}”")
    register_sentence("publicfeedback.receive", "took in feedback of the public: {topic}")
    register_sentence("finding.passed", "passed a finding on to {to}: {finding}")
    register_sentence("finding.received", "received a finding from {from}")
    register_sentence("finding.read", "read a finding that was passed on: {finding}")
    register_sentence("finding.used", "said that a finding was {said}: {finding}")
    register_sentence("impact.finish_action", "finished an action of the impact assessment: {action}")
    register_sentence("commission.no_engagement", "said why nobody is asked in {stage}")
    register_sentence("commission.no_lessons", "recorded that there is no lesson")
    register_sentence("commission.recommission", "opened the next commission, {next}")
    register_sentence("commission.screened", _screened)
    register_sentence("activity.output", _output)
    register_sentence("activity.lead", _lead)
    register_sentence("document.review_asked", "asked {assignee_id} to review a document: {document}")
    register_sentence("commission.owners", "named {owner} as the owner of {activities}")
    register_sentence("specification.legal_review", "said that Legal has to look at the specification")
    register_sentence("specification.open", "began {subject}")
