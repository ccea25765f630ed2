"""A gate decided in a browser: under axe, and on a phone without sideways scroll."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from organisation.models import Person
from organisation.roles import Role
from tests.accessibility import faults_of
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_pages_of_a_gate_are_clean_and_a_phone_decides(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    walk.approved(commission, 1, alder)
    planned = steps.put_in(commission, "plan")
    make.decided_delivery(planned, "buy")
    base = f"{live_server.url}/commissions/{planned.pk}"
    sign_in_browser(alder.priya)
    walk.begun(planned, 3, alder.priya)
    for path in ("/", "/gates/1/", "/gates/3/", "/gates/3/inputs/", "/measures/", "/indicators/", "/legal/"):
        page.goto(base + path)
        assert faults_of(page) == [], path
        page.set_viewport_size({"width": 390, "height": 800})
        assert not page.evaluate(SIDEWAYS), path
        page.set_viewport_size({"width": 1280, "height": 900})
    walk.submitted(planned, 3, alder.priya)

    sign_in_browser(alder.by_role[Role.LEADERSHIP_APPROVER])
    page.goto(f"{base}/gates/3/")
    page.get_by_role("button", name="Decide gate 3").click()
    assert faults_of(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate(SIDEWAYS)
    page.get_by_label("Approve", exact=True).check()
    page.get_by_role("button", name="Give this decision").click()

    expect(page.get_by_text("Gate 3 approved. The author has been told.")).to_be_visible()
