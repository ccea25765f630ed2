"""The notifications page and the choices of mail under axe, and at 390 pixels."""

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.services import deadlines, outbox
from casework.services.reminders import sweep
from organisation import clock
from tests.accessibility import faults_of
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_notifications_are_read_and_mail_is_chosen(
    alder: SimpleNamespace, page: Page, live_server: Any, sign_in_browser: Callable[[Any], None]
) -> None:
    people.calendars()
    clock.move_to(date(2026, 3, 2))
    case = make.case_file(holder=alder.priya, title="Home care in the rural north of the county")
    deadlines.set_deadline(case, "lesson", "1", due_on=date(2026, 3, 4), holder=alder.priya, title="Share the lesson")
    outbox.post(
        alder.priya, subject=f"Answered: {case}", body="Legal has answered.", kind="item_answered", case_file=case
    )
    clock.move_to(date(2026, 3, 5))
    sweep(date(2026, 3, 5))
    sign_in_browser(alder.priya)

    page.goto(f"{live_server.url}/notifications/")
    expect(page.get_by_role("navigation", name="Gatehouse", exact=True)).to_contain_text("Notifications (2 unread)")
    assert faults_of(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name=re.compile("Mark as read.*Answered")).click()
    expect(page.get_by_text("1 unread.")).to_be_visible()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("You have read everything.")).to_be_visible()

    page.get_by_role("link", name="Choose how you are told").click()
    page.get_by_role("group", name="What you owe").get_by_label("In one email at 8am").check()
    expect(page.get_by_role("group", name="Decisions asked of you").get_by_label("No email")).to_have_count(0)
    page.get_by_role("button", name="Save your choices").click()
    expect(page.get_by_text("Your choices are saved.")).to_be_visible()
    expect(page.get_by_role("group", name="What you owe").get_by_label("In one email at 8am")).to_be_checked()
    page.get_by_role("button", name="Make a calendar address").click()
    expect(page.locator(".gh-calendar-address")).to_contain_text("/calendar/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})
    assert faults_of(page) == []
