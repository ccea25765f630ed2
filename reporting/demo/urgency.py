"""The urgent route in the demonstration: why it was taken, what both sides advised, what is owed afterwards."""

from __future__ import annotations

from typing import Any

from commissioning.models import CommissionActivity, UrgencyGround
from commissioning.selectors.urgent import route_of
from commissioning.services import urgent
from reporting.demo.stage import Story, act


@act
def hurry(story: Story, details: dict[str, Any]) -> None:
    """Take the urgent route; ``skip`` names activities of the catalogue, ``owed`` tasks with the days until each."""
    commission = story.commission
    ground = UrgencyGround.objects.get(framework=story.organisation.framework, key=details["ground"])
    skipped = CommissionActivity.objects.filter(commission=commission, activity__key__in=details["skip"])
    urgent.mark(
        commission,
        ground=ground,
        explanation=details["because"],
        unforeseen=details["unforeseen"],
        fairness=details["fairness"],
        accepted_risks=details["risks"],
        allowed_by=story.person("leader"),
        by=story.holder,
        activities=set(skipped.values_list("pk", flat=True)),
        skips_request=True,
        owed=[urgent.Owed(title, story.stage.days.day(-days)) for title, days in details["owed"]],
    )


@act
def advise_urgently(story: Story, details: dict[str, Any]) -> None:
    """Give one side's advice on the urgent route that stands."""
    route = route_of(story.commission)
    assert route is not None, "nobody advises before it is urgent"
    urgent.advise(
        route,
        details["side"],
        course_of_action=details["do"],
        risk_assessment=details["risk"],
        by=story.by(details),
    )
