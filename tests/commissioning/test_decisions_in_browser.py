"""The pages of decisions, results, rounds of feedback, providers and areas in a browser: under axe and on a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from commissioning.models import DeliveryModel, MeasureResult, SpecificationRound
from commissioning.models.plan import MarketAction
from commissioning.services import decisions, measures, specifications
from organisation.models import Person
from tests.accessibility import faults_of
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import organisation as people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SHOTS = os.environ.get("SCREENSHOTS")


def looked_at(page: Page, address: str, name: str) -> None:
    """No fault for axe, nothing that goes sideways on a phone."""
    page.goto(address)
    assert faults_of(page) == [], address
    for width, height in ((390, 800), (1280, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert not page.evaluate(SIDEWAYS), (address, width)
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)


def test_pages_of_decisions_results_rounds_and_providers_are_clean_and_fit_a_phone(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    commission = steps.in_analyse(alder, value=640_000, ticked=("strategic",))
    walk.approved(commission, 1, alder)
    steps.put_in(commission, "plan")
    specifications.open_specification(commission, by=alder.priya)
    model = DeliveryModel.objects.get(framework=alder.council.framework, key="buy")
    decisions.decide_delivery(
        commission, model=model, reasons="The council has no home-care teams of its own.", by=alder.priya
    )
    SpecificationRound.objects.create(
        commission=commission, number=1, specification_number=1, opened_on=date(2026, 9, 1), asked="Two firms",
        came_back="Shorter, please", closed_on=date(2026, 9, 5),
    )  # fmt: skip
    MarketAction.objects.create(
        commission=commission, action="Open morning", providers="Small firms", area="Upper Dale", is_rural=True,
        due_on=date(2026, 10, 1),
    )  # fmt: skip
    people.supplier(alder.council, name="Befrienders of Upper Dale", is_vcse=True, postcode="NE66 1AA")
    people.supplier(alder.council, name="Vale Care Ltd", is_sme=True, company_number="01234567")
    measured = commission.success_measures.get()
    MeasureResult.objects.create(
        commission=commission, measure=measured, result="93", measured_on=date(2026, 9, 1), reached="partly",
        evidence="The log of visits over a year.",
    )  # fmt: skip
    assert measures.freeze(commission) == 0
    sign_in_browser(alder.priya)
    of_commission = f"{live_server.url}/commissions/{commission.pk}"
    for address, name in (
        (f"{of_commission}/decisions/", "decisions"),
        (f"{of_commission}/specification/", "specification"),
        (f"{of_commission}/sheets/specification_rounds/add/", "round"),
        (f"{of_commission}/plan-stage/", "plan-stage"),
        (f"{of_commission}/", "commission"),
        (f"{live_server.url}/providers/?kind=voluntary", "providers"),
        (f"{live_server.url}/market-actions/", "market-actions"),
        (f"{live_server.url}/market-actions/?area=Upper+Dale&rural=1", "market-area"),
    ):
        looked_at(page, address, name)
    steps.put_in(commission, "review")
    looked_at(page, f"{of_commission}/measures/", "measures")
    looked_at(page, f"{of_commission}/sheets/measure_results/add/?measure={measured.pk}", "result")
