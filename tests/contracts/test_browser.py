"""The pages in a real browser: nothing for axe to find, nothing scrolls sideways, a purchase goes without scripts."""

from datetime import date
from typing import Any

import pytest

from contracts.models import Contract
from contracts.services import facts
from contracts.services.facts import Option
from organisation import clock
from tests.accessibility import faults_of
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (1280, 390, 320)


@pytest.fixture
def where(transactional_db: None) -> buying.Place:
    people.calendars()
    clock.move_to(date(2026, 3, 2))
    return buying.place()


def look(page: Any, base: str, path: str) -> None:
    """Open a page at each width; it keeps its frame, and axe finds nothing."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(base + path)
        assert answer.status == 200, path
        sideways = page.evaluate("document.documentElement.scrollWidth")
        assert sideways <= width, f"{path} scrolls sideways at {width}: {sideways}"
    assert page.locator("h1").count() == 1
    page.set_viewport_size({"width": 1280, "height": 900})
    assert faults_of(page) == [], path


def test_pages_of_an_exercise(where, page, live_server, sign_in_browser) -> None:
    long_name = "Ridgeway and Vale Moving and Handling Training Partnership of the Northern Parishes Limited"
    people.supplier(where.organisation, name=long_name, company_number="01234567", on_watch=True)
    commission = buying.commission(where, title="Moving and handling training for every care worker in the county")
    blocked = buying.commission(where, amount="26000", specification=None)
    sign_in_browser(where.priya)
    base = live_server.url
    look(page, base, f"/commissions/{commission.pk}/exercises/new/")
    look(page, base, f"/commissions/{blocked.pk}/exercises/new/")
    exercise = buying.open_for_prices(where, commission, suppliers=3)
    buying.quote(exercise, "17950.55", note="x" * 900)

    here = exercise.get_absolute_url()
    for path in (
        "",
        "suppliers/add/",
        "suppliers/add/?q=ridge",
        "quotes/add/",
        "decision/",
        "do/decide/",
        "do/abandon/",
    ):
        look(page, base, here + path)


def test_pages_of_a_contract(where, page, live_server, sign_in_browser) -> None:
    contract = make.awarded(where)
    facts.edit(
        contract,
        version=1,
        starts_on=date(2026, 3, 2),
        ends_on=date(2028, 3, 1),
        manager=where.sam,
        review_on=date(2026, 9, 1),
        execution="underhand",
        options=[Option(12, date(2027, 9, 30)), Option(6)],
        by=where.priya,
    )
    base, here = live_server.url, contract.get_absolute_url()
    sign_in_browser(where.tom)
    for path in ("", "do/sign_for_council/"):
        look(page, base, here + path)
    sign_in_browser(where.sam)
    look(page, base, f"{here}facts/")
    make.sign_for_council(contract, where)
    make.sign_for_supplier(contract, where)
    tasks = contract.case_file.mobilisation_tasks.order_by("pk")
    home = f"/mobilisation/{contract.case_file_id}/"
    for path in (here, f"{here}history/", f"{here}do/enter_in_register/", home, f"{home}tasks/add/", "/contracts/"):
        look(page, base, path)
    look(page, base, f"/mobilisation/tasks/{tasks[0].pk}/done/")
    look(page, base, "/contracts/?q=nothing")


def test_purchase_without_scripts(where, browser, live_server, sign_in_browser, context) -> None:
    """From asking to the award and the register, by links, forms and full pages alone."""
    commission = buying.commission(where)
    buying.authority(commission)
    sign_in_browser(where.priya)
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}/commissions/{commission.pk}/")
    page.get_by_role("link", name="Open an exercise").click()
    page.get_by_role("button", name="Open this exercise").click()
    page.get_by_role("link", name="Add a supplier to ask", exact=True).click()
    page.get_by_label("Name of the supplier").first.fill("Safe Hands")
    page.get_by_role("button", name="Find the supplier").click()
    page.get_by_label("By email").check()
    page.get_by_role("button", name="Add this supplier").click()
    for _ in range(2):
        page.get_by_role("button", name="Ask for prices").click()
    page.get_by_role("link", name="Record an answer", exact=True).click()
    page.get_by_label("Which supplier answered?").select_option(label="Safe Hands")
    page.get_by_label("They gave a price").check()
    page.get_by_label("Price excluding VAT").fill("17,950")
    page.get_by_label("Price including VAT").fill("£21,540")
    for label, value in (("Day", "2"), ("Month", "March"), ("Year", "2026")):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Record this answer").click()
    page.get_by_role("link", name="Write the decision", exact=True).click()
    page.get_by_label("Safe Hands: £17,950 excluding VAT").check()
    for label in ("Why these suppliers?", "Why is this value for money?", "What social value does it bring?"):
        page.get_by_label(label).fill("As weighed with the team.")
    page.get_by_label("Who will manage the contract?").select_option(label="Sam Birtles, Contracts")
    page.get_by_role("button", name="Save", exact=True).click()
    for name in ("Record the decision", "Award the contract"):
        for _ in range(2):
            page.get_by_role("button", name=name).click()
    page.wait_for_load_state()
    plain.close()

    contract = Contract.objects.get()
    assert (contract.state, contract.supplier.name, str(contract.case_file.value_ex_vat)) == (
        "awarded",
        "Safe Hands",
        "17950.00",
    )
