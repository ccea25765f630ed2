"""The pages of this room in a real browser: nothing for axe to find, no sideways scroll, no script needed."""

import re

import pytest
from playwright.sync_api import expect

from casework.door import carry_out
from tests.accessibility import faults_of
from tests.factories import casework, commissioning
from tests.factories import organisation as people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESSES = (
    "/",
    "/commissions/",
    "/commissions/?risk=high&q=home&sort=-value",
    "/commissions/?needed_from=soon&q=home",
    "/commissions/?q=zzz",
    "/search/?q=home",
    "/search/?q=zzz",
    "/search/",
)


@pytest.fixture
def hal(live_server):
    """A lawyer who also commissions, with something in every list."""
    people.calendars()
    council = commissioning.council(name="Alder County Council")
    hal = casework.lawyer(council, name="Hal Whitby", team="Legal")
    people.membership(hal, area=people.service_area(council, name="Home and Community Care"))
    home = commissioning.started_commission(hal, title="Home care", value=640000, ticked=("strategic",))
    commissioning.registered_commission(hal, title="Interpreting", complete=False)
    people.supplier(council, name="Halcyon Home Care Ltd", is_sme=True)
    carry_out(casework.item(home.case_file, by=hal), "assign", by=hal, assignee=hal)
    asked = carry_out(casework.item(home.case_file, by=hal), "assign", by=hal, assignee=hal).subject
    carry_out(asked, "ask", by=hal, text="Who holds the care plans?")
    return hal


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_nothing_to_find_for_axe_and_no_sideways_scroll(hal, live_server, page, sign_in_browser, width):
    sign_in_browser(hal)
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for address in ADDRESSES:
        page.goto(live_server.url + address)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if faults := faults_of(page) + ([f"{wider}px too wide"] if wider > 0 else []):
            found[address] = faults

    assert found == {}


def test_list_is_narrowed_sorted_and_searched_without_scripts(hal, live_server, browser, context, sign_in_browser):
    sign_in_browser(hal)
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(f"{live_server.url}/commissions/")

    page.get_by_label("Risk").select_option("high")
    page.get_by_role("button", name="Apply filters").click()
    page.get_by_role("link", name="Value, excl. VAT").click()
    expect(page).to_have_url(re.compile("risk=high&sort=-value"))
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Remove the filter Risk: High risk").click()
    expect(page.get_by_role("row")).to_have_count(3)

    page.get_by_role("searchbox").first.fill("halcyon")
    page.get_by_role("button", name="Search").first.click()
    expect(page.get_by_text("Halcyon Home Care Ltd")).to_be_visible()
    plain.close()
