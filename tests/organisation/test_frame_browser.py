"""The frame in a real browser: nothing for axe to find, no sideways scroll, and scripts that only add."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from organisation import navigation
from organisation.models import Person
from organisation.roles import Role
from tests.accessibility import faults_of
from tests.factories import organisation as make
from tests.organisation import gallery

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.organisation.gallery"),
]

STRANGERS_PAGES = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-nonsense/",
    "/accounts/signup/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/report-a-problem/",
    "/nowhere/",
]
OWN_PAGES = [
    "/account/",
    "/account/cover/",
    "/demo/clock/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "/gallery/record/",
    "/gallery/queue/",
    "/gallery/form/",
]
# The narrowest a page must fit; the same as 1280 at 400% zoom.
NARROWEST = 320


@pytest.fixture
def priya() -> Person:
    return make.person(
        Role.COMMISSIONER, name="Priya Shah", team="Commissioning", email="priya@example.org", password=make.PASSWORD
    )


@pytest.fixture
def signed_in(priya: Person, sign_in_browser: Callable[[Person], None]) -> Person:
    sign_in_browser(priya)
    return priya


def faults_of_all(page: Page, addresses: list[str]) -> list[str]:
    """Look at each page at desk and phone width; one list, so that one run tells everything."""
    found = []
    for address in addresses:
        for width in (1280, 390, NARROWEST):
            page.set_viewport_size({"width": width, "height": 800})
            if width == 1280:
                page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{address} scrolls sideways at {width}")
            if width != NARROWEST:
                found += [f"{address} at {width}: {fault}" for fault in faults_of(page)]
    return found


def test_pages_for_anybody(page: Page, live_server: Any, priya: Person) -> None:
    assert faults_of_all(page, [live_server.url + path for path in STRANGERS_PAGES]) == []


def test_pages_for_somebody_signed_in(page: Page, live_server: Any, signed_in: Person) -> None:
    assert faults_of_all(page, [live_server.url + path for path in OWN_PAGES]) == []


def test_set_up_of_the_second_step(page: Page, live_server: Any, priya: Person) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email address").fill(priya.email)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{live_server.url}/accounts/2fa/totp/activate/")
    page.get_by_label("Your password").fill(make.PASSWORD)
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Turn on the second step")
    assert faults_of(page) == []


SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"


@pytest.mark.parametrize("path", ["/gallery/record/", "/gallery/queue/", "/gallery/form/"])
def test_text_of_twice_the_size_and_widely_spaced_still_fits(
    page: Page, live_server: Any, signed_in: Person, path: str
) -> None:
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + path)
        # Through the CSS object model: a style element would be refused by the content security policy.
        page.evaluate(
            "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }",
            "html { font-size: 200% }" + SPACED,
        )

        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_summary_takes_the_focus_and_each_link_lands(page: Page, live_server: Any, signed_in: Person) -> None:
    page.goto(f"{live_server.url}/gallery/form/")
    page.get_by_role("button", name="Record the need").click()

    expect(page).to_have_title(re.compile("^Error: Record a need – Gatehouse$"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert faults_of(page) == []
    links = page.locator(".govuk-error-summary__list a")
    assert links.count() == len(gallery.Everything().visible_fields())
    for number in range(links.count()):
        link = links.nth(number)
        target = (link.get_attribute("href") or "")[1:]
        link.click()
        expect(page.locator(f"[id='{target}']")).to_be_focused()


def test_whole_sign_in_without_scripts(
    browser: Any, live_server: Any, priya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.register_nav("How to", "organisation:help", order=10)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{live_server.url}/account/")
    page.get_by_label("Email address").fill(priya.email)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")

    # The menu of a phone opens, and signs out, without a script.
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    context.close()


def test_skip_link_comes_first(page: Page, live_server: Any, signed_in: Person) -> None:
    page.goto(f"{live_server.url}/account/")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_escape_closes_a_menu_and_returns_the_focus(page: Page, live_server: Any, signed_in: Person) -> None:
    page.goto(f"{live_server.url}/gallery/record/")
    summary = page.get_by_text("More actions")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Put on hold")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="Put on hold")).to_be_hidden()
    expect(summary).to_be_focused()


def test_keys_of_a_queue(page: Page, live_server: Any, signed_in: Person) -> None:
    page.goto(f"{live_server.url}/gallery/queue/")
    rows = page.locator("tr[data-row]")

    for key in "kxam123":
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body"), "a key did something with nothing in focus"
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    expect(page.get_by_text("Row 2 of 3")).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_text("1 request selected")).to_be_visible()
    assert faults_of(page) == []
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_label("Assign to")).to_be_focused()
    rows.nth(2).focus()
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Assign to me")).to_be_focused()
    expect(page.get_by_text("2 requests selected")).to_be_visible()
    rows.nth(2).focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Contains")).to_be_focused()
    rows.nth(2).focus()
    page.keyboard.press("?")
    expect(page.locator("[data-keys-legend]")).to_be_focused()
    rows.nth(2).focus()
    page.keyboard.press("1")
    page.wait_for_url("**/gallery/open/PRF-2026-0193/do/accept/")
    page.go_back()
    rows.nth(0).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/gallery/open/PRF-2026-0191/")


def test_keys_can_be_turned_off(page: Page, live_server: Any, signed_in: Person) -> None:
    page.goto(f"{live_server.url}/gallery/queue/?keys=off")

    assert page.locator("tr[data-row][tabindex]").count() == 0


def test_every_row_is_selected_by_one_box(page: Page, live_server: Any, signed_in: Person) -> None:
    page.goto(f"{live_server.url}/gallery/queue/")
    page.get_by_label("Select all").check()
    expect(page.get_by_text("3 requests selected")).to_be_visible()

    page.get_by_role("link", name="Clear selection").click()

    expect(page.get_by_text("0 requests selected")).to_be_visible()
    assert page.locator("tbody input:checked").count() == 0


def test_typing_saves_itself(page: Page, live_server: Any, signed_in: Person) -> None:
    gallery.SAVED.clear()
    page.goto(f"{live_server.url}/gallery/form/")

    page.get_by_label("Title").press_sequentially("Home care")
    expect(page.get_by_text("Saved at 4:31pm")).to_be_visible(timeout=6000)
    assert gallery.SAVED[-1]["title"] == "Home care"
    assert len(gallery.SAVED) == 1
    page.get_by_label("Title").fill("refuse")
    expect(page.get_by_text("Not saved: this paper was submitted meanwhile.")).to_be_visible(timeout=6000)


def test_typing_after_the_session_ended_says_so(page: Page, live_server: Any, signed_in: Person) -> None:
    page.goto(f"{live_server.url}/gallery/form/")
    page.context.clear_cookies(name="gatehouse_session")

    page.get_by_label("Title").fill("Home care")

    expect(page.get_by_text("Not saved: you have been signed out.")).to_be_visible(timeout=6000)


def test_warning_before_the_session_ends(page: Page, live_server: Any, signed_in: Person, settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 290
    page.goto(f"{live_server.url}/account/")

    expect(page.get_by_text("You will be signed out in 5 minutes.")).to_be_visible(timeout=5000)
    assert faults_of(page) == []
    settings.SESSION_IDLE_SECONDS = 1800
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_text("You will be signed out in 5 minutes.")).to_be_hidden()


def test_late_form_comes_back_after_signing_in(page: Page, live_server: Any, signed_in: Person) -> None:
    page.goto(f"{live_server.url}/account/cover/")
    page.get_by_label("Note for the person who covers").fill("Call me about “Home care”")
    client = Client()
    client.cookies["gatehouse_session"] = next(
        cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "gatehouse_session"
    )
    session = client.session
    session["gatehouse_seen_at"] -= 3600
    session.save()

    page.get_by_role("button", name="Set cover").click()
    page.get_by_label("Email address").fill(signed_in.email)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers are here. Send them now?")
    assert faults_of(page) == []
    page.get_by_role("button", name="Send my answers").click()

    expect(page.get_by_label("Note for the person who covers")).to_have_value("Call me about “Home care”")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
