"""The page of one work item in words."""

from __future__ import annotations

from collections.abc import Iterable

from casework.audit.sentences import Said
from casework.models import WorkItem, WorkItemEvent
from casework.states import SETTLED, Answer, ItemState
from organisation.formatting import day, money

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
        word = Answer(item.answer).label.lower() if item.answer in Answer.values else "answered"
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
