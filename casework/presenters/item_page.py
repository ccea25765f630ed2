"""The page of one work item in words."""

from __future__ import annotations

from collections.abc import Iterable

from casework.audit.sentences import Said
from casework.clocks import local_day
from casework.handled import answer_words
from casework.lead_times import lead_time, lead_warning
from casework.models import WorkItem, WorkItemEvent
from casework.routing import Rules
from casework.states import SETTLED, ItemState
from organisation.formatting import day, money, sentence_start

Kind = WorkItemEvent.Kind

_STATE_TONES = {
    ItemState.OPEN: "blue",
    ItemState.ASSIGNED: "blue",
    ItemState.WAITING: "amber",
    ItemState.ANSWERED: "green",
    ItemState.CLOSED: "grey",
}


def tags_of(item: WorkItem) -> list[tuple[str, str]]:
    """State, and what makes the case special."""
    tags = [(ItemState(item.state).label, _STATE_TONES[ItemState(item.state)])]
    if item.case_file.is_high_risk:
        tags.append(("High risk", "red"))
    if item.is_late_ask:
        tags.append(("Late ask", "outline"))
    return tags


def facts_of(item: WorkItem) -> list[tuple[str, str, str]]:
    """The four facts under the title."""
    case = item.case_file
    requester = item.requested_by
    area = case.service_area
    facts = [
        ("Value, excluding VAT", money(case.value_ex_vat), ""),
        ("Asked by", requester.name if requester else "Gatehouse", requester.team if requester else "a rule"),
        ("Service area", area.name if area else "Not recorded", area.directorate.name if area else ""),
    ]
    if item.state not in SETTLED:
        queue = item.queue.name if item.queue else ""
        facts.append(("With", item.assignee.name if item.assignee else "Nobody yet", queue))
    return facts


def why_of(item: WorkItem, rules: Rules | None) -> list[str]:
    """What else there is to say of why, when and how late an item was asked, a sentence each."""
    said = []
    rule = next((rule for rule in rules.routes if rule.key == item.rule_key), None) if rules else None
    if rule is not None:
        said.append(f"Sent when: {rule.trigger.replace('_', ' ')}.")
    if item.is_late_ask:
        said.append("This is a late ask: what it rests on was not known when the commission started.")
    return said


def lead_of(item: WorkItem, rules: Rules | None) -> str:
    """The sentence for both sides where the queue was given little time; empty where the lead is clean."""
    if item.queue is None or rules is None:
        return ""
    found = lead_warning(lead_time(item.queue.key, item.needed_by, local_day(item.opened_at), rules))
    return f"{sentence_start(found)}." if found else ""


def thread_of(item: WorkItem, events: Iterable[WorkItemEvent]) -> list[Said]:
    """What happened to the item, oldest first. A privileged text was never written into an event."""
    return [Said(event.at, _sentence(item, event), strong=_strong(item, event)) for event in events]


def _strong(item: WorkItem, event: WorkItemEvent) -> str:
    who = event.by.name if event.by else "Gatehouse"
    if event.kind == Kind.ASKED:
        return f"{who} asked a question."
    if event.kind == Kind.REPLIED:
        return f"{who} replied."
    if event.kind == Kind.ANSWERED:
        word = answer_words(item.kind, item.answer).lower() or "answered"
        return f"{who} answered: {word}."
    return ""


def _sentence(item: WorkItem, event: WorkItemEvent) -> str:
    who = event.by.name if event.by else "Gatehouse"
    if event.kind == Kind.OPENED:
        where = f" {item.queue.name}" if item.queue else ""
        return f"{who} asked{where}: {item.title}."
    if event.kind == Kind.ASSIGNED:
        if event.to_id is not None and event.to_id == event.by_id:
            return f"{who} took this."
        return f"{who} gave this to {event.to.name if event.to else 'a colleague'}."
    if event.kind == Kind.MORE_TIME:
        return f"{who} agreed more time, until {day(event.new_due)}. {event.text}"
    if event.kind == Kind.CLOSED:
        return f"{who} closed this as no longer needed. {event.text}"
    if event.kind == Kind.ANSWERED and item.is_privileged:
        return "What was said is privileged."
    return event.text
