"""The dashboard in a real browser: nothing for axe to find, no sideways scroll, charts wide and tables narrow."""

import pytest
from playwright.sync_api import expect

from reporting.services import rollups
from tests.accessibility import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_dashboard_is_drawn_wide_and_told_in_tables_on_a_phone(
    live_server, page, sign_in_browser, work, manager, council
):
    rollups.fold(council)
    sign_in_browser(manager)
    found = {}
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for address in ("/dashboard/", "/dashboard/?table=waiting", "/dashboard/asked/?queue=legal&standing=waiting"):
            page.goto(live_server.url + address)
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if faults := faults_of(page) + ([f"{wider}px too wide"] if wider > 0 else []):
                found[width, address] = faults
    page.goto(f"{live_server.url}/dashboard/")
    assert not page.locator(".gh-bars").first.is_visible()
    assert page.get_by_role("table").first.is_visible()

    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Legal, 0 to 2 working days: 3").click()

    expect(page.get_by_role("row")).to_have_count(4)
    assert found == {}
