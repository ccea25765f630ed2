"""A procurement request as its page shows it: every word made once, before the template sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from casework.audit.sentences import Said
from casework.blockers import Blocker
from casework.clocks import local_day
from casework.door import Offer
from casework.lead_times import lead_time, lead_warning
from casework.models import WorkItem, WorkItemEvent
from casework.presenters.item_page import thread_of
from organisation.formatting import counted, day, money
from organisation.permissions import who_may
from procurement.dossier import RequestDossier
from procurement.models import ProcurementRequest
from procurement.states import REQUEST_TONES, RequestState

S = RequestState
# What each state waits for, in the order in which buttons are offered; the first that is open is the main one.
NEXT = {
    S.DRAFT: ("approve_budget", "submit"),
    S.BUDGET_APPROVED: ("submit",),
    S.MORE_INFORMATION: ("submit",),
    S.SUBMITTED: ("accept",),
    S.DECLINED: ("revise",),
}
TRIAGE = ("accept", "ask", "decline")


def tags_of(request: ProcurementRequest) -> list[tuple[str, str]]:
    """State and risk."""
    tags = [(request.get_state_display(), REQUEST_TONES[S(request.state)])]
    if request.case_file.is_high_risk:
        tags.append(("High risk", "red"))
    return tags


def facts_of(request: ProcurementRequest, dossier: RequestDossier) -> list[tuple[str, str, str]]:
    """The four facts under the title."""
    case, needs = dossier.standing.commission.case_file, dossier.standing.needs
    holder = request.case_file.holder
    needed_by = dossier.standing.commission.needed_by
    route = request.route.name if request.route else "Not suggested yet"
    return [
        ("Value, excluding VAT", money(case.value_ex_vat), needs.band.name if needs else ""),
        ("Requester", holder.name if holder else "Nobody", holder.team if holder else ""),
        ("Route suggested", route, ""),
        ("Needed by", day(needed_by) if needed_by else "Not recorded", case.reference),
    ]


def state_words(request: ProcurementRequest, item: WorkItem | None) -> str:
    """One sentence: whose turn it is."""
    if request.state == S.DRAFT:
        return "This is a draft. CCPS does not see it in its queue until it is submitted."
    if request.state == S.BUDGET_APPROVED:
        return "The budget is approved. The commissioner submits it to CCPS."
    if request.state == S.MORE_INFORMATION:
        return "CCPS wants to know more. The clock stands still; sending it back starts a new week."
    if request.state == S.SUBMITTED and item is not None:
        who = f"{item.assignee.name} has it" if item.assignee else "nobody has taken it yet"
        return f"CCPS answers by {day(item.due_on)}; {who}."
    if request.state == S.ACCEPTED:
        return f"CCPS accepted it. {request.lead.name if request.lead else 'CCPS'} leads it."
    if request.state == S.DECLINED:
        return (
            "CCPS declined it. You can revise it and submit it again, choose another way to deliver, "
            "or stop the commission."
        )
    return "It was withdrawn."


def budget_rows(request: ProcurementRequest) -> list[tuple[str, str, str]]:
    """Who settled the budget, and how."""
    who = request.budget_by.label if request.budget_by else ""
    if request.budget_refusal:
        return [("Refused by", who, ""), ("On", day(request.budget_at), ""), ("Reason", request.budget_refusal, "")]
    if request.budget_ex_vat is not None:
        return [
            ("Approved by", who, ""),
            ("On", day(request.budget_at), ""),
            ("Up to, excluding VAT", money(request.budget_ex_vat), ""),
        ]
    return []


def outcome_rows(request: ProcurementRequest) -> list[tuple[str, str, str]]:
    """What CCPS answered."""
    who = request.decided_by.label if request.decided_by else ""
    if request.state == S.ACCEPTED:
        rows = [
            ("Lead officer", request.lead.label if request.lead else "", ""),
            ("Path", request.get_path_display(), ""),
            ("Route to market", request.route.name if request.route else "Not chosen yet", ""),
            ("Effort", counted(request.effort_days or 0, "day"), ""),
            ("Target date", day(request.target_on), ""),
        ]
        if request.legal_needed_by:
            rows.append(("Legal’s draft by", day(request.legal_needed_by), ""))
        if request.legal_urgent_reason:
            rows.append(("Why Legal has so little time", request.legal_urgent_reason, ""))
        return [*rows, ("Next steps", request.next_steps, ""), ("Accepted by", f"{who}, {day(request.decided_at)}", "")]
    if request.decline_reason and request.state in (S.DECLINED, S.DRAFT, S.BUDGET_APPROVED):
        return [
            ("Declined because", f"{request.get_decline_ground_display()}. {request.decline_reason}", ""),
            ("Next steps", request.next_steps, ""),
            ("Declined by", f"{who}, {day(request.decided_at)}", ""),
        ]
    return []


def buttons(offers: Sequence[Offer], state: str, query: str) -> tuple[dict[str, str] | None, list[dict[str, str]]]:
    """The main button and the others; only what would be carried out."""
    open_now = [offer for offer in offers if offer.is_open]
    main = next((offer for name in NEXT.get(S(state), ()) for offer in open_now if offer.verb == name), None)

    def link(offer: Offer) -> dict[str, str]:
        return {"label": offer.label, "url": offer.url + query}

    return (link(main) if main else None), [link(offer) for offer in open_now if offer is not main]


def blockers_of(offers: Sequence[Offer], state: str, *, may_write: bool) -> list[Blocker]:
    """What stands between a draft and CCPS; with links only for whoever writes the request."""
    if state not in (S.DRAFT, S.BUDGET_APPROVED, S.MORE_INFORMATION):
        return []
    found = next((offer.blockers for offer in offers if offer.verb == "submit"), [])
    return found if may_write else [replace(blocker, link="", path="") for blocker in found]


def thread(item: WorkItem | None) -> list[Said]:
    """What happened in the queue, oldest first. One statement."""
    if item is None:
        return []
    return thread_of(item, WorkItemEvent.objects.filter(item=item).select_related("by", "to").order_by("id"))


def question_of(item: WorkItem | None, events: Iterable[Said]) -> Said | None:
    """The last question, while it waits for an answer."""
    if item is None or item.state != "waiting":
        return None
    return next((said for said in reversed(list(events)) if said.strong.endswith("asked a question.")), None)


def legal_warning(item: WorkItem, rules: Any) -> str:
    """How short Legal's time was when it was asked; nothing where it was clean."""
    return lead_warning(lead_time("legal", item.needed_by, local_day(item.opened_at), rules))


def budget_holders(request: ProcurementRequest) -> list[Any]:
    """Who could approve the budget today."""
    return who_may("request.approve_budget", request)
