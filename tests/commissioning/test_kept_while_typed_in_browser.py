"""A list's form that is closed, left or signed out of before it was sent: what was typed can be put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from organisation.models import Person, UnsentForm
from tests.accessibility import faults_of
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import organisation as people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NATURE = "Help to get up and dressed, and company"


@pytest.fixture
def form(alder: Alder, live_server: Any, sign_in_browser: Callable[[Person], None]) -> str:
    """The address of the page on which a need is added, opened by a commissioner."""
    commission = steps.in_analyse(alder)
    alder.priya.set_password(people.PASSWORD)
    alder.priya.save()
    sign_in_browser(alder.priya)
    return f"{live_server.url}/commissions/{commission.pk}/sheets/needs/add/"


def typed(page: Page) -> None:
    page.get_by_label("What is needed?").fill(NATURE)
    page.get_by_label("By how many people, or how much of it?").fill("210 people")
    expect(page.get_by_text("Not sent yet.")).to_be_visible()


def test_window_closed_while_typing(form: str, page: Page, context: Any) -> None:
    page.goto(form)
    typed(page)
    page.close()

    again = context.new_page()
    again.goto(form)
    expect(again.get_by_text("You typed something here and did not send it.")).to_be_visible()
    assert faults_of(again) == []
    again.get_by_role("button", name="Put it back").click()

    expect(again.get_by_label("What is needed?")).to_have_value(NATURE)
    again.get_by_role("button", name="Save", exact=False).first.click()
    expect(again.locator(".govuk-error-summary")).to_be_visible()  # the rest is missing: what was sent is kept
    again.goto(form)
    expect(again.get_by_role("button", name="Put it back")).to_be_visible()
    with again.expect_response(lambda reply: reply.request.method == "POST" and "/account/unsent/" in reply.url):
        again.get_by_role("button", name="Forget it").click()
    expect(again.get_by_role("button", name="Forget it")).to_have_count(0)
    assert not UnsentForm.objects.exists()


def test_signed_out_in_another_tab(form: str, page: Page, context: Any, alder: Alder, live_server: Any) -> None:
    page.goto(form)
    page.get_by_label("What is needed?").fill(NATURE)
    cookies = [c for c in context.cookies() if c["name"] != settings.SESSION_COOKIE_NAME]
    context.clear_cookies()
    context.add_cookies(cookies)

    page.get_by_role("button", name="Save", exact=False).first.click()
    expect(page.get_by_text("they are kept for 30 minutes")).to_be_visible()
    page.get_by_label("Email").fill(alder.priya.email)
    page.locator("#id_password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Send my answers").click()

    expect(page.get_by_label("What is needed?")).to_have_value(NATURE)
