"""Asking CCPS for its time: the request, its budget, what CCPS answers."""

from __future__ import annotations

from typing import Any

from casework import door
from procurement.models import ProcurementRequest, RouteToMarket
from procurement.services import requests
from procurement.states import NOT_LIVE
from reporting.demo.papers import fill
from reporting.demo.stage import Story, act

Details = dict[str, Any]
NEXT = "Answer on this request and send it back. CCPS then has a week to answer."


@act
def open_request(story: Story, details: Details) -> None:
    """Open it and its form."""
    requests.open_request(story.commission, by=story.holder)


@act
def fill_request(story: Story, details: Details) -> None:
    """Answer the form, or with "only" a part of it; submitting it is an act of the request."""
    only = details.get("only")
    fill(story, requests.TEMPLATE, paper=_request(story).paper, only=only, submits=False)


@act
def ask_budget(story: Story, details: Details) -> None:
    """Ask the budget holder."""
    requests.ask_budget(_request(story), holder=story.person(details.get("of", "budget")), by=story.holder)


@act
def approve_budget(story: Story, details: Details) -> None:
    """The money is there."""
    door.carry_out(_request(story), "approve_budget", by=story.by(details))


@act
def refuse_budget(story: Story, details: Details) -> None:
    """The money is not there."""
    door.carry_out(_request(story), "refuse_budget", by=story.by(details), note=details["why"])


@act
def submit_request(story: Story, details: Details) -> None:
    """Send it to CCPS, the first time or again."""
    answer = {"text": details["text"]} if "text" in details else {}
    door.carry_out(_request(story), "submit", by=story.holder, **answer)


@act
def question_request(story: Story, details: Details) -> None:
    """CCPS wants to know more; its clock stops."""
    door.carry_out(_request(story), "ask", by=story.by(details), text=details["text"], next_steps=NEXT)


@act
def accept_request(story: Story, details: Details) -> None:
    """CCPS takes it on."""
    request, days = _request(story), story.stage.days
    named = details.get("route")
    legal = details.get("legal")
    door.carry_out(
        request,
        "accept",
        by=story.by(details),
        lead=story.person(details.get("lead", "officer")),
        path=details.get("path", "quotation"),
        effort_days=details.get("effort", 6),
        target_on=days.soon(details.get("target", 30)),
        next_steps=details.get("next", "We ask at least three suppliers next week and send you the answers."),
        route=RouteToMarket.objects.get(framework=story.organisation.framework, key=named) if named else None,
        legal_needed_by=days.soon(int(legal)) if legal else None,
    )


@act
def decline_request(story: Story, details: Details) -> None:
    """CCPS does not take it on."""
    door.carry_out(
        _request(story),
        "decline",
        by=story.by(details),
        note=details["why"],
        ground=details["ground"],
        next_steps=details["next"],
    )


@act
def withdraw_request(story: Story, details: Details) -> None:
    """It is no longer needed."""
    door.carry_out(_request(story), "withdraw", by=story.holder, note=details["why"])


def _request(story: Story) -> ProcurementRequest:
    """The one that is live, as it is now."""
    rows = ProcurementRequest.objects.exclude(state__in=NOT_LIVE).select_related("case_file", "paper", "commission")
    return rows.get(commission=story.commission_id)
