"""Analyse: what was found on each topic, written before the paper of gate 1."""

from __future__ import annotations

from commissioning.models import AnalyseTopic
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from reporting.demo.stage import Story


def write_topics(story: Story) -> None:
    """Write every topic, or why it does not apply; nothing where one is written."""
    commission = story.commission
    sheet = sheet_of("topics")
    if sheet is None or AnalyseTopic.objects.filter(commission=commission).exists():
        return
    for row in story.told.get("topics") or story.stage.words["topics"]:
        save_row(commission, sheet, row, by=story.holder)
