"""Owners and dates, key documents, spend and the question of a duplicate: on a desk and on a phone, with axe."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from commissioning.services import reviews
from documents.models import Paper
from organisation import clock
from organisation.models import Person
from tests.accessibility import faults_of
from tests.commissioning import gates, steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def looked_at(page: Page, name: str) -> None:
    """Neither page scrolls sideways, and axe finds nothing."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        if shots := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
        assert not page.evaluate(SIDEWAYS), (name, width)
    assert faults_of(page) == [], name


def test_pages_are_usable_on_a_desk_and_on_a_phone(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    commission = steps.read(make.planned_as_suggested(steps.in_analyse(alder, value=640_000, title="Home care north")))
    gate = gates.begun(commission, 1, alder.priya)
    reviews.ask_review(
        commission,
        Paper.objects.get(pk=gate.paper_id),
        reviewer=alder.sam,
        asks="advise",
        needed_by=clock.today() + timedelta(days=9),
        question="Is the need shown?",
        by=alder.priya,
    )
    row = commission.activities.filter(state="relevant")[0]
    sign_in_browser(alder.priya)
    for name, path in {
        "owners": f"/commissions/{commission.pk}/owners/",
        "change-lead": f"/commissions/{commission.pk}/owners/{row.pk}/",
        "documents": f"/commissions/{commission.pk}/documents/",
        "ask-review": f"/commissions/{commission.pk}/documents/{gate.paper_id}/review/",
        "spend": "/spend/",
    }.items():
        page.goto(f"{live_server.url}{path}")
        looked_at(page, name)

    page.goto(f"{live_server.url}/commissions/new/")
    page.get_by_label("What is this commission called?").fill("Home care, rural")
    page.get_by_label("Which service area owns the need?").select_option(index=1)
    page.get_by_label("Estimated value, excluding VAT").fill("18000")
    page.get_by_label("Estimated value, including VAT").fill("18000")
    page.get_by_role("button", name="Register this commission").click()
    page.get_by_text("This may be there already.").wait_for()
    looked_at(page, "duplicate")
    page.get_by_label("None of these is the same need").check()
    page.get_by_label("Why?", exact=True).fill("It is another part of the county.")
    page.get_by_role("button", name="Register this commission").click()
    page.get_by_text("registered.").first.wait_for()
