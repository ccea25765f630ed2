"""The procurement request: its budget, its week in CCPS's queue, and CCPS's three answers (framework 6.2, 22.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.lifecycle import blockers_of, load_dossier
from casework.models import WorkItem
from casework.refusals import AlreadyDone, Blocked, NotPermitted
from casework.selectors.queues import QueueFilter, QueueList, queues_for
from commissioning.models import Commission
from organisation import clock
from procurement.models import ProcurementRequest
from procurement.selectors.requests import accepted
from procurement.services import requests
from tests.factories import organisation as people
from tests.factories import requests as make
from tests.factories.commissioning import decided_delivery
from tests.procurement.filling import fill, words_of

Queries = Callable[[Callable[[], Any]], list[str]]


def words_in(refusal: Any) -> list[str]:
    return [blocker.words for blocker in refusal.value.blockers]


def to_secure(commission: Commission) -> list[str]:
    """What the request says against leaving Plan."""
    rules = door.rules_of(Commission, "to_secure")
    every = blockers_of(commission, rules, load_dossier(commission), {})
    return [blocker.words for blocker in every if blocker.key == "request"]


# --- The budget -------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-127")
@pytest.mark.django_db
def test_a_request_is_sent_only_with_its_budget_and_a_whole_form(where: Any, ccps: SimpleNamespace) -> None:
    request = make.draft(where)

    with pytest.raises(Blocked) as refusal:
        door.carry_out(request, "submit", by=where.priya)

    assert words_in(refusal) == ["Budget holder’s approval: not given", "Need: What do you need?: not answered"]


@pytest.mark.django_db
def test_the_budget_is_with_the_commissioner_until_a_budget_holder_is_asked(where: Any, ccps: SimpleNamespace) -> None:
    request = make.answered(make.draft(where), where.priya)
    rules = door.rules_of(type(request), "submit")

    def budget_is_with() -> list[str]:
        row = make.read(request)
        found = blockers_of(row, rules, load_dossier(row), {})
        return [blocker.waits_for for blocker in found if blocker.key == "budget"]

    assert budget_is_with() == [where.priya.name]
    requests.ask_budget(make.read(request), holder=where.ann, by=where.priya)
    assert budget_is_with() == [where.ann.name]


@pytest.mark.django_db
def test_a_budget_holder_says_no_with_a_reason_that_stands_in_the_way(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.answered(make.draft(where), where.priya)
    client.force_login(where.ann)

    fill(client, f"/requests/{request.pk}/do/refuse_budget/", note="The budget is spent.")

    with pytest.raises(Blocked) as refusal:
        door.carry_out(make.read(request), "submit", by=where.priya)
    assert words_in(refusal) == ["Ann Doyle refused the budget: The budget is spent."]
    client.force_login(where.priya)
    page = words_of(client.get(f"/requests/{request.pk}/"))
    assert "Ann Doyle refused the budget: The budget is spent." in page
    assert f'href="/requests/{request.pk}/budget/"' in page
    assert "Submit the request to CCPS" not in page
    assert not WorkItem.objects.filter(kind="procurement_request").exists()


@pytest.mark.django_db
def test_the_budget_is_approved_by_somebody_else_within_their_limit(where: Any, ccps: SimpleNamespace) -> None:
    request = make.answered(make.draft(where), where.priya)
    people.membership(where.priya, "budget_holder", where.organisation, where.area)
    with pytest.raises(NotPermitted):
        door.carry_out(request, "approve_budget", by=where.priya)
    people.authorised("procure", 50_000, person_=where.ann)
    with pytest.raises(NotPermitted):
        door.carry_out(request, "approve_budget", by=where.ann)
    people.authorised("procure", 60_000, person_=where.ann)

    door.carry_out(request, "approve_budget", by=where.ann)

    assert make.read(request).budget_ex_vat == 60_000


@pytest.mark.django_db
def test_a_value_that_outgrows_the_budget_needs_it_approved_again(where: Any, ccps: SimpleNamespace) -> None:
    request = make.funded(where)
    type(request.case_file).objects.filter(pk=request.commission.case_file_id).update(value_ex_vat=70_000)

    with pytest.raises(Blocked) as refusal:
        door.carry_out(request, "submit", by=where.priya)

    assert words_in(refusal) == [
        "The budget was approved for £60,000 and the value is £70,000 now: ask the budget holder again"
    ]
    door.carry_out(request, "approve_higher_budget", by=where.ann)
    assert make.submitted(where, request).state == "submitted"


@pytest.mark.requirement("N-127")
@pytest.mark.django_db
def test_a_budget_holder_is_asked_and_finds_the_request_from_the_task(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.draft(where)
    client.force_login(where.priya)
    fill(client, f"/requests/{request.pk}/budget/", holder=where.ann)
    task = WorkItem.objects.get(kind="budget_approval")
    assert task.assignee == where.ann

    client.force_login(where.ann)
    assert client.get(f"/work/{task.pk}/").url == f"/requests/{request.pk}/"
    fill(client, f"/requests/{request.pk}/do/approve_budget/")

    assert WorkItem.objects.get(pk=task.pk).state == "answered"


# --- The week in the queue --------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-032")
@pytest.mark.django_db
def test_a_submitted_request_has_seven_calendar_days(where: Any, ccps: SimpleNamespace) -> None:
    clock.move_to(date(2026, 7, 6))

    request = make.submitted(where)

    assert (request.state, request.revision_number) == ("submitted", 1)
    assert (request.item.queue.key, request.item.kind, request.item.asks) == ("ccps", "procurement_request", "quote")
    assert request.item.due_on == date(2026, 7, 13)
    assert request.case_file.reference.startswith("PRF-2026-")


@pytest.mark.requirement("N-132")
@pytest.mark.django_db
def test_help_with_a_draft_does_not_start_the_week(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    clock.move_to(date(2026, 7, 6))
    request = make.draft(where)
    client.force_login(where.priya)

    fill(client, f"/requests/{request.pk}/help/", question="Which terms fit?")

    item = WorkItem.objects.get(kind="request_help")
    assert (item.queue.key, item.due_on, item.question) == ("ccps", date(2026, 7, 13), "Which terms fit?")
    assert make.read(request).state == "draft"


@pytest.mark.django_db
def test_more_information_stops_the_clock_and_coming_back_starts_a_new_week(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    clock.move_to(date(2026, 7, 6))
    request = make.submitted(where)
    clock.move_to(date(2026, 7, 9))
    client.force_login(ccps.lewis)
    fill(client, f"/requests/{request.pk}/do/ask/", text="How many rooms?", next_steps="Send it back.")
    asked = make.read(request)
    assert (asked.state, asked.item.state, asked.item.due_on) == ("more_information", "waiting", None)
    assert asked.item.paused_since == date(2026, 7, 9)
    assert asked.paper.is_draft

    clock.move_to(date(2026, 7, 20))
    client.force_login(where.priya)
    assert "How many rooms?" in words_of(client.get(f"/requests/{request.pk}/"))
    make.answered(asked, where.priya, contract_terms="standard")
    fill(client, f"/requests/{request.pk}/do/submit/", text="12 rooms.")

    back = make.read(request)
    assert (back.state, back.revision_number, back.asks) == ("submitted", 2, 1)
    assert (back.item_id, back.item.state, back.item.due_on) == (request.item_id, "assigned", date(2026, 7, 27))


@pytest.mark.django_db
def test_an_unanswered_request_is_counted_late_and_never_taken_for_accepted(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    clock.move_to(date(2026, 7, 6))
    request = make.submitted(where)
    clock.move_to(date(2026, 7, 14))
    queue = next(queue for queue in queues_for(ccps.lewis) if queue.key == "ccps")

    assert QueueList(queue, ccps.lewis, QueueFilter()).counts().by_view["overdue"] == 1
    client.force_login(ccps.lewis)
    assert "1 calendar day overdue" in words_of(client.get("/queues/ccps/?view=overdue"))
    reference = request.case_file.reference
    assert to_secure(request.commission) == [f"Procurement request {reference}: with CCPS, not accepted"]
    assert not ProcurementRequest.objects.filter(accepted()).exists()


# --- CCPS's answers ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_accepting_names_the_lead_and_the_path_and_answers_the_item(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.submitted(where)
    client.force_login(ccps.dan)

    fill(client, f"/requests/{request.pk}/do/accept/", **make.accepting(ccps.lewis))

    found = make.read(request)
    assert (found.state, found.lead, found.path, found.effort_days) == ("accepted", ccps.lewis, "quotation", 6)
    assert (found.item.state, found.item.answer) == ("answered", "agreed")
    assert not WorkItem.objects.filter(kind="tender_involvement").exists()
    assert to_secure(found.commission) == []
    client.force_login(where.priya)
    assert "Lewis Grant, CCPS" in words_of(client.get(f"/requests/{request.pk}/"))


@pytest.mark.django_db
def test_nobody_outside_ccps_accepts_or_leads(where: Any, ccps: SimpleNamespace) -> None:
    request = make.submitted(where)

    with pytest.raises(NotPermitted):
        door.carry_out(request, "accept", by=where.priya, **make.accepting(ccps.lewis))
    with pytest.raises(Blocked) as refusal:
        door.carry_out(request, "accept", by=ccps.lewis, **make.accepting(where.tom))
    assert words_in(refusal) == ["Tom Hesketh does not work for CCPS, so cannot lead this"]


@pytest.mark.requirement("N-038")
@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_refused", "warning"), [(9, True, ""), (16, False, "16 days"), (63, False, "")])
def test_legal_has_its_time_or_the_acceptance_is_refused(
    where: Any, ccps: SimpleNamespace, days: int, is_refused: bool, warning: str, client: Client
) -> None:
    request = make.submitted(where, amount="640000")
    needed_by = clock.today() + timedelta(days=days)
    client.force_login(ccps.lewis)

    reply = fill(
        client,
        f"/requests/{request.pk}/do/accept/",
        **make.accepting(ccps.lewis, path="sourcing", legal_needed_by=needed_by),
    )

    if is_refused:
        assert reply.status_code == 409
        assert "Legal needs at least 14 days" in words_of(reply)
        assert make.read(request).state == "submitted"
        return
    item = WorkItem.objects.get(kind="tender_involvement")
    assert (item.queue.key, item.needed_by) == ("legal", needed_by)
    said = words_of(client.get(reply.url))
    assert (warning in said) if warning else ("comfortable" not in said)
    client.force_login(ccps.hal)
    assert ("16 days before it is needed" in words_of(client.get(f"/work/{item.pk}/"))) is bool(warning)


@pytest.mark.requirement("N-038")
@pytest.mark.django_db
def test_an_urgent_reason_lets_legal_be_asked_late_and_is_shown_to_it(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.submitted(where, amount="640000")
    soon = clock.today() + timedelta(days=9)

    door.carry_out(
        request,
        "accept",
        by=ccps.lewis,
        **make.accepting(ccps.lewis, legal_needed_by=soon, urgent_reason="The provider is closing."),
    )

    item = WorkItem.objects.get(kind="tender_involvement")
    client.force_login(ccps.hal)
    page = words_of(client.get(f"/work/{item.pk}/"))
    assert "urgent: asked 9 days before it is needed" in page.lower()
    assert "The provider is closing." in page


@pytest.mark.django_db
@pytest.mark.parametrize("said", [{"route_suggested": "direct_award"}, {"contract_terms": "special"}])
def test_an_unusual_route_or_special_terms_bring_legal_in(
    where: Any, ccps: SimpleNamespace, said: dict[str, str]
) -> None:
    request = make.submitted(where, make.funded(where, **said))

    with pytest.raises(Blocked) as refusal:
        door.carry_out(request, "accept", by=ccps.lewis, **make.accepting(ccps.lewis))
    assert "say by when you need its draft" in words_in(refusal)[0]

    later = clock.today() + timedelta(days=24)
    make.accepted(where, ccps.lewis, request, legal_needed_by=later)
    assert WorkItem.objects.get(kind="tender_involvement").needed_by == later


@pytest.mark.django_db
def test_a_request_does_not_stay_with_ccps_when_nothing_is_bought_any_more(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.submitted(where)
    reference = request.case_file.reference
    decided_delivery(request.commission, "in_house")
    commission = make.read(request).commission

    words = f"Procurement request {reference}: still open, and the delivery decision buys nothing. Withdraw it"
    assert to_secure(commission) == [words]

    client.force_login(where.priya)
    fill(client, f"/requests/{request.pk}/do/withdraw/", note="Our own team does it.")

    assert make.read(request).item.state == "closed"
    assert to_secure(commission) == []


@pytest.mark.django_db
def test_a_declined_request_keeps_the_commission_in_plan_and_can_be_revised_as_a_new_ask(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.submitted(where)
    client.force_login(ccps.lewis)
    url = f"/requests/{request.pk}/do/decline/"
    missing = fill(client, url, ground="not_ready", note="The need is unclear.")
    assert "Enter the next steps" in words_of(missing)

    fill(client, url, ground="not_ready", note="The need is unclear.", next_steps="Talk to Facilities.")

    found = make.read(request)
    assert (found.state, found.lead, found.commission.state) == ("declined", None, "plan")
    assert (found.item.state, found.item.answer) == ("answered", "cannot_agree")
    words = f"Procurement request {found.case_file.reference}: declined, not revised"
    assert to_secure(found.commission) == [words]
    client.force_login(where.priya)
    assert "Talk to Facilities." in words_of(client.get(f"/requests/{request.pk}/"))

    door.carry_out(found, "revise", by=where.priya)
    make.answered(found, where.priya)
    door.carry_out(make.read(found), "approve_budget", by=where.ann)
    again = make.submitted(where, make.read(found))
    assert (again.state, again.asks, again.revision_number) == ("submitted", 2, 2)
    assert again.item_id != request.item_id


@pytest.mark.django_db
def test_the_item_itself_is_not_answered_but_leads_to_the_request(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.submitted(where)
    client.force_login(ccps.lewis)

    shown = client.get(f"/work/{request.item_id}/?queue=ccps&view=unassigned")
    refused = words_of(client.get(f"/work/{request.item_id}/do/respond/"))

    assert shown.url == f"/requests/{request.pk}/?view=unassigned&queue=ccps"
    assert "Answer a procurement request on its own page" in refused
    for verb, given in (("respond", {"answer": "done"}), ("ask", {"text": "Why?"})):
        with pytest.raises(Blocked):
            door.carry_out(request.item, verb, by=ccps.lewis, **given)
    assert make.read(request).item.state == "open"


@pytest.mark.django_db
def test_one_request_is_live_at_a_time_and_a_withdrawn_one_leaves_the_queue(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.submitted(where)
    assert requests.open_request(request.commission, by=where.priya) == request
    client.force_login(where.priya)

    fill(client, f"/requests/{request.pk}/do/withdraw/", note="We deliver it ourselves.")

    found = make.read(request)
    assert (found.state, found.item.state) == ("withdrawn", "closed")
    assert requests.open_request(request.commission, by=where.priya) != request


@pytest.mark.django_db
def test_a_stopped_commission_takes_its_request_out_of_the_queue(where: Any, ccps: SimpleNamespace) -> None:
    request = make.submitted(where)

    door.carry_out(request.commission, "stop", by=where.tom, note="No money.")

    assert ProcurementRequest.objects.get(pk=request.pk).state == "withdrawn"
    assert not WorkItem.objects.outstanding().exists()


@pytest.mark.django_db
def test_the_form_stands_while_ccps_reads_it(where: Any, ccps: SimpleNamespace) -> None:
    request = make.submitted(where)

    with pytest.raises(Blocked) as refusal:
        door.carry_out(request.paper, "reopen", by=where.priya, note="A typing error")

    assert "so its form stands" in words_in(refusal)[0]


@pytest.mark.django_db
def test_a_second_officer_is_told_who_accepted(where: Any, ccps: SimpleNamespace) -> None:
    request = make.submitted(where)
    make.accepted(where, ccps.lewis, request)

    with pytest.raises(AlreadyDone, match="Lewis Grant did this"):
        door.carry_out(request, "accept", by=ccps.dan, **make.accepting(ccps.dan))


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_pages_and_acceptance_keep_to_their_budgets(
    where: Any, ccps: SimpleNamespace, client: Client, queries_of: Queries
) -> None:
    draft = make.draft(where)
    client.force_login(where.priya)
    client.get(f"/requests/{draft.pk}/")
    assert len(queries_of(lambda: client.get(f"/requests/{draft.pk}/"))) <= 8
    request = make.submitted(where, amount="640000")
    client.force_login(ccps.lewis)
    url = f"/requests/{request.pk}/"
    client.get(url + "?queue=ccps")
    assert len(queries_of(lambda: client.get(url + "?queue=ccps"))) <= 8
    given = make.accepting(ccps.lewis, path="sourcing", legal_needed_by=clock.today() + timedelta(days=30))
    row = make.read(request)

    found = queries_of(lambda: door.carry_out(row, "accept", by=ccps.lewis, **given))
    assert len(found) <= 20, "\n".join(q[:170] for q in found)
    client.force_login(where.priya)
    assert len(queries_of(lambda: client.get(url))) <= 8
