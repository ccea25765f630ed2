"""Planning ahead in a browser: hints while typing, the timeline, the forward plan; under axe and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from commissioning.models import PublicPipeline
from organisation.models import Person
from tests.accessibility import faults_of
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_pages_of_planning_are_clean_and_fit_a_phone(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    made = steps.in_analyse(alder, value=640_000, needed_by=date(2027, 6, 1), title="Meals at home")
    make.registered_commission(
        alder.priya, service_area=alder.area, title="Bus shelters", needed_by=date(2027, 1, 4),
        further={"shown_to": "public"},
    )  # fmt: skip
    PublicPipeline.objects.create(organisation=alder.council, is_published=True, mailbox="tenders@alder.example")
    sign_in_browser(alder.priya)
    for path in (
        f"/commissions/{made.pk}/",
        f"/commissions/{made.pk}/timeline/",
        f"/commissions/{made.pk}/timeline/?by=lane",
        f"/commissions/{made.pk}/sourcing/",
        "/commissions/new/",
        "/commissions/import/",
        "/commissions/forward/",
        "/commissions/upcoming/",
        f"/pipeline/{alder.council.key}/",
    ):
        page.goto(live_server.url + path)
        assert faults_of(page) == [], path
        page.set_viewport_size({"width": 390, "height": 800})
        assert not page.evaluate(SIDEWAYS), path
        page.set_viewport_size({"width": 1280, "height": 900})

    page.goto(f"{live_server.url}/commissions/new/")
    page.get_by_label("What is this commission called?").press_sequentially("Meals at home for all")
    expect(page.get_by_text("Is it one of these?")).to_be_visible()
    assert faults_of(page) == []
