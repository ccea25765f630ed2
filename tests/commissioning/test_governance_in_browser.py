"""The pages of urgency, decisions, principles and partners in a browser: under axe, and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from commissioning.models import (
    OwedPaper,
    Partner,
    Partnership,
    Principle,
    PrincipleConflict,
    UrgencyGround,
    UrgentAdvice,
    UrgentRoute,
)
from commissioning.services import governance
from organisation import clock
from organisation.models import Person, StatutoryFigure
from organisation.statutory_figures import forget_figures
from tests.accessibility import faults_of
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_pages_are_clean_and_fit_a_phone(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    for key, amount in (("key_decision.notice", 28), ("key_decision.general_exception", 5)):
        StatutoryFigure.objects.get_or_create(
            key=key, valid_from=date(2012, 9, 10), defaults={"amount": amount, "unit": "clear_days", "source": "2012"}
        )
    forget_figures()
    commission = make.planned_as_suggested(steps.in_analyse(alder, value=60000, ticked=("strategic",)))
    make.registered_commission(alder.priya, service_area=alder.area, value=50000)
    route = UrgentRoute.objects.create(
        commission=commission, ground=UrgencyGround.objects.all()[0], explanation="Beds are full.",
        unforeseen="An outbreak.", fairness="All are asked.", accepted_risks="Price.", allowed_by=alder.tom,
        allowed_on=TODAY, marked_by=alder.priya,
    )  # fmt: skip
    UrgentAdvice.objects.create(
        route=route, side="ccps", adviser=alder.maria, course_of_action="Ask three.", risk_assessment="Low."
    )
    OwedPaper.objects.create(route=route, title="Price check", due_on=TODAY, holder=alder.priya)
    governance.enter(commission, notice="forward_plan", title="Award home care", published_on=TODAY, by=alder.priya)
    first, second = Principle.objects.all()[:2]
    PrincipleConflict.objects.create(
        commission=commission, first=first, second=second, choice="Later", reason="Ask first", decided_by=alder.tom,
        decided_on=TODAY,
    )  # fmt: skip
    Partner.objects.create(commission=commission, name="Health Board", kind="health", role="partner", share_ex_vat=9)
    partnership = Partnership.objects.create(
        organisation=alder.council, name="Ageing well", purpose="Fewer falls", partners="Two", recorded_by=alder.priya
    )
    shared = Partner.objects.create(
        commission=commission, name="Westmere", kind="council", role="partner", organisation=alder.westmere
    )
    sign_in_browser(alder.priya)
    base = f"/commissions/{commission.pk}"
    pages = [
        *(f"{base}/{path}" for path in ("", "risk/", "risk/form/", "urgent/", "what-if/?value=105000&risk=outage")),
        *(f"{base}/{path}" for path in ("adds-up/", "adds-up/category/", "authority/", "decision/enter/")),
        *(f"{base}/{path}" for path in ("decision/decide/", "principles/", "partners/", "partners/consider/")),
        *(
            f"{base}/sheets/{path}"
            for path in ("risks/", "risks/add/", "partners/add/", "teams/add/", "conflicts/add/")
        ),
        *("/commissions/urgent/", "/partnerships/", "/partnerships/add/", f"/partnerships/{partnership.pk}/"),
    ]
    for path in pages:
        look(page, live_server.url + path)
    route.ended_at = clock.now()
    route.save()
    look(page, f"{live_server.url}{base}/urgent/take/")
    sign_in_browser(alder.olive)
    for path in ("/shared/", f"/shared/{shared.pk}/"):
        look(page, live_server.url + path)


def look(page: Page, address: str) -> None:
    """No fault, and no sideways scroll on a phone."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    assert faults_of(page) == [], address
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate(SIDEWAYS), address
