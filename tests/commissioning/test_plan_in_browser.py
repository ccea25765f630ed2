"""The pages of Plan on a phone, without sideways scroll."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page

from commissioning.models import AppraisalOption, Commission, CommissionActivity, Gap, MarketAction
from commissioning.services import options
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from organisation.models import Person
from tests.commissioning import gates, steps
from tests.commissioning.conftest import Alder
from tests.factories import organisation as people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PAGES = ("options/", "plan-stage/", "specification/", "sheets/gaps/", "sheets/option_costs/add/")


def weighed(alder: Alder, commission: Commission) -> AppraisalOption:
    """Three options with costs over the years, scored on three criteria."""
    option = gates.weighed(commission, alder.priya)
    other = save_row(commission, sheet_of("options"), {"name": "One contract for the county"}, by=alder.priya)  # type: ignore[arg-type]
    nothing = AppraisalOption.objects.get(is_do_nothing=True)
    criteria = [
        save_row(commission, sheet_of("option_criteria"), {"name": name, "weight": weight}, by=alder.priya)  # type: ignore[arg-type]
        for name, weight in (("How soon people are helped", 40), ("Quality", 35), ("How sure we are of it", 25))
    ]
    for row, amount, scores in (
        (option, 160_000, (5, 4, 3)),
        (other, 150_000, (4, 4, 3)),
        (nothing, 190_000, (1, 1, 2)),
    ):
        given = {one.pk: (score, "From the market") for one, score in zip(criteria, scores, strict=True)}
        options.save_scores(row, given, version=0, by=alder.priya)  # type: ignore[arg-type]
        for kind, first, last in (("running", 2027, 2030), ("ending", 2030, 2030)):
            fields = {"option": row, "kind": kind, "what": "", "first_year": first, "last_year": last}
            save_row(commission, sheet_of("option_costs"), fields | {"amount": Decimal(amount)}, by=alder.priya)  # type: ignore[arg-type]
    return option


def test_pages_of_plan_fit_a_phone(
    alder: Alder, page: Page, live_server: Any, sign_in_browser: Callable[[Person], None]
) -> None:
    people.statutory_figures()
    commission = steps.put_in(steps.in_analyse(alder, value=640000, ticked=("strategic",)), "plan")
    CommissionActivity.objects.filter(commission=commission).update(state="in_progress")
    option = weighed(alder, commission)
    Gap.objects.create(
        commission=commission, area="services", now="Two teams", wanted="Three", gap="A team in the north"
    )
    MarketAction.objects.create(
        commission=commission, action="Open morning", providers="Small firms", area="North", is_rural=True,
        due_on=date(2026, 10, 1),
    )  # fmt: skip
    activities = {
        key: CommissionActivity.objects.get(commission=commission, activity__key=key).get_absolute_url()
        for key in ("value_for_money", "make_or_buy", "gap_analysis")
    }
    sign_in_browser(alder.priya)
    page.set_viewport_size({"width": 390, "height": 800})
    base = f"/commissions/{commission.pk}/"
    paths = [*(base + path for path in PAGES), f"{base}options/{option.pk}/scores/", *activities.values()]
    for path in (*paths, "/market-actions/"):
        page.goto(live_server.url + path)
        assert not page.evaluate(SIDEWAYS), path
