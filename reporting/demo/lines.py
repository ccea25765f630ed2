"""The lines that a story enters in the sheets of its activities, before their words are written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from casework.reminder_days import add_months
from commissioning.financial_years import year_of
from commissioning.services.sheets import save_row
from commissioning.sheets import sheets_of_activity
from organisation import clock
from reporting.demo.stage import Story

_AMOUNTS = ("amount", "days")


def enter_lines(story: Story, activity: str) -> None:
    """Enter what the story tells of an activity's sheets; nothing where they hold lines already."""
    told = story.stage.lines.get(story.told["key"], {})
    for sheet in sheets_of_activity(activity):
        if sheet.key in told and not sheet.rows(story.commission).exists():
            for row in told[sheet.key]:
                fields = {name: _value(story, name, value) for name, value in row.items()}
                save_row(story.commission, sheet, fields, by=story.holder)


def _value(story: Story, name: str, value: Any) -> Any:
    """Working days ago become dates, years ahead financial years, months ahead their first day, keys people."""
    if value is None:
        return None
    if name.endswith("_on"):
        return story.stage.days.day(value)
    if name == "year":
        return year_of(clock.today()) + value
    if name == "month":
        return add_months(clock.today().replace(day=1), value)
    if name == "person":
        return story.person(value)
    return Decimal(value) if name in _AMOUNTS else value
