"""Award waits for a decision's call-in and, on the urgent route, for both sides' advice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework import door
from casework.refusals import Blocked
from commissioning.models import DecisionEntry, GovernanceRoute, UrgencyGround, UrgentAdvice, UrgentRoute
from organisation import clock
from procurement.models import Exercise
from tests.factories import procurement as make


def ready(where: Any) -> Exercise:
    """Decided, with authority: nothing else stands in the way."""
    exercise = make.decided(where)
    make.authority(exercise.commission, provider=exercise.chosen.supplier)
    return exercise


def blocked(exercise: Exercise, by: Any) -> list[str]:
    with pytest.raises(Blocked) as refused:
        door.carry_out(exercise, "award", by=by)
    return [blocker.words for blocker in refused.value.blockers]


def test_award_waits_for_the_end_of_call_in(where: Any) -> None:
    exercise = ready(where)
    today = clock.today()
    entry = DecisionEntry.objects.create(
        commission=exercise.commission,
        route=GovernanceRoute.objects.filter(framework=exercise.commission.case_file.organisation.framework)[0],
        notice="forward_plan",
        title="Award",
        published_on=today - timedelta(days=40),
        recorded_by=where.priya,
    )
    assert blocked(exercise, where.tom) == ["Decision “Award”: not taken yet"]
    DecisionEntry.objects.filter(pk=entry.pk).update(decided_on=today, decision_published_on=today, call_in_days=5)
    assert "call-in runs" in blocked(exercise, where.tom)[0]
    clock.move_to(today + timedelta(days=14))
    assert door.carry_out(exercise, "award", by=where.tom).subject.state == "awarded"


@pytest.mark.requirement("N-057")
def test_award_waits_for_both_sides_on_the_urgent_route(where: Any) -> None:
    exercise = ready(where)
    ground = UrgencyGround.objects.create(
        framework=exercise.commission.case_file.organisation.framework, key="flood", name="Flood"
    )
    route = UrgentRoute.objects.create(
        commission=exercise.commission, ground=ground, explanation="x", unforeseen="x", fairness="x",
        accepted_risks="x", allowed_by=where.tom, allowed_on=clock.today(), marked_by=where.priya,
    )  # fmt: skip
    assert blocked(exercise, where.tom) == [
        "Urgent route: commissioner leadership has not advised",
        "Urgent route: CCPS has not advised",
    ]
    for side in ("ccps", "leadership"):
        UrgentAdvice.objects.create(
            route=route, side=side, adviser=where.tom, course_of_action="x", risk_assessment="x"
        )
    assert door.carry_out(exercise, "award", by=where.tom).subject.state == "awarded"
