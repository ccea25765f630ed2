"""What CCPS sources: the request in its queue, its lead, strategy and plan on one page, and what goes to Legal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import Deadline, OutboxMessage, WorkItem
from casework.services import proof, reminders
from commissioning.models import Commission, SourcingPlan
from commissioning.services import sheets
from commissioning.sheets import sheet_of
from documents.models import Paper
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from procurement.models import ProcurementRequest, RouteToMarket, SourcingStep, SourcingStrategy
from procurement.services import requests
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def on(field: str, day: date) -> dict[str, int]:
    return {f"{field}_0": day.day, f"{field}_1": day.month, f"{field}_2": day.year}


def page(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def draft(alder: Alder, value: int = 160_000, **fields: Any) -> ProcurementRequest:
    """A request on a commission in Plan, its budget approved."""
    fields = {"needed_by": date(2027, 9, 1)} | fields
    commission = steps.put_in(steps.in_analyse(alder, value=value, **fields), "plan")
    made = requests.open_request(commission, by=alder.priya)
    return door.carry_out(made, "approve_budget", by=alder.by_role[Role.BUDGET_HOLDER]).subject


def submitted(alder: Alder, value: int = 160_000, said: dict[str, Any] | None = None, **fields: Any) -> Any:
    """One in CCPS's queue."""
    made = draft(alder, value, **fields)
    steps.submit(made.paper, alder.priya, **(said or {}))
    made = ProcurementRequest.objects.get(pk=made.pk)
    return door.carry_out(made, "submit", by=alder.priya).subject


def accepted(request: ProcurementRequest, lewis: Person, **given: Any) -> ProcurementRequest:
    said = {"path": "sourcing", "effort_days": 20, "target_on": date(2027, 1, 29), "next_steps": "We meet on Friday."}
    return door.carry_out(request, "accept", by=lewis, lead=lewis, **said | given).subject


# --- The request in the queue -----------------------------------------------------------------------------------------


@pytest.mark.requirement("N-128")
def test_form_asks_what_is_wanted_and_the_dates_and_the_queue_shows_both(alder: Alder, sign_in: SignIn) -> None:
    made = draft(alder, 60_000, title="Screens", needed_by=date(2027, 3, 1))
    priya = sign_in(alder.priya)
    wanted = page(priya, f"/papers/{made.paper_id}/sections/help/")
    for words in ("What would you like CCPS to do?", "Obtain quotes", "Run a tender", "advice"):
        assert words.lower() in wanted.lower()
    assert "What are the main dates?" in page(priya, f"/papers/{made.paper_id}/sections/timing/")

    steps.submit(made.paper, alder.priya, help_wanted=["quotes", "advice"])
    door.carry_out(ProcurementRequest.objects.get(pk=made.pk), "submit", by=alder.priya)

    queue = page(sign_in(alder.by_role[Role.CCPS_OFFICER]), "/queues/ccps/?kind=procurement_request")
    row = queue.split("<tbody>")[1]
    for words in ("Quotes: Obtain quotes; ", "advice", "1 Mar 2027", "Main date 21 Sep 2026"):
        assert words.lower() in row.lower(), row


@pytest.mark.requirement("N-129")
def test_request_is_due_in_a_week_turns_amber_then_red_and_goes_to_the_manager(alder: Alder, sign_in: SignIn) -> None:
    later = submitted(alder, title="Later")
    WorkItem.objects.filter(pk=later.item_id).update(due_on=TODAY + timedelta(days=9))
    made = submitted(alder, title="Bus shelters")
    lewis, maria = alder.by_role[Role.CCPS_OFFICER], alder.maria
    assert "CCPS answers by 14 September 2026" in page(sign_in(alder.priya), made.get_absolute_url())

    def row() -> str:
        queue = page(sign_in(lewis), "/queues/ccps/?kind=procurement_request")
        assert queue.index("Bus shelters") < queue.index(">Later<"), "least time left first"
        return next(part for part in queue.split("<tr")[1:] if "Bus shelters" in part)

    seen = {}
    for days in (4, 5, 7, 8):
        clock.move_to(TODAY + timedelta(days=days))
        found = row()
        tone = next((tone for tone in ("soon", "overdue") if f"gh-clock--{tone}" in found), "calm")
        seen[days] = (tone, found.split("<strong>")[1].split("<")[0])
    assert seen == {
        4: ("calm", "3 of 7 calendar days left"),
        5: ("soon", "2 of 7 calendar days left"),
        7: ("soon", "Due today"),
        8: ("overdue", "1 calendar day overdue"),
    }

    OutboxMessage.objects.all().delete()
    reminders.sweep_now()
    told = OutboxMessage.objects.filter(person=maria).values_list("subject", "body")
    assert any("Bus shelters" in subject + body for subject, body in told), list(told)


@pytest.mark.requirement("N-130")
@pytest.mark.parametrize("verb", ["accept", "ask", "decline"])
def test_each_answer_has_next_steps_that_reach_the_commissioner(alder: Alder, sign_in: SignIn, verb: str) -> None:
    made, lewis = submitted(alder), alder.by_role[Role.CCPS_OFFICER]
    client, address = sign_in(lewis), f"/requests/{made.pk}/do/{verb}/"
    given = {
        "accept": {"lead": lewis.pk, "path": "sourcing", "effort_days": 20, **on("target_on", date(2027, 1, 29))},
        "ask": {"text": "How many sites?"},
        "decline": {"ground": "not_ready", "note": "The need is unclear."},
    }[verb]
    for label in ("Accept this request", "Ask for information", "Decline this request"):
        assert label in page(client, made.get_absolute_url())
    assert "Enter the next steps" in unescape(client.post(address, given).content.decode())

    done = client.post(address, given | {"next_steps": "We meet on Friday at ten."})

    assert done.status_code == 302, done.content.decode()
    words = "Next steps: We meet on Friday at ten."
    priya = sign_in(alder.priya)
    assert words in page(priya, f"/commissions/{made.commission_id}/")
    assert "We meet on Friday at ten." in page(priya, made.get_absolute_url())
    mail = OutboxMessage.objects.get(person=alder.priya, kind__startswith="request_")
    assert (words in mail.body, mail.case_id) == (True, made.case_file_id)
    assert not OutboxMessage.objects.filter(person=alder.priya, kind__in=["item_answered", "item_question"]).exists()


def test_duplicate_is_linked_with_a_reason_shown_on_both_and_undone(alder: Alder, sign_in: SignIn) -> None:
    first, second = submitted(alder, title="Screens"), submitted(alder, title="Displays")
    lewis, priya = sign_in(alder.by_role[Role.CCPS_OFFICER]), sign_in(alder.priya)
    address = f"/requests/{second.pk}/do/link_duplicate/"
    assert address in page(lewis, second.get_absolute_url())
    assert priya.post(address, {"same_as": first.case_file.reference, "note": "Same"}).status_code == 403
    for said, refusal in (
        ("PRF-1999-0001", "There is no request PRF-1999-0001"),
        (second.case_file.reference, "A request is no duplicate of itself"),
        ("", "Enter the reference of the other request"),
    ):
        reply = lewis.post(address, {"same_as": said, "note": "Same rooms"})
        assert refusal in unescape(reply.content.decode())
    assert "Enter the " in lewis.post(address, {"same_as": first.case_file.reference}).content.decode()

    lewis.post(address, {"same_as": first.case_file.reference.lower(), "note": "The same twelve rooms."})

    for one, other in ((first, second), (second, first)):
        shown = page(priya, one.get_absolute_url())
        assert f"/requests/{other.pk}/" in shown
        assert "The same twelve rooms." in shown
    back = lewis.post(
        f"/requests/{first.pk}/do/link_duplicate/", {"same_as": second.case_file.reference, "note": "Again"}
    )
    assert "is linked to this request already" in back.content.decode()
    assert ">Duplicate<" in page(lewis, "/queues/ccps/?kind=procurement_request")

    lewis.post(f"/requests/{second.pk}/do/unlink_duplicate/", {"note": "Other rooms after all."})
    assert "The same twelve rooms." not in page(priya, first.get_absolute_url()).split("History")[0]


# --- The strategy and its plan ----------------------------------------------------------------------------------------


@pytest.mark.requirement("N-033")
def test_ccps_leads_writes_the_strategy_and_plans_the_sourcing_on_one_page(alder: Alder, sign_in: SignIn) -> None:
    made, lewis = submitted(alder, 100_001), alder.by_role[Role.CCPS_OFFICER]
    client, priya = sign_in(lewis), sign_in(alder.priya)
    small = submitted(alder, 100_000, title="Small")
    queue = page(client, "/queues/ccps/?kind=procurement_request").split("<tr")
    asks = {n: next(r for r in queue if one.case_file.reference in r) for n, one in enumerate((made, small))}
    assert ("Sourcing: " in asks[0], "Sourcing: " in asks[1], "Quotes: " in asks[1]) == (True, False, True)
    accepted(made, lewis)
    address = f"/commissions/{made.commission_id}/sourcing/"
    assert address in page(client, made.get_absolute_url())
    assert SourcingPlan.objects.get().lead == lewis, "who leads the request leads the sourcing"

    client.post(address, {"lead": lewis.pk, **on("strategy_by", date(2026, 10, 30))})
    client.post(f"/commissions/{made.commission_id}/papers/sourcing_strategy/", follow=True)
    paper = Paper.objects.get(template_key="sourcing_strategy")
    add = f"/commissions/{made.commission_id}/sheets"
    route = RouteToMarket.objects.get(key="open_tender")
    client.post(f"{add}/sourcing_strategy/add/", {"route": route.pk, "lots": "Four, by area", "version": 0})
    late = {"what": "Publish", **on("starts_on", date(2026, 12, 2)), **on("ends_on", date(2026, 12, 1)), "version": 0}
    reply = client.post(f"{add}/sourcing_steps/add/", late)
    assert "The last day must be on or after the first" in reply.content.decode()
    client.post(f"{add}/sourcing_steps/add/", late | {"owner": lewis.pk, **on("starts_on", date(2026, 11, 2))})

    seen = page(priya, address)
    for words in ("Lewis Grant", "30 October 2026", "Read the sourcing strategy", "Open", "Four, by area", "Publish"):
        assert words in seen, words
    assert "sheets/sourcing_steps/add" not in seen, "the service reads it"
    assert priya.get(f"{add}/sourcing_steps/add/").status_code == 403
    assert Deadline.objects.get(kind="sourcing_strategy").done_at is None

    steps.submit(paper, lewis)

    assert Deadline.objects.get(kind="sourcing_strategy").done_at is not None
    assert proof.prove(mend=False, kinds=["sourcing_strategy"]) == []
    shown = page(priya, f"/papers/{paper.pk}/read/")
    assert "Four, by area" in shown.split('<th scope="row">Lots</th>')[1].split("</tr>")[0]
    assert "Publish" in shown
    door.carry_out(Paper.objects.get(pk=paper.pk), "reopen", by=lewis, note="Another lot")
    assert Deadline.objects.get(kind="sourcing_strategy").done_at is None


def strategy(commission: Commission, client: Client, row: SourcingStrategy | None = None, **said: Any) -> Any:
    last = f"{row.pk}/" if row else "add/"
    sent = said | {"version": row.version if row else 0}
    return client.post(f"/commissions/{commission.pk}/sheets/sourcing_strategy/{last}", sent)


@pytest.mark.requirement("N-036")
def test_special_terms_on_the_strategy_go_to_legal_with_that_reason(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder, value=160_000), "plan")
    lewis, hal = sign_in(alder.by_role[Role.CCPS_OFFICER]), sign_in(alder.by_role[Role.LEGAL])
    unsaid = strategy(commission, lewis, has_special_terms="on")
    assert "Say which special terms, and why" in unsaid.content.decode()
    strategy(commission, lewis)
    assert not WorkItem.objects.filter(queue__key="legal").exists(), "standard terms bring nobody in"
    row = SourcingStrategy.objects.get()

    strategy(commission, lewis, row, has_special_terms="on", special_terms="Step-in rights")

    item = WorkItem.objects.get(queue__key="legal")
    assert (item.kind, item.requested_by) == ("special_terms", alder.by_role[Role.CCPS_OFFICER])
    reason = "special terms and conditions: Step-in rights"
    assert reason.lower() in page(hal, "/queues/legal/").lower()
    assert reason.lower() in page(hal, f"/work/{item.pk}/").lower()
    row.refresh_from_db()
    strategy(commission, lewis, row, has_special_terms="on", special_terms="Step-in rights", lots="Two")
    assert WorkItem.objects.filter(queue__key="legal").count() == 1, "the same terms are asked about once"
    door.carry_out(item, "respond", by=alder.by_role[Role.LEGAL], answer="agreed", text="They hold.")
    row.refresh_from_db()
    strategy(commission, lewis, row, has_special_terms="on", special_terms="Uncapped indemnity")
    assert WorkItem.objects.filter(queue__key="legal").count() == 2, "other terms are another question"


@pytest.mark.requirement("N-037")
def test_route_flagged_in_the_admin_goes_to_legal_by_name(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder, value=160_000), "plan")
    lewis = sign_in(alder.by_role[Role.CCPS_OFFICER])
    auction = RouteToMarket.objects.get(key="open_tender")
    strategy(commission, lewis, route=auction.pk)
    assert not WorkItem.objects.filter(queue__key="legal").exists()
    row = SourcingStrategy.objects.get()
    strategy(commission, lewis, row)
    admin = sign_in(alder.by_role[Role.ADMINISTRATOR])
    address = f"/admin/procurement/routetomarket/{auction.pk}/change/"
    form = admin.get(address).context["adminform"].form
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    assert admin.post(address, sent | {"is_unusual": "on"}).status_code == 302
    row.refresh_from_db()

    strategy(commission, lewis, row, route=auction.pk)

    item = WorkItem.objects.get(queue__key="legal")
    words = f"route the council rarely uses: {auction.name}"
    assert item.kind == "unusual_route"
    hal = sign_in(alder.by_role[Role.LEGAL])
    assert words in page(hal, "/queues/legal/")
    assert words in page(sign_in(alder.priya), commission.get_absolute_url())


def test_agreed_route_that_is_rare_goes_to_legal_once_and_not_where_the_request_did(alder: Alder) -> None:
    RouteToMarket.objects.filter(key="open_tender").update(is_unusual=True)
    route = RouteToMarket.objects.get(key="open_tender")
    commission = steps.put_in(steps.in_analyse(alder, value=160_000), "plan")
    candidates, choice = sheet_of("candidate_routes"), sheet_of("route_choice")
    assert candidates
    assert choice
    make.planned_as_suggested(commission)
    could = sheets.save_row(commission, candidates, {"route": route, "reasons_for": "Fast"}, by=alder.priya)
    agreed = {"requirements": "clear", "agreed": could, "agreed_on": TODAY, "participants": "All", "fairness": "Open"}
    sheets.save_row(commission, choice, agreed, by=alder.priya)
    assert WorkItem.objects.filter(queue__key="legal", kind="unusual_route").count() == 1

    made, lewis = submitted(alder), alder.by_role[Role.CCPS_OFFICER]
    accepted(made, lewis, route=route, legal_needed_by=TODAY + timedelta(days=40))
    joins = WorkItem.objects.get(kind="tender_involvement")
    assert f"a route the council rarely uses: {route.name}" in joins.because
    strategy_sheet = sheet_of("sourcing_strategy")
    assert strategy_sheet
    sheets.save_row(made.commission, strategy_sheet, {"route": route}, by=lewis)
    assert not WorkItem.objects.filter(case_file=made.commission.case_file, kind="unusual_route").exists()


def test_pages_cost_the_same_for_one_step_and_for_many(alder: Alder, sign_in: SignIn, queries_of: Any) -> None:
    commission = steps.put_in(steps.in_analyse(alder, value=160_000), "plan")
    client, address = sign_in(alder.by_role[Role.CCPS_OFFICER]), f"/commissions/{commission.pk}/sourcing/"

    def steps_made(count: int) -> None:
        for n in range(count):
            SourcingStep.objects.create(commission=commission, what=f"Step {n}", ends_on=TODAY)

    steps_made(1)
    client.get(address)
    few = queries_of(lambda: client.get(address))
    steps_made(10)

    assert len(queries_of(lambda: client.get(address))) == len(few)
    assert len(few) <= 12, few
