"""Opening a procurement request, asking for its budget and for help, and what follows each of its verbs.

The request and its item in CCPS's queue change in one transaction: the item is asked, replied to and answered from
here, never on its own page (casework.handled).
"""

from __future__ import annotations

import uuid
from typing import Any

from casework import door
from casework.audit import audited, record, record_refusal
from casework.blockers import Blocker
from casework.lifecycle import effect_of
from casework.models import WorkItem
from casework.refusals import Blocked, NotPermitted
from casework.services import work_items
from casework.services.cases import keep_right, open_case
from casework.states import OUTSTANDING, Answer, ItemState
from commissioning.models import Commission
from commissioning.selectors.dossiers import rules_of, rules_version_of
from commissioning.services import asking, sourcing
from commissioning.services.values import locked_for, refuse
from documents.services import papers
from organisation import clock
from organisation.actors import Actor, System
from organisation.formatting import day, money
from organisation.models import Person
from organisation.permissions import may
from procurement import notifications, request_guards
from procurement.models import ProcurementRequest, RouteToMarket
from procurement.selectors.dossiers import BUDGET, LEGAL_KIND, standing_of
from procurement.selectors.request_form import ask_of
from procurement.selectors.requests import form_answers, live_requests, route_named
from procurement.states import NOT_LIVE, Path, RequestState

TEMPLATE = "procurement_request"
ITEM = "procurement_request"
# A figure of the rules for each tier: calendar days between the request and the day the service is needed.
LEAD = "request_lead_"


def open_request(
    commission: Commission, *, by: Person, route: RouteToMarket | None = None, act_id: uuid.UUID | None = None
) -> ProcurementRequest:
    """Open a request for a commission in Plan and begin its form; the one that is live is returned instead of a second.

    ``route`` is the route to market suggested already; what the form says when it is sent wins. Raises ``NotPermitted``
    or ``Blocked``.
    """
    verb = "request.open"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_for(commission, by=by, act="request.open", verb=verb)
        standing_one = live_requests(commission.pk).select_related("case_file").first()
        if standing_one is not None:
            return standing_one
        blockers = list(request_guards.open_request(standing_of(commission.pk), ""))
        if blockers:
            refuse(Blocked(blockers, "You cannot open a request yet."), verb=verb, subject=commission, by=by)
        case = commission.case_file
        own = open_case(
            kind="request",
            prefix="PRF",
            organisation=case.organisation,
            service_area=case.service_area,
            title=case.title,
            holder=by,
            state=RequestState.DRAFT,
            root=case,
            value_ex_vat=case.value_ex_vat,
            value_inc_vat=case.value_inc_vat,
        )
        paper = papers.begin(case, TEMPLATE, by=by, label=own.reference)
        made = ProcurementRequest.objects.create(
            case_file=own, commission=commission, paper=paper, opened_by=by, route=route
        )
        keep_right(own, path=made.get_absolute_url(), is_high_risk=case.is_high_risk)
        record(verb=verb, subject=made, to_state=made.state, changes={"route": route.name} if route else None)
        return made


def ask_budget(
    request: ProcurementRequest, *, holder: Person, by: Person, act_id: uuid.UUID | None = None
) -> WorkItem | None:
    """Ask a budget holder to approve the money. Raises ``Blocked`` for somebody who could not."""
    verb = "request.ask_budget"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(request.pk)):
        row = _locked(request, by=by, verb=verb)
        if not may(holder, "request.approve_budget", row):
            words = f"{holder.name} cannot approve this budget: it is over what they may decide, or they wrote it"
            _refused(Blocked([Blocker("holder", words, anchor="id_holder")]), verb, row, by)
        if not row.is_being_written:
            words = f"The budget is settled: this is {row.get_state_display().lower()}"
            _refused(Blocked([Blocker("state", words)]), verb, row, by)
        _close_budget(row, because=f"{holder.name} is asked instead")
        item = work_items.open_item(
            row.case_file,
            by=by,
            kind=BUDGET,
            key=BUDGET,
            title="Approve the budget of a procurement request",
            asks="approve",
            because=f"{row.case_file.reference} asks for {money(row.case_file.value_ex_vat)} excluding VAT",
            assignee=holder,
            path=row.get_absolute_url(),
        )
        record(verb=verb, subject=row, changes={"person_id": holder.pk})
        return item


def ask_help(request: ProcurementRequest, *, question: str, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Ask CCPS for help with a draft. It has a clock of its own; that of the request does not start."""
    verb = "request.ask_help"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(request.pk)):
        row = _locked(request, by=by, verb=verb)
        before = WorkItem.objects.filter(case_file=row.commission.case_file, kind="request_help").count()
        asking.fire(
            row.commission,
            "request_help_asked",
            by=by,
            ask=f"help:{row.pk}:{before + 1}",
            question=question,
            path=row.get_absolute_url(),
        )
        record(verb=verb, subject=row)


def _locked(request: ProcurementRequest, *, by: Person, verb: str) -> ProcurementRequest:
    row = (
        ProcurementRequest.objects.select_for_update(of=("self",))
        .select_related("case_file", "commission__case_file__organisation__framework", "route")
        .get(pk=request.pk)
    )
    if not may(by, "request.write", row):
        _refused(NotPermitted(door.who_words("request.write", row)), verb, row, by)
    return row


def _refused(refusal: Blocked | NotPermitted, verb: str, row: ProcurementRequest, by: Person) -> None:
    record_refusal(verb=verb, subject=row, by=by, words=refusal.words)
    raise refusal


# --- what follows each verb, in the same transaction -----------------------------------------------------------------


@effect_of(ProcurementRequest, "approve_budget")
@effect_of(ProcurementRequest, "approve_higher_budget")
@effect_of(ProcurementRequest, "refuse_budget")
def _budget_settled(request: ProcurementRequest, *, by: Actor, note: str, **_: Any) -> None:
    """The budget holder's task is done."""
    for item in WorkItem.objects.filter(case_file=request.case_file, kind=BUDGET, state__in=OUTSTANDING):
        said = Answer.CANNOT_AGREE if request.budget_refusal else Answer.AGREED
        actor = by if may(by, "work_item.work", item) else _following(request, "The budget was decided")
        door.carry_out(item, "respond", by=actor, answer=said, text=note, from_room=True)
    _keep(request)


@effect_of(ProcurementRequest, "submit")
def _submitted(request: ProcurementRequest, *, by: Actor, note: str, text: str = "", **_: Any) -> None:
    """The form is frozen. A question that waits is replied to, which starts a new week; otherwise CCPS is asked."""
    paper = request.paper
    if paper.is_draft:
        paper = door.carry_out(paper, "submit", by=by).subject
    request.revision_number = paper.revision_number
    said = form_answers(request, "route_suggested", "contract_terms")
    framework_id = request.case_file.organisation.framework_id
    request.route = route_named(framework_id, said.get("route_suggested")) or request.route
    request.has_special_terms = said.get("contract_terms") == "special"
    ask = ask_of(paper)
    request.wanted, request.dates_from, request.dates_to = ask.wanted, ask.first, ask.last
    item = request.item
    if item is not None and item.state == ItemState.WAITING:
        actor = by if may(by, "work_item.reply", item) else _following(request, "The request came back")
        door.carry_out(item, "reply", by=actor, text=text or "The form was changed.", from_room=True)
    else:
        opened = asking.fire(
            request.commission, "request_submitted", by=by, ask=request.ask_key, path=request.get_absolute_url()
        )
        request.item = next((found for found in opened if found.kind == ITEM), None)
        _mark_late(request)
        if request.item is None:
            words = "No rule sends a procurement request to a queue. Ask an administrator"
            raise Blocked([Blocker("rules", words)], "You cannot submit this yet.")
    copied = ("revision_number", "route", "has_special_terms", "wanted", "dates_from", "dates_to")
    request.save(update_fields=[*copied, "item"])
    _keep(request)


def _mark_late(request: ProcurementRequest) -> None:
    """Mark an ask that leaves CCPS less time than its tier needs. It is accepted all the same, and counted."""
    commission, item = request.commission, request.item
    figure = rules_of(rules_version_of(commission)).figures.get(f"{LEAD}{commission.band_key}")
    if item is None or figure is None or commission.needed_by is None:
        return
    if (commission.needed_by - clock.today()).days < int(figure.amount):
        item.is_late_ask = True
        item.save(update_fields=["is_late_ask"])


@effect_of(ProcurementRequest, "accept")
def _accepted(request: ProcurementRequest, *, by: Actor, note: str, **_: Any) -> None:
    """The item is answered, the requester told, and whoever the rules want in a tender is asked to join.

    Of what is sourced, the lead is the one who writes the sourcing strategy.
    """
    lead = request.lead.name if request.lead else ""
    said = f"{request.get_path_display()}, led by {lead}, by {day(request.target_on)}. {request.next_steps}"
    _answer(request, by, Answer.AGREED, said)
    _ask_legal(request, by)
    _name_lead(request, by)
    notifications.request_accepted(request, by)
    _keep(request)


@effect_of(ProcurementRequest, "change_path")
def _path_changed(request: ProcurementRequest, *, by: Actor, note: str, **_: Any) -> None:
    """Another path may bring Legal in."""
    _ask_legal(request, by)
    _name_lead(request, by)
    _keep(request)


@effect_of(ProcurementRequest, "ask")
def _asked(request: ProcurementRequest, *, by: Actor, note: str, text: str = "", **_: Any) -> None:
    """The clock stops, and the form opens with the question on it."""
    item = _item(request)
    door.carry_out(item, "ask", by=by, text=text, from_room=True)
    notifications.request_question(request, by, text)
    _reopen_form(request, because=f"CCPS asked for information on {request.case_file.reference}", note=text)
    _keep(request)


@effect_of(ProcurementRequest, "decline")
def _declined(request: ProcurementRequest, *, by: Actor, note: str, **_: Any) -> None:
    """The item is answered; the commission stays where it is."""
    _answer(request, by, Answer.CANNOT_AGREE, f"{note}\n\nNext steps: {request.next_steps}")
    notifications.request_declined(request, by)
    _keep(request)


@effect_of(ProcurementRequest, "revise")
def _revised(request: ProcurementRequest, *, by: Actor, note: str, **_: Any) -> None:
    """The form opens with the reason it was declined for."""
    _reopen_form(
        request, because=f"{request.case_file.reference} is revised", note=request.decline_reason or "Declined"
    )
    _keep(request)


@effect_of(ProcurementRequest, "withdraw")
def _withdrawn(request: ProcurementRequest, *, by: Actor, note: str, **_: Any) -> None:
    """Whatever was asked for its sake is no longer needed."""
    because = f"{request.case_file.reference} was withdrawn: {note}"
    asked = WorkItem.objects.filter(case_file=request.case_file, state__in=OUTSTANDING)
    if request.item_id:
        asked |= WorkItem.objects.filter(pk=request.item_id, state__in=OUTSTANDING)
    asked |= _legal_items(request).filter(state__in=OUTSTANDING)
    for item in asked:
        door.carry_out(item, "close", by=System(because=because), note=because)
    _keep(request)


def _answer(request: ProcurementRequest, by: Actor, answer: str, text: str) -> None:
    door.carry_out(_item(request), "respond", by=by, answer=answer, text=text, from_room=True)


def _item(request: ProcurementRequest) -> WorkItem:
    if request.item is None:
        raise ValueError("A submitted request has its item in the queue")  # submitting saw to it
    return request.item


def _ask_legal(request: ProcurementRequest, by: Actor) -> None:
    asking.fire(
        request.commission,
        "request_accepted",
        by=by,
        flags=request.flags,
        words=request.words_by(request.route),
        ask=request.ask_key,
        needed_by=request.legal_needed_by,
        urgent_reason=request.legal_urgent_reason,
        path=request.get_absolute_url(),
    )


def _name_lead(request: ProcurementRequest, by: Actor) -> None:
    if request.path == Path.SOURCING and request.lead is not None:
        before: int | None = request.commission.planned_lead  # type: ignore[attr-defined]
        sourcing.name_lead(request.commission, request.lead, by=by, before=before)


def _legal_items(request: ProcurementRequest) -> Any:
    return WorkItem.objects.filter(
        case_file_id=request.commission.case_file_id, kind=LEGAL_KIND, key__endswith=f":{request.ask_key}"
    )


def _reopen_form(request: ProcurementRequest, *, because: str, note: str) -> None:
    if not request.paper.is_draft:
        door.carry_out(request.paper, "reopen", by=System(because=because), note=note)


def _close_budget(request: ProcurementRequest, *, because: str) -> None:
    for item in WorkItem.objects.filter(case_file=request.case_file, kind=BUDGET, state__in=OUTSTANDING):
        door.carry_out(item, "close", by=System(because=because), note=because)


def _following(request: ProcurementRequest, because: str) -> System:
    return System(because=f"{because}: {request.case_file.reference}")


def _keep(request: ProcurementRequest) -> None:
    case = request.commission.case_file
    keep_right(
        request.case_file,
        state=request.state,
        is_open=request.state not in (*NOT_LIVE, RequestState.ACCEPTED),
        value_ex_vat=case.value_ex_vat,
        value_inc_vat=case.value_inc_vat,
        is_high_risk=case.is_high_risk,
    )
