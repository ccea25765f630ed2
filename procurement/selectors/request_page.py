"""A procurement request as its page shows it: every word made once, before the template sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef
from django.urls import reverse

from casework.audit.sentences import Said
from casework.blockers import Blocker
from casework.clocks import local_day
from casework.door import Offer
from casework.lead_times import lead_time, lead_warning
from casework.models import WorkItem, WorkItemEvent
from casework.presenters.item_page import thread_of
from commissioning.selectors.folding import Folded
from organisation.formatting import counted, day, money
from organisation.models import Person
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
    if request.item is not None and request.item.is_late_ask:
        tags.append(("Late ask", "amber"))
    return tags


def facts_of(request: Any, dossier: RequestDossier) -> list[tuple[str, str, str]]:
    """The four facts under the title. Until CCPS chooses a route, the one that the form suggests is shown."""
    case, needs = dossier.standing.commission.case_file, dossier.standing.needs
    holder = request.case_file.holder
    needed_by = dossier.standing.commission.needed_by
    route, whose = (request.route.name, "") if request.route else ("Not suggested yet", "")
    if request.route is None and isinstance(request.st_route_said, str) and request.st_route_said:
        route, whose = request.st_route_said.replace("_", " ").capitalize(), "As its form says"
    return [
        ("Value, excluding VAT", money(case.value_ex_vat), needs.band.name if needs else ""),
        ("Requester", holder.name if holder else "Nobody", holder.team if holder else ""),
        ("Route suggested", route, whose),
        ("Needed by", day(needed_by) if needed_by else "Not recorded", case.reference),
    ]


def decision_words(request: ProcurementRequest, value: Decimal | None, verb: str = "approve_budget") -> str:
    """What a budget holder decides, with the amount: framework 6.1 wants the money agreed before CCPS is asked."""
    amount = f"{money(value)} excluding VAT over the whole term"
    if verb == "refuse_budget":
        return f"You say that {amount} is not there. CCPS is not asked; the commissioner reads your reason."
    if verb == "approve_higher_budget":
        return f"You approved {money(request.budget_ex_vat)}. The value is now {amount}: you say that it is there too."
    return f"You decide whether {amount} is there for this. Approving lets the commissioner send the request to CCPS."


def notice_words(heard_at: datetime | None) -> str:
    """When CCPS was first told of the commission."""
    return f"CCPS was told early, on {day(heard_at)}" if heard_at else "CCPS had no early notice of this"


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
    if request.state == S.MORE_INFORMATION and request.next_steps:
        return [("Answer", "CCPS asks for information", ""), ("Next steps", request.next_steps, "")]
    if request.decline_reason and request.state in (S.DECLINED, S.DRAFT, S.BUDGET_APPROVED):
        return [
            ("Declined because", f"{request.get_decline_ground_display()}. {request.decline_reason}", ""),
            ("Next steps", request.next_steps, ""),
            ("Declined by", f"{who}, {day(request.decided_at)}", ""),
        ]
    return []


@dataclass(frozen=True)
class Twin:
    """Another request that asks for the same, and why CCPS says so."""

    reference: str
    title: str
    url: str
    because: str


def folded_twins(person: Person) -> dict[str, Any]:
    """The requests linked to one as its duplicates, either way, among those a person sees: no statement is spent."""
    fields = ("pk", "reference", "title", "same_because")
    rows = ProcurementRequest.objects.visible_to(person).annotate(
        reference=F("case_file__reference"), title=F("case_file__title")
    )
    return {
        "st_same_as": Folded(rows.filter(pk=OuterRef("same_as")), *fields),
        "st_found_again": Folded(rows.filter(same_as=OuterRef("pk")).order_by("pk"), *fields),
    }


def twins_of(request: Any) -> list[Twin]:
    """Them in words: the reason stands with the request that was linked."""

    def twin(row: dict[str, Any], because: str) -> Twin:
        return Twin(row["reference"], row["title"], reverse("procurement:request", args=[row["pk"]]), because)

    there = [twin(row, request.same_because) for row in request.st_same_as]
    return there + [twin(row, row["same_because"]) for row in request.st_found_again]


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
