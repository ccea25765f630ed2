"""The pages of Analyse in a browser: under axe, and on a phone without sideways scroll; a file of spend is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from commissioning.models import AreaFact, CommissionActivity
from commissioning.services import activity_papers, decisions
from commissioning.services import sheets as service
from commissioning.sheets import sheet_of
from commissioning.states import ActivityState
from organisation.models import Person
from tests.accessibility import faults_of
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SALFORD = Path(__file__).parents[1] / "data" / "spend" / "salford-2022-06.csv"
LAMBETH = Path(__file__).parents[1] / "data" / "spend" / "lambeth-2012-06.csv"


def filled(alder: Alder) -> dict[str, CommissionActivity]:
    """A commission in Analyse with something in most lists; its activities by key."""
    earlier = steps.in_analyse(alder)
    decisions.add_lesson(
        earlier, context="Winter.", insight="Late.", recommendation="Ask providers in spring", by=alder.priya
    )
    AreaFact.objects.create(
        organisation=alder.council,
        topic="rurality",
        place="Alder",
        fact="area that is rural",
        figure="97%",
        source="Census 2021",
        as_of=date(2021, 3, 21),
    )
    commission = steps.in_analyse(alder)
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    month = date(2026, 10, 1)
    need = {"nature": "Help to get up and dressed", "extent": "210 people", "group": "People over 75"}
    need |= {"place": "Upper Alder", "is_statutory": True, "priority": 1, "met": "partly", "met_by": "The contract"}
    rows: list[tuple[str, dict[str, Any]]] = [
        ("needs", need | {"source": "Returns", "source_on": date(2026, 3, 1)}),
        ("user_groups", {"name": "People leaving hospital", "number": 1200, "months": 6, "source": "NHS"}),
        ("budget", {"code": "R40-2201", "source": "Base budget", "year": 2026, "amount": Decimal(120000)}),
        ("budget", {"code": "G12-0004", "source": "Public health grant", "year": 2027, "amount": Decimal(98000)}),
        ("forecast", {"what": "Visits", "basis": "Past spend and 4%", "year": 2027, "amount": Decimal(125000)}),
        ("work_time", {"team": "Adult Services", "person": alder.sam, "month": month, "days": Decimal(19), "work": ""}),
        ("laws", {"name": "Care Act 2014", "origin": "external", "effect": "Visits must last", "action": "Set it"}),
        ("law_changes", {"name": "Living wage", "what": "It rises by 4%", "effect": ""}),
        ("requirements", {"text": "Visits on time", "firmness": 1, "measure": "95%"}),
        ("topics", {"topic": "legislation", "does_not_apply": False, "words": "The Care Act binds us."}),
        ("topics", {"topic": "root_causes", "does_not_apply": True, "words": "Nobody here can change them."}),
        ("existing", {"name": "Day centres", "kind": "in_house", "record": earlier.case_file, "note": "Full"}),
        ("need_priorities", {"place": 1, "words": "Those who live alone", "reason": "Nobody else looks in"}),
        ("preferences", {"words": "Eat with others", "group": "People over 80", "source": "Sessions, May 2026"}),
        ("providers", {"name": "Fellside Care", "capability": "Home care, day and night", "source": "Market event"}),
    ]
    for sheet, fields in rows:
        service.save_row(commission, sheet_of(sheet), fields, by=alder.priya)
    return {row.activity.key: row for row in commission.activities.select_related("activity")}


def test_pages_of_analyse_are_clean_on_a_desk_and_on_a_phone(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    activities = filled(alder)
    commission = activities["needs_assessment"].commission
    paper = activity_papers.begin_form(commission, "needs_assessment", by=alder.priya)
    base = f"/commissions/{commission.pk}"
    sign_in_browser(alder.priya)
    page.goto(f"{live_server.url}{base}/spend/read/")
    page.get_by_label("CSV file").set_input_files(str(SALFORD))
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("read: 59 lines.")).to_be_visible()
    page.goto(f"{live_server.url}{base}/spend/read/")
    page.get_by_label("CSV file").set_input_files(str(LAMBETH))
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("Line 19: it has 5 columns, the header has 6")).to_be_visible()
    report = page.url.removeprefix(live_server.url)
    for path in (
        *(activities[key].get_absolute_url() for key in ("needs_assessment", "resource_analysis", "past_review")),
        *(activities[key].get_absolute_url() for key in ("legislation_policy", "spend_analysis")),
        *(f"{base}/spend/", report, f"{base}/spend/read/", f"{base}/budget/", f"{base}/outputs/analyse/", f"{base}/"),
        *(f"{base}/sheets/needs/add/", f"{base}/sheets/work_time/add/", f"{base}/sheets/findings/add/", "/activities/"),
        *(paper.get_absolute_url(), f"{paper.get_absolute_url()}sections/needs/"),
        *(f"{base}/analyse/", f"{base}/existing/?q=care", f"{base}/questions/analyse/"),
        *(f"{base}/sheets/{key}/add/" for key in ("topics", "existing", "future_locations", "objectives_served")),
    ):
        page.goto(live_server.url + path)
        assert faults_of(page) == [], path
        page.set_viewport_size({"width": 390, "height": 800})
        assert not page.evaluate(SIDEWAYS), path
        page.set_viewport_size({"width": 1280, "height": 900})
