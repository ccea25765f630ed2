"""The queue by keyboard, every page of this room under axe and at 320 pixels, and an answer without scripts."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework import door
from casework.models import WorkItem
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.accessibility import faults_of
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Any], None]


@pytest.fixture
def items(alder: SimpleNamespace) -> list[WorkItem]:
    """Four requests with different clocks: overdue, due soon, paused, and one with much time."""
    people.calendars()
    clock.move_to(date(2026, 11, 16))
    found = []
    for n, title in enumerate(["Minibus leasing", "Meeting-room screens", "Carers’ breaks", "Supported housing"]):
        case = make.case_file(holder=alder.priya, title=title, is_high_risk=n == 3)
        found.append(make.item(case, by=alder.priya, allowance=3 + 4 * n))
    clock.move_to(date(2026, 11, 16) + timedelta(days=5))
    door.carry_out(found[2], "ask", by=alder.nina, text="Which site?")
    return found


def test_queue_is_worked_by_keyboard_alone(
    alder: SimpleNamespace, items: list[WorkItem], page: Page, live_server: Any, sign_in_browser: SignIn
) -> None:
    sign_in_browser(alder.hal)
    page.goto(f"{live_server.url}/queues/legal/")
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(4)

    rows.first.focus()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    expect(page.locator("[data-row-place]")).to_have_text("Row 2 of 4")
    page.keyboard.press("k")
    expect(rows.first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-selected-count]")).to_have_text("1 request selected")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Assign to me")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 request assigned to you.")).to_be_visible()
    assert WorkItem.objects.get(pk=items[0].pk).assignee == alder.hal
    rows.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(items[0].title)


def test_keys_open_pages_and_decide_nothing(
    alder: SimpleNamespace, items: list[WorkItem], page: Page, live_server: Any, sign_in_browser: SignIn
) -> None:
    sign_in_browser(alder.hal)
    for key, heading in (("1", "Answer"), ("2", "Ask the requester a question")):
        page.goto(f"{live_server.url}/queues/legal/")
        page.locator("tr[data-row]").first.focus()
        page.keyboard.press(key)
        expect(page.locator("h1")).to_have_text(heading)
    assert WorkItem.objects.get(pk=items[0].pk).state == "open"


def test_keys_can_be_turned_off(
    alder: SimpleNamespace, items: list[WorkItem], page: Page, live_server: Any, sign_in_browser: SignIn
) -> None:
    Person.objects.filter(pk=alder.hal.pk).update(shortcuts_on=False)
    sign_in_browser(alder.hal)
    page.goto(f"{live_server.url}/queues/legal/")

    expect(page.locator("[data-keys-legend]")).to_have_count(0)
    page.locator("a[data-open]").first.focus()
    page.keyboard.press("x")
    expect(page.locator("input[name=item]:checked")).to_have_count(0)


def test_request_is_answered_without_scripts(
    alder: SimpleNamespace, items: list[WorkItem], context: Any, browser: Any, live_server: Any, sign_in_browser: SignIn
) -> None:
    sign_in_browser(alder.hal)
    plain = browser.new_context(java_script_enabled=False, locale="en-GB")
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}/queues/legal/?view=unassigned")
    page.get_by_role("link", name="Minibus leasing").click()
    page.get_by_role("button", name="Send Legal’s answer").click()
    expect(page.get_by_role("link", name="Select your answer")).to_be_visible()
    page.get_by_label("Agreed with conditions").check()
    page.get_by_label("What you want to say").fill("Only with a break clause.")
    page.get_by_role("button", name="Send Legal’s answer").click()

    expect(page.get_by_role("link", name=f"Look back at {items[0].case_file.reference}")).to_be_visible()
    expect(page.locator("h1")).to_have_text(items[1].title)
    assert WorkItem.objects.get(pk=items[0].pk).answer == "agreed_with_conditions"
    plain.close()


def paths(alder: SimpleNamespace, items: list[WorkItem]) -> list[tuple[Person, str]]:
    first, asked = items[0], items[2]
    hal, priya = alder.hal, alder.priya
    task = make.item(first.case_file, queue=None, assignee=priya, asks="do", title="Write the outcomes")
    door.carry_out(items[3], "respond", by=alder.nina, answer="agreed", text="Yes", privileged=True)
    auditor = people.person(Role.AUDITOR, at=alder.council)
    return [
        (hal, "/requests/"),
        (priya, "/requests/"),
        (hal, "/queues/legal/"),
        (hal, "/queues/legal/?view=settled"),
        (hal, "/queues/legal/?q=nothing"),
        (hal, f"/work/{first.pk}/?queue=legal"),
        (priya, f"/work/{asked.pk}/"),
        (priya, f"/work/{items[3].pk}/"),
        (priya, f"/work/{task.pk}/"),
        *((hal, f"/work/{first.pk}/do/{name}/") for name in ("respond", "ask", "assign", "more_time")),
        (priya, f"/work/{first.pk}/do/close/"),
        (hal, f"/history/{first.case_file_id}/"),
        (hal, f"/rules/{alder.council.pk}/1/"),
        (hal, "/outbox/"),
        (auditor, "/audit/"),
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    alder: SimpleNamespace, items: list[WorkItem], page: Page, live_server: Any, sign_in_browser: SignIn, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    faults: dict[str, list[str]] = {}
    who: Person | None = None
    for person, path in paths(alder, items):
        if person != who:
            sign_in_browser(person)
            who = person
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.status == 200, path
        if found := faults_of(page):
            faults[path] = found
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if too_wide > 0:
            faults.setdefault(path, []).append(f"{too_wide} pixels too wide")

    assert faults == {}


def test_wrong_form_is_announced(
    alder: SimpleNamespace, items: list[WorkItem], page: Page, live_server: Any, sign_in_browser: SignIn
) -> None:
    sign_in_browser(alder.hal)
    page.goto(f"{live_server.url}/queues/legal/")
    page.get_by_role("button", name="Assign selected").click()

    expect(page).to_have_title("Error: All open – Legal queue – Gatehouse")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Select at least one request").click()
    expect(page.locator("#id_item")).to_be_focused()
    assert faults_of(page) == []
