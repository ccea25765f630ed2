"""Results, handover and a running contract in a real browser: nothing for axe, nothing scrolls sideways, no scripts."""

import os
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from casework import door
from contracts.models import Contract
from organisation import clock
from tests.accessibility import faults_of
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (1280, 390)


@pytest.fixture
def where(transactional_db: None) -> buying.Place:
    people.calendars()
    clock.move_to(date(2026, 4, 1))
    return buying.place()


def look(page: Any, base: str, path: str, name: str) -> None:
    """Open a page at each width; it keeps its frame, and axe finds nothing."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.goto(base + path).status == 200, path
        sideways = page.evaluate("document.documentElement.scrollWidth")
        if shots := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
        assert sideways <= width, f"{path} scrolls sideways at {width}: {sideways}"
        assert faults_of(page) == [], (path, width)
    assert page.locator("h1").count() == 1


def running(where: buying.Place) -> Contract:
    """A contract that CCPS bought, handed over and live since 1 April, some of whose results are recorded."""
    handover = make.handed_over_by(where, buying.commission(where, title="Day opportunities in Alder Vale"))
    contract = handover.contract
    Contract.objects.filter(pk=contract.pk).update(starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    contract.options.create(number=1, months=12, notice_by=date(2026, 9, 30))
    make.indicator(contract, name="People attending each week", unit="people", target=150, tolerance=10)
    make.indicator(contract, name="Staff turnover, rolling year", target=20, direction="lower")
    make.indicator(contract, name="People who report a better week than before", outcome="People live well")
    door.carry_out(contract, "enter_in_register", by=where.sam, review_on=date(2026, 9, 14))
    make.finish_tasks(contract, where)
    live: Contract = door.carry_out(contract, "go_live", by=where.sam).subject
    return live


def test_recording_results_without_scripts(where, browser, live_server, sign_in_browser, context, page) -> None:
    contract = running(where)
    sign_in_browser(where.sam)
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    form = plain.new_page()
    for month, number in ((5, 1), (6, 2)):
        clock.move_to(date(2026, month, 4))
        form.goto(f"{live_server.url}{contract.get_absolute_url()}indicators/")
        form.get_by_role("link", name="Monthly:").click()
        form.get_by_label("Result of People attending each week").fill("164")
        form.get_by_label("Result of Staff turnover").fill("22%")
        form.get_by_label("Result of People who report").fill("71")
        form.get_by_role("button", name="Save results").click()
        expect(form.get_by_role("link", name="Write a comment on People who report")).to_have_count(1)
        form.get_by_label("Comment on People who report").fill("Transport was lost for 3 weeks")
        form.get_by_role("button", name="Save results").click()
        expect(form.get_by_text("Results saved.")).to_have_count(1)
        assert contract.indicators.filter(readings__ends_on__month=month - 1).count() == 3, number
    plain.close()

    clock.move_to(date(2026, 7, 4))
    here = contract.get_absolute_url()
    look(page, live_server.url, f"{here}indicators/monthly/3/", "readings")
    look(page, live_server.url, f"{here}indicators/monthly/1/", "readings-past")
    look(page, live_server.url, f"{here}indicators/", "indicators")
    look(page, live_server.url, f"{here}indicators/add/", "indicator-add")
    look(page, live_server.url, here, "contract")
    look(page, live_server.url, "/contracts/", "register")


def test_handing_over_without_scripts(where, browser, live_server, sign_in_browser, context, page) -> None:
    handover = make.handed_over_by(where)
    make.indicator(handover.contract, name="Visits on time")
    here = handover.get_absolute_url()
    sign_in_browser(handover.lead)
    look(page, live_server.url, here, "handover-preparing")
    look(page, live_server.url, f"/handovers/parts/{handover.parts.first().pk}/", "handover-part")
    make.confirmed(handover)
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    form = plain.new_page()
    form.goto(live_server.url + here)
    form.get_by_role("button", name="Offer the handover").click()
    form.get_by_role("button", name="Offer the handover").click()
    plain.close()
    sign_in_browser(where.sam)
    look(page, live_server.url, here, "handover-offered")
    look(page, live_server.url, f"/handovers/{handover.pk}/do/send_back/", "handover-return")
    page.get_by_label("Risks: what is missing?").fill("The TUPE list is not there.")
    page.get_by_role("button", name="Return it with the gaps").click()
    look(page, live_server.url, here, "handover-returned")

    handover.refresh_from_db(fields=["settled_at"])
    assert handover.parts.get(heading="risks").gap == "The TUPE list is not there."
