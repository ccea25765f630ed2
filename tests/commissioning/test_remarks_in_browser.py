"""Remarks on the check page and open work on the gate's page: under axe, and on a phone without sideways scroll."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from documents.models import Paper
from documents.services import papers
from organisation.models import Person
from tests.accessibility import faults_of
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_open_work_and_remarks_are_seen_before_submitting(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    people.statutory_figures()
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    make.planned_as_suggested(commission)
    commission = steps.put_in(commission, "plan", needed_by=date(2027, 10, 1))
    make.decided_delivery(commission, "buy")
    paper = Paper.objects.get(pk=walk.begun(commission, 3, alder.priya).paper_id)
    papers.save_answers(paper, "financial", {"whole_life_cost": {"2026/27": "960000.00"}}, alder.priya, 10_000)
    sign_in_browser(alder.priya)
    for name, path in (("gate", f"/commissions/{commission.pk}/gates/3/"), ("check", f"/papers/{paper.pk}/check/")):
        page.goto(live_server.url + path)
        expect(page.get_by_role("link", name="Specification: not written")).to_be_visible()
        assert faults_of(page) == [], path
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert not page.evaluate(SIDEWAYS), path
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.get_by_text("£320,000 more than the commission's value of £640,000")).to_be_visible()
