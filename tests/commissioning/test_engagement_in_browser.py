"""Engagement, impact and public feedback in a browser: under axe, on a phone, and the form without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from commissioning.impact_sheets import IMPACT_EFFECTS
from commissioning.models import FeedbackChannel, PublicFeedback
from commissioning.services import feedback, outreach, sheets
from organisation.models import Person
from tests.accessibility import faults_of
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def looked_at(page: Page, address: str) -> None:
    """Open a page on a desk and on a phone."""
    page.goto(address)
    assert faults_of(page) == [], address
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate(SIDEWAYS), address
    page.set_viewport_size({"width": 1280, "height": 900})


def test_pages_of_engagement_impact_and_feedback_are_clean(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    steps.screened(commission, alder.priya, affects_people="yes")
    talk = make.engaged(commission, took_part=34)
    make.engaged(commission, group="suppliers", kind="soft_market_test", no_notice_reason="It was small.")
    found = outreach.pass_on(talk, words="Buses stop at six", area=alder.other_area, by=alder.priya)
    harm = {"area": "disability", "who": "New faces", "effect": "negative", "gap": "widens", "evidence": "The forum"}
    act = {"action": "Two visits together.", "owner": alder.sam, "due_on": date(2026, 10, 30)}
    sheets.save_row(commission, IMPACT_EFFECTS, harm | act, by=alder.priya)
    channel = FeedbackChannel.objects.create(organisation=alder.council)
    item = feedback.receive(channel, topic="service", words="The bus never comes.", name="Edna Hall")
    base = f"{live_server.url}/commissions/{commission.pk}"
    public = f"{live_server.url}/public/{alder.council.key}/feedback/"
    looked_at(page, public)
    looked_at(page, f"{public}thanks/")

    sign_in_browser(alder.priya)
    for path in (
        "/engagement/",
        "/engagement/none/plan/",
        f"/engagement/{talk.pk}/pass-on/",
        "/sheets/engagement/add/",
        "/sheets/communications/",
        "/sheets/impact_effects/add/",
        "/impact/",
    ):
        looked_at(page, base + path)
    for path in (f"/findings/{found.pk}/", "/engagement/", "/feedback/", item.get_absolute_url()):
        looked_at(page, live_server.url + path)


def test_anybody_sends_feedback_without_scripts(
    alder: Alder, browser: Any, live_server: Any, transactional_db: None
) -> None:
    FeedbackChannel.objects.create(organisation=alder.council)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/public/{alder.council.key}/feedback/")
    assert page.get_by_label("Leave this box empty").bounding_box()["x"] < 0

    page.get_by_role("button", name="Send your feedback").click()
    expect(page.get_by_text("Choose what it is about").first).to_be_visible()
    page.get_by_label("A service that the council buys").check()
    page.get_by_label("What do you want to tell us?").fill("The bus never comes.")
    page.get_by_role("button", name="Send your feedback").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert PublicFeedback.objects.get().words == "The bus never comes."
    context.close()
