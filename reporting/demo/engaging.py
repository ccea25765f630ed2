"""Engagement and impact in the demonstration: somebody is asked at each stage of the full set, effects are known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from commissioning.engagement_sheets import ENGAGEMENT
from commissioning.impact_sheets import IMPACT_EFFECTS
from commissioning.models import Engagement, FeedbackChannel
from commissioning.selectors import dossiers
from commissioning.services import feedback, sheets
from organisation import clock
from organisation.models import Organisation
from reporting.demo.stage import Story, act

MESSAGES = (
    ("service", "My mother waits two hours for her lunch to come. The people who bring it are kind."),
    ("tender", "We are a small firm. Where do we hear in time that you want to buy something?"),
)
Details = dict[str, Any]


@act
def engage(story: Story, details: Details) -> None:
    """Write an entry of the story's own in the engagement log."""
    _write(story, details)


def engage_in(story: Story, stage: str) -> None:
    """Write what is usual in a stage, where the log is asked for and has nothing of that stage yet."""
    commission = story.commission
    if Engagement.objects.filter(commission=commission, stage=stage).exists():
        return
    if dossiers.load_without_activities(commission).need(1) == "required":
        for told in story.stage.words["engagement"].get(stage, ()):
            _write(story, told | {"stage": stage})


def enter_effects(story: Story) -> None:
    """Write down who gains and who may lose; the commissioner sees to what is done about it."""
    for told in story.stage.words["impact_effects"]:
        given = {name: value for name, value in told.items() if name != "due_in"}
        if "due_in" in told:
            given |= {"owner": story.holder, "due_on": clock.today() + timedelta(days=told["due_in"])}
        sheets.save_row(story.commission, IMPACT_EFFECTS, given, by=story.holder)


def open_feedback(organisations: Iterable[Organisation]) -> None:
    """Open every council's public form, and let the first messages come in."""
    for organisation in organisations:
        channel = FeedbackChannel.objects.create(organisation=organisation)
        for topic, words in MESSAGES:
            feedback.receive(channel, topic=topic, words=words)


def _write(story: Story, told: Details) -> None:
    given = {name: value for name, value in told.items() if name not in ("by", "notice_days_before")}
    today = clock.today()
    if "notice_days_before" in told:
        given["notice_on"] = today - timedelta(days=told["notice_days_before"])
    given = {"takes_place_on": today, "standing_is": Engagement.Standing.HELD} | given
    sheets.save_row(story.commission, ENGAGEMENT, given, by=story.by(told))
