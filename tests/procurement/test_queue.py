"""The CCPS and Legal queues with requests in them: columns, sorting, what a row leads to, what comes next."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import WorkItem
from commissioning.selectors.gates import gates_of
from organisation import clock
from tests.factories import procurement as buying
from tests.factories import requests as make
from tests.procurement.filling import fill, words_of

pytestmark = pytest.mark.django_db


def titles(page: str) -> list[str]:
    """The titles of the rows, in their order."""
    return [part.split("</a>")[0] for part in page.split("data-open>")[1:]]


def test_the_queue_shows_the_request_its_route_and_when_it_is_needed(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    needed_by = clock.today() + timedelta(days=90)
    commission = buying.commission(where, state="plan", amount="60000", title="Screens", needed_by=needed_by)
    request = make.submitted(
        where, make.funded(where, make.draft(where, commission), route_suggested="quotation", contract_terms="special")
    )
    client.force_login(ccps.lewis)

    page = words_of(client.get("/queues/ccps/?view=unassigned"))

    for shown in ("Route suggested", request.case_file.reference, "Special terms", f"{needed_by:%-d %b %Y}"):
        assert shown in page
    assert f'href="/requests/{request.pk}/?view=unassigned&queue=ccps"' in page
    assert 'data-verbs="accept ask decline"' in page


def test_the_heads_of_the_table_sort_it_by_the_address(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    for title, amount in (("Boilers", "90000"), ("Atlases", "60000"), ("Chairs", "30000")):
        commission = buying.commission(where, state="plan", amount=amount, title=title)
        make.submitted(where, commission=commission)
    client.force_login(ccps.lewis)

    assert titles(words_of(client.get("/queues/ccps/?sort=request"))) == ["Atlases", "Boilers", "Chairs"]
    page = words_of(client.get("/queues/ccps/?sort=-value"))
    assert titles(page) == ["Boilers", "Atlases", "Chairs"]
    assert 'aria-sort="descending"><a href="/queues/ccps/?sort=value">Value, excl. VAT</a>' in page
    assert client.get("/queues/ccps/?sort=nothing").status_code == 200
    for cursor in ("1_x", "NaN_1", "boiler_1", "_1", "99999999999999999999_1"):
        assert client.get("/queues/ccps/", {"sort": "-value", "after": cursor}).status_code in (200, 404)


def test_after_an_answer_comes_the_next_in_the_sorted_list_with_a_way_back(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    made = {}
    for title in ("Boilers", "Atlases", "Chairs"):
        made[title] = make.submitted(
            where, commission=buying.commission(where, state="plan", amount="60000", title=title)
        )
    client.force_login(ccps.lewis)
    list_query = "?view=unassigned&sort=request&queue=ccps"
    first = client.get(f"/requests/{made['Atlases'].pk}/{list_query}")
    assert first.context["next_url"] == f"/work/{made['Boilers'].item_id}/{list_query}"

    reply = fill(
        client, f"/requests/{made['Atlases'].pk}/do/ask/{list_query}", text="How many?", next_steps="Send it back."
    )

    page = client.get(reply.url, follow=True)
    assert page.context["subject"] == made["Boilers"]
    assert f"Look back at {made['Atlases'].case_file.reference}" in words_of(page)
    colleague = Client()
    colleague.force_login(ccps.dan)
    assert "Lewis Grant opened this just now" in words_of(colleague.get("/queues/ccps/"))


@pytest.mark.requirement("N-035")
def test_legal_sees_what_is_wanted_and_what_it_holds_up(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    request = make.submitted(where, amount="640000")
    make.accepted(where, ccps.lewis, request, legal_needed_by=clock.today() + timedelta(days=40))
    client.force_login(ccps.hal)

    page = words_of(client.get("/queues/legal/"))

    for shown in ("Advice wanted", "On what", "Asked by", "Holds up", "Publishing the tender"):
        assert shown in page
    item = WorkItem.objects.get(kind="tender_involvement")
    detail = words_of(client.get(f"/work/{item.pk}/"))
    for shown in ("Legal joins the tender", "version 1", "£640,000 is over £500,000", "Sent when: request accepted."):
        assert shown in detail


def test_a_settled_request_says_accepted_or_declined(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    make.accepted(where, ccps.lewis, make.submitted(where))
    said = {"note": "Not ready", "ground": "not_ready", "next_steps": "Revise it"}
    door.carry_out(make.submitted(where), "decline", by=ccps.lewis, **said)
    client.force_login(ccps.lewis)

    page = words_of(client.get("/queues/ccps/?view=settled"))

    assert ">Accepted<" in page
    assert ">Declined<" in page


def test_the_strip_of_gates_tells_how_the_request_stands(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    request = make.submitted(where)
    assert gates_of(request.commission)[2].state_words == "With CCPS"
    make.accepted(where, ccps.lewis, request)

    line = gates_of(make.read(request).commission)[2]

    assert (line.state_words, line.is_settled, line.url) == ("Accepted", True, f"/requests/{request.pk}/")
    client.force_login(where.priya)
    panel = words_of(client.get(f"/commissions/{request.commission_id}/"))
    assert f"Request {request.case_file.reference}" in panel
    assert "Quotation, led by Lewis Grant" in panel


def test_fifty_rows_keep_to_their_weight(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    """performance.md: 50 rows in 45 KB; here each with all that a row can say, and a filter in its address."""
    needed_by = clock.today() + timedelta(days=90)
    commission = buying.commission(
        where, state="plan", amount="160000", title="Replacement screens", needed_by=needed_by
    )
    request = make.submitted(
        where, make.funded(where, make.draft(where, commission), route_suggested="quotation", contract_terms="special")
    )
    given = {"wanted": "Run a tender; Advise on the specification", "dates_from": needed_by, "dates_to": needed_by}
    type(request).objects.filter(pk=request.pk).update(**given)
    client.force_login(ccps.lewis)
    page = client.get("/queues/ccps/?view=unassigned").content.decode()
    row = page[page.index("<tr data-row") : page.index("</tbody>")]

    plain = row.replace("<i>Sourcing: Run a tender; Advise on the specification</i>", "")

    assert plain != row
    assert len(page) - len(row) + 50 * len(plain) <= 50_000, len(plain)
    assert len(page) - len(row) + 25 * len(row) <= 35_000, len(row)
