"""Comments, target outcomes, business cases and the baseline in a browser: under axe, and without sideways scroll."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from commissioning.models import BaselineMilestone
from commissioning.services import stakeholders
from documents.models import Paper
from documents.services import comments, papers
from organisation.models import Person
from organisation.roles import Role
from tests.accessibility import faults_of
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def looked_at(page: Page, address: str) -> None:
    page.goto(address)
    assert faults_of(page) == [], address
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate(SIDEWAYS), address
    page.set_viewport_size({"width": 1280, "height": 900})


def test_new_rooms_of_the_gates_are_clean(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    fiona, helen = alder.by_role[Role.FINANCE], alder.by_role[Role.LEADERSHIP_APPROVER]
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",), title="Home care in the rural north")
    gate = walk.begun(commission, 1, alder.priya)
    paper = Paper.objects.get(pk=gate.paper_id)
    papers.save_row(paper, "aims", "outcomes", "", {"outcome": "Fewer falls", "who": "All"}, alder.priya)
    made = comments.comment(paper, "resources", "Twelve days of Finance is too few.", by=fiona)
    comments.reply(made, "Now twenty.", by=alder.priya)
    stakeholders.name_stakeholder(gate, alder.sam, stake="runs the centre", by=alder.priya)
    base = f"{live_server.url}/commissions/{commission.pk}"
    document = f"{live_server.url}/papers/{paper.pk}"
    sign_in_browser(alder.priya)
    for address in (
        "/",
        "/sections/resources/",
        "/read/",
        f"/comments/{made.pk}/answer/",
        f"/comments/{made.pk}/settle/",
    ):
        looked_at(page, document + address)
    for address in ("/gates/1/", "/gates/1/outcomes/", "/gates/1/outcomes/ask/"):
        looked_at(page, base + address)
    sign_in_browser(alder.sam)
    looked_at(page, f"{base}/gates/1/outcomes/")

    walk.submitted(commission, 1, alder.priya)
    walk.decided(walk.read(commission, 1), "approve", alder.tom)
    walk.decided(walk.read(commission, 1), "approve", helen)
    sign_in_browser(alder.priya)
    looked_at(page, f"{base}/baseline/")
    milestone = BaselineMilestone.objects.order_by("order")[0]
    looked_at(page, f"{base}/baseline/{milestone.pk}/")

    planned = steps.put_in(commission, "plan")
    make.decided_delivery(planned, "in_house")
    walk.submitted(planned, 3, alder.priya)
    other = steps.put_in(steps.in_analyse(alder, value=250000, ticked=("strategic",), title="Island ferry"), "plan")
    make.decided_delivery(other, "in_house")
    walk.submitted(other, 3, alder.priya)
    sign_in_browser(helen)
    looked_at(page, f"{live_server.url}/business-cases/")
    page.get_by_label("Compare Home care in the rural north").check()
    page.get_by_label("Compare Island ferry").check()
    page.get_by_role("button", name="See those ticked side by side").click()
    page.wait_for_load_state()
    looked_at(page, page.url)
    looked_at(page, f"{live_server.url}/business-cases/order/{alder.council.pk}/")
    looked_at(page, f"{base}/gates/3/decide/")
    sign_in_browser(fiona)
    looked_at(page, f"{document}/comments/aims/")
