"""CCPS has the whole request before it on one page, comments without writing, and can have the commission held."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework import door
from commissioning.models import Commission
from documents.models import Answer
from organisation import clock
from procurement.panels import promised_days
from tests.factories import requests as make
from tests.procurement.filling import fill


@pytest.mark.django_db
def test_triage_shows_the_whole_form_on_one_page(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    draft = make.draft(where)
    client.force_login(ccps.lewis)
    assert "What it says" not in client.get(draft.get_absolute_url()).content.decode()
    request = make.submitted(where, make.funded(where, draft, route_suggested="open_tender"))

    page = client.get(request.get_absolute_url()).content.decode()

    for words in ("What it says", "Screens for 12 rooms", "Which route?", "CCPS had no early notice of this", "Tier:"):
        assert words in page, words


@pytest.mark.requirement("N-131")
@pytest.mark.django_db
def test_ccps_comments_on_the_form_and_never_writes_it(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    request = make.submitted(where)
    client.force_login(ccps.lewis)
    paper = request.paper_id

    said = client.post(f"/papers/{paper}/comments/need/", {"words": "Which rooms?"}, follow=True)
    assert "Which rooms?" in said.content.decode()
    before = list(Answer.objects.filter(paper=paper).values_list("question_key", "value"))
    assert client.post(f"/papers/{paper}/sections/need/", {"q_overview": "Changed"}).status_code == 403
    assert client.get(f"/commissions/{request.commission_id}/requests/new/").status_code in (302, 403)
    assert list(Answer.objects.filter(paper=paper).values_list("question_key", "value")) == before


@pytest.mark.requirement("N-136")
@pytest.mark.django_db
def test_ccps_holds_the_commission_from_the_request(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    request = make.submitted(where)
    address = f"/commissions/{request.commission_id}/do/hold/"
    client.force_login(ccps.lewis)
    assert address not in client.get(request.get_absolute_url()).content.decode()
    client.force_login(ccps.maria)
    assert address in client.get(request.get_absolute_url()).content.decode()

    fill(client, address, note="Steps are missing.", resume_needs="Sign off the specification. Ask Finance.")

    assert Commission.objects.get(pk=request.commission_id).state == "on_hold"
    client.force_login(where.priya)
    shown = client.get(f"/commissions/{request.commission_id}/").content.decode()
    assert "Sign off the specification. Ask Finance." in shown


@pytest.mark.django_db
def test_panel_sees_the_days_that_ccps_promised(where: Any, ccps: SimpleNamespace) -> None:
    request = make.accepted(where, ccps.lewis, effort_days=25)

    assert promised_days([request.commission_id, 0]) == {request.commission_id: 25}


@pytest.mark.requirement("N-137")
@pytest.mark.django_db
def test_queue_is_filtered_by_band_area_officer_and_due_date(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    clock.move_to(date(2026, 7, 6))
    small = make.submitted(where, amount="60000")
    clock.move_to(date(2026, 7, 10))
    large = make.submitted(where, amount="640000")
    door.carry_out(large.item, "assign", by=ccps.maria, assignee=ccps.dan)
    client.force_login(ccps.maria)

    def shown(query: str) -> list[str]:
        page = client.get(f"/queues/ccps/?{query}").content.decode()
        return [made.case_file.reference for made in (small, large) if made.case_file.reference in page]

    first, second = small.case_file.reference, large.case_file.reference
    assert shown("") == [first, second]
    assert shown("value=quotation") == [first]
    assert shown(f"area={where.area.pk}") == [first, second]
    assert shown("area=999999") == []
    assert shown(f"officer={ccps.dan.pk}") == [second]
    assert shown("due=7") == [first, second]
    clock.move_to(date(2026, 7, 14))
    assert shown("due=overdue") == [first]
    page = client.get("/queues/ccps/").content.decode()
    assert "Dan Pryce" in page
    assert where.area.name in page
    whole = client.get(large.get_absolute_url()).content.decode()
    for words in ("What it says", "Screens for 12 rooms", "Tier:", "CCPS had no early notice of this"):
        assert words in whole, words
