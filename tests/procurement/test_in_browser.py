"""A morning in CCPS's queue by keyboard alone; the pages of requests and exercises under axe, wide and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.models import WorkItem
from organisation import clock
from procurement.models import Exercise, ProcurementRequest
from tests.accessibility import faults_of
from tests.factories import procurement as buying
from tests.factories import requests, sourcing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Any], None]
QUEUE = "/queues/ccps/?view=unassigned"


def twenty(where: Any) -> list[ProcurementRequest]:
    """Twenty requests with nobody on them."""
    made = []
    for n in range(1, 21):
        commission = buying.commission(where, state="plan", amount="60000", title=f"Purchase {n:02d}")
        made.append(requests.submitted(where, commission=commission))
    return made


class Morning:
    """A CCPS officer at the keyboard: nothing here moves or clicks a mouse."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.press = page, page.keyboard.press
        self.address = address

    def type_into(self, where: str, text: str) -> None:
        """Tab on until the field has the focus, then type."""
        field = self.page.locator(where)
        for _ in range(40):
            if field.evaluate("field => field === document.activeElement"):
                break
            self.press("Tab")
        expect(field).to_be_focused()
        self.page.keyboard.type(text)

    def send(self, button: str) -> None:
        """Tab on to a button and press it."""
        found = self.page.get_by_role("button", name=button, exact=True)
        for _ in range(40):
            if found.evaluate("button => button === document.activeElement"):
                break
            self.press("Tab")
        expect(found).to_be_focused()
        self.press("Enter")

    def first_row(self) -> None:
        """Open the list and go to its first row."""
        self.page.goto(self.address + QUEUE)
        self.press("j")
        expect(self.page.locator("tr[data-row]").first).to_be_focused()


def test_twenty_requests_are_worked_by_keyboard_alone(
    where: Any, ccps: SimpleNamespace, page: Page, live_server: Any, sign_in_browser: SignIn
) -> None:
    twenty(where)
    sign_in_browser(ccps.lewis)
    at = Morning(page, live_server.url)

    # Eight to a colleague at once: X and J down the list, A to the colleagues.
    at.first_row()
    for _ in range(8):
        at.press("x")
        at.press("j")
    at.press("k")
    at.press("a")
    expect(page.locator("#id_assignee")).to_be_focused()
    page.keyboard.type("Dan")
    at.send("Assign selected")
    expect(page.get_by_text("8 requests assigned to Dan Pryce.")).to_be_visible()

    # Four for herself: M ticks the row and goes to the button.
    at.first_row()
    for _ in range(3):
        at.press("x")
        at.press("j")
    at.press("m")
    at.press("Enter")
    expect(page.get_by_text("4 requests assigned to you.")).to_be_visible()

    # The rest is answered: the first opened with Enter, each next one comes by itself.
    at.first_row()
    at.press("Enter")
    triage = page.locator("[data-triage]")
    for _ in range(3):
        expect(triage).to_be_focused()
        at.press("1")
        at.type_into("#id_effort_days", "6")
        target = clock.today() + timedelta(days=60)
        at.type_into("#id_target_on_0", str(target.day))
        at.press("Tab")
        page.keyboard.type(str(target.month))
        at.press("Tab")
        page.keyboard.type(str(target.year))
        at.type_into("#id_next_steps", "I will call you.")
        at.send("Accept this request")
        expect(page.get_by_text("accepted: quotation, led by Lewis Grant.")).to_be_visible()
    for _ in range(3):
        expect(triage).to_be_focused()
        at.press("2")
        at.type_into("#id_text", "How many rooms?")
        at.send("Ask for information")
        expect(page.get_by_text("Question sent to Priya Shah.")).to_be_visible()
    expect(triage).to_be_focused()
    at.press("3")
    at.type_into("input[name=ground][value=not_ready]", " ")
    at.type_into("#id_note", "The need is unclear.")
    at.type_into("#id_next_steps", "Talk to Facilities.")
    at.send("Decline this request")
    expect(page.get_by_text("declined. The commission stays in Plan")).to_be_visible()

    states = list(ProcurementRequest.objects.values_list("state", flat=True))
    assert {state: states.count(state) for state in set(states)} == {
        "submitted": 13,
        "accepted": 3,
        "more_information": 3,
        "declined": 1,
    }
    items = WorkItem.objects.filter(kind="procurement_request", state="assigned")
    assert items.filter(assignee=ccps.dan).count() == 8
    assert items.filter(assignee=ccps.lewis).count() == 4


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_and_do_not_scroll_sideways(
    where: Any, ccps: SimpleNamespace, page: Page, live_server: Any, sign_in_browser: SignIn, width: int
) -> None:
    waiting = [requests.submitted(where, amount=amount) for amount in ("60000", "88000")]
    draft = requests.draft(where)
    quotes = sourcing.recommended(where, ccps.lewis, "58000", "61000", "64500")
    tender = sourcing.tender(where, ccps.lewis)
    page.set_viewport_size({"width": width, "height": 900})
    looked_at = {
        "queue": (ccps.lewis, "/queues/ccps/"),
        "triage": (ccps.lewis, f"/requests/{waiting[0].pk}/?queue=ccps"),
        "accept": (ccps.lewis, f"/requests/{waiting[0].pk}/do/accept/?queue=ccps"),
        "decline": (ccps.lewis, f"/requests/{waiting[0].pk}/do/decline/"),
        "quotes": (ccps.lewis, f"/exercises/{quotes.pk}/"),
        "tender": (ccps.lewis, f"/exercises/{tender.pk}/"),
        "write": (ccps.lewis, f"/exercises/{tender.pk}/tender/"),
        "criteria": (ccps.lewis, f"/exercises/{tender.pk}/criteria/"),
        "draft": (where.priya, f"/requests/{draft.pk}/"),
        "legal": (ccps.hal, "/queues/legal/?view=settled"),
    }
    faults: dict[str, Any] = {}
    who = None
    for name, (person, path) in looked_at.items():
        if person != who:
            sign_in_browser(person)
            who = person
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.status == 200, path
        if found := faults_of(page):
            faults[name] = found
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if too_wide > 0:
            faults.setdefault(name, []).append(f"{too_wide} pixels too wide")

    assert faults == {}
    assert Exercise.objects.count() == 2
