"""Worked example 22.3: £60,000 of meeting-room screens, bought by CCPS through quotations, in a browser."""

from __future__ import annotations

from datetime import date

import pytest

from casework.models import WorkItem
from commissioning.models import Commission
from organisation import clock
from tests.journeys.conftest import Council
from tests.journeys.steps import (
    Need,
    agree_plan,
    answer_questions,
    answer_risk,
    decide_to_buy,
    do_stage,
    move_on,
    record_authority,
    register,
    screen,
    sign_off_specification,
    write_request,
)
from tests.journeys.walking import Walker

SCREENS = Need(
    "Meeting-room screens",
    "Twelve meeting rooms have projectors that no longer work with the laptops staff carry.",
    "60,000",
    "72,000",
    date(2026, 9, 1),
    category="Information and communications technology",
)


@pytest.fixture
def first_day() -> date:
    return date(2026, 2, 2)


def into_plan(walk: Walker, council: Council) -> Commission:
    """Registered, started and through Analyse: a quotation at low risk, of which no queue hears."""
    commission = register(walk, council, SCREENS)
    walk.see("It is in the tier “Quotation”.")
    answer_risk(walk, commission)
    record_authority(walk, commission, "To commission", "To procure", reference="DD-2026-020")
    walk.go(f"/commissions/{commission.pk}/").press("Start this commission").press("Start this commission")
    walk.see("COM-2026-0001 started under rules version 1.")
    assert WorkItem.objects.filter(queue__isnull=False).count() == 0
    agree_plan(walk, commission)
    do_stage(walk, commission, "analyse")
    answer_questions(walk, commission, "analyse")
    screen(walk, commission)
    move_on(walk, commission, "Plan")
    return commission


def test_22_3_runs_from_first_screen_to_last(walk: Walker, council: Council) -> None:
    commission = into_plan(walk, council)
    clock.move_to(date(2026, 2, 23))
    decide_to_buy(walk, commission, "No team of ours makes or hangs screens.")
    sign_off_specification(walk, council, commission)
    clock.move_to(date(2026, 3, 4))
    request = write_request(walk, council, commission, {})
    walk.go(request).press("Submit the request to CCPS").press("Submit the request to CCPS")
    walk.see("PRF-2026-0001 submitted. CCPS answers by 11 March 2026.")
