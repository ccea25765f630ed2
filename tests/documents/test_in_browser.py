"""The pages of a paper in a real browser: accessible, no wider than the screen, saved while typing, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from documents.models import Answer, Attachment
from documents.services import papers
from tests.accessibility import faults_of
from tests.factories import documents as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at(live_server, paper, writer, sign_in_browser):
    """The address of a page of the paper, for somebody who writes it."""
    sign_in_browser(writer)
    return lambda address="": f"{live_server.url}/papers/{paper.pk}/{address}"


def standing(paper, key):
    return (
        Answer.objects.filter(paper=paper, question_key=key, is_offered=False).values_list("value", flat=True).first()
    )


def looks_right(page, address):
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
        if width != 390:  # the same layout as 320, with more room
            assert faults_of(page) == [], (address, width)


@pytest.mark.parametrize(
    "address", ["", "read/", "check/", "sections/facts_and_aims/", "sections/money/", "sections/people/"]
)
def test_pages_of_a_draft_are_accessible_at_every_width(page, at, paper, writer, address):
    make.filled(paper, writer)
    # A long word, a second answer, a wrong answer: what bends a page.
    papers.save_answers(paper, "facts_and_aims", {"why": "W" * 300}, writer, 1)
    papers.save_answers(paper, "money", {"budget": {"typed": "about 5k"}, "funding": {"2026/27": "1.00"}}, writer, 99)

    looks_right(page, at(address))


@pytest.mark.parametrize("address", ["", "submitted/", "revisions/2/", "changes/"])
def test_pages_of_a_submitted_paper_are_accessible_at_every_width(page, at, paper, writer, address):
    papers.submit(make.filled(paper, writer), writer)
    papers.reopen(paper, writer, "Say more")
    papers.save_answers(paper, "facts_and_aims", {"why": "People wait too long"}, writer, 99)
    papers.save_row(paper, "money", "options", "", {"option": "Tender", "set_up": "2.00"}, writer)
    papers.submit(paper, writer)

    looks_right(page, at(address))


def test_a_section_with_errors_is_accessible_and_its_links_land(page, at):
    page.goto(at("sections/money/"))
    page.fill("#id_q_budget", "about 5k")
    page.fill("#id_q_starts_on_0", "31")
    page.locator("button.govuk-button", has_text="Save and continue").click()

    expect(page).to_have_title(re.compile("^Error: "))
    assert faults_of(page) == []
    page.get_by_role("link", name="Enter the annual budget in pounds, like 18000").click()
    expect(page.locator("#id_q_budget")).to_be_focused()


def test_what_is_typed_is_saved_without_pressing_anything(page, at, paper):
    page.goto(at("sections/facts_and_aims/"))
    page.fill("#id_q_why", "People wait for a visit")

    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"^Saved at \d+:\d\d[ap]m$"), timeout=8000)
    expect(page.locator("#question-why [data-saved-here]")).to_have_text(re.compile("^Saved at"))
    assert standing(paper, "why") == "People wait for a visit"

    # The same page goes on typing: its own saves never count as somebody else's.
    page.fill("#id_q_why", "People wait weeks for a visit")
    page.locator("button.govuk-button", has_text="Save and continue").click()
    page.wait_for_url(at("sections/money/"))
    assert standing(paper, "why") == "People wait weeks for a visit"
    assert not Answer.objects.filter(is_offered=True).exists()


def test_saving_while_typing_sends_no_file_and_the_button_does(page, at, paper, tmp_path):
    chosen = tmp_path / "evidence.pdf"
    chosen.write_bytes(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    page.goto(at("sections/people/"))
    page.set_input_files("#id_file_evidence", chosen)
    with page.expect_request(lambda request: request.url.endswith("/save/")) as sent:
        page.check("#id_q_groups")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile("^Saved at"), timeout=8000)
    assert "evidence.pdf" not in (sent.value.post_data or "")
    assert not Attachment.objects.exists()

    page.locator("button", has_text="Attach the file").click()

    expect(page.locator(".gh-files")).to_contain_text("evidence.pdf")
    assert standing(paper, "groups") == ["A"]


def test_enter_in_a_box_saves_and_never_opens_a_row(page, at, paper):
    page.goto(at("sections/money/"))
    page.fill("#id_q_budget", "640000")
    page.press("#id_q_budget", "Enter")

    page.wait_for_url(at("sections/people/"))
    assert standing(paper, "budget") == "640000.00"


def test_a_row_is_added_without_scripts_and_nothing_typed_is_lost(browser, live_server, at, paper, context):
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(at("sections/money/"))
    page.fill("#id_q_budget", "640000")
    page.click("text=Add a row")
    page.fill("#id_option", "Carry on as now")
    page.fill("#id_running", "754,000")
    page.click("text=Add this row")

    page.wait_for_url(re.compile("sections/money/#question-options"))
    expect(page.locator("#question-options")).to_contain_text("£754,000")
    assert page.input_value("#id_q_budget") == "640,000"
    plain.close()
