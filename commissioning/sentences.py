"""How the history tells what the services of this room record beside the verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from casework.audit.sentences import change_words, register_person_key, register_sentence
from casework.models import AuditEvent
from organisation.formatting import counted, listed, money

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


def _screened(event: AuditEvent, fields: Fields) -> str:
    because = fields["because"]
    why = f", because {because}" if because not in ("", "blank") else ""
    return f"screened the impact: full assessment {fields['full assessment']}{why}"


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
    "gate.condition": "set a condition of {gate}: {condition}",
    "gate.condition_met": "met a condition of {gate}: {condition}",
}


def register_own() -> None:
    """Register the sentences of this room."""
    for verb, words in GATE_SENTENCES.items():
        register_sentence(verb, _of_gate(words))
    register_sentence("gate.ask_input", _asked_input)
    register_sentence("gate.approve", _in_favour)
    register_sentence("gate.approve_with_conditions", _in_favour)
    register_sentence("commission.measure", "recorded a success measure: {measure}")
    register_sentence("commission.measure_replaced", "put a changed success measure in place: {measure}")
    register_sentence("commission.measure_removed", "took a success measure away")
    register_sentence("commission.indicator", "planned an indicator: {indicator}")
    register_sentence("commission.indicator_removed", "took a planned indicator away")
    register_sentence("activity.asked", "asked {function} about {subject}")
    register_sentence("commission.legal_asked", "put a question to Legal")
    register_person_key("owner_id")
    register_sentence("commission.register", "registered this commission: {title}")
    register_sentence("commission.value", _value)
    register_sentence("commission.risk", _risk)
    register_sentence("commission.reassessed", _reassessed)
    register_sentence("commission.facts", _facts)
    register_sentence("commission.duplicate", "settled a likely duplicate, {other}: {finding}")
    register_sentence("commission.plan_agreed", "recorded that {participants} agreed the activity plan on {agreed_on}")
    register_sentence("commission.questions", "answered key questions")
    register_sentence("commission.authority", "recorded authority: {decision}, to {covers}, {limit}")
    register_sentence("commission.authority_withdrawn", "withdrew the authority record {decision}")
    register_sentence("commission.delivery", "decided how to deliver: {delivery}")
    register_sentence("commission.delivery_confirmed", "confirmed the delivery decision: {delivery}")
    register_sentence("commission.end", "decided what happens at the end: {end decision}")
    register_sentence("commission.lesson", "recorded a lesson: {recommendation}")
    register_sentence("commission.no_lessons", "recorded that there is no lesson")
    register_sentence("commission.recommission", "opened the next commission, {next}")
    register_sentence("commission.screened", _screened)
    register_sentence("activity.output", _output)
    register_sentence("specification.open", "began {subject}")
