"""What the words of a story mean in one paper: shares of its value, days from now, people by key.

In ``words.json`` and in a story's own words: ``{purpose}`` is the purpose of the commission; where an amount is asked,
``25%`` is a share of its value; ``["25%", "75%"]`` are such shares for the years in turn; where a date is asked,
``+25`` is so many working days from the day it is written; where a person is asked, ``@sam`` is somebody of the cast,
and ``@manager`` whoever manages contracts there.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from documents.kinds import TABLE, Json, as_typed
from documents.kinds.tables import cell_question
from documents.shape import QuestionShape
from reporting.demo.stage import Story

_POUND = Decimal(1)


def meant(story: Story, question: QuestionShape, words: Json) -> Json:
    """An answer as the form would have sent it."""
    if question.kind == TABLE.key:
        asked = [cell_question(column) for column in question.columns]
        return [{cell.key: meant(story, cell, row[cell.key]) for cell in asked if row.get(cell.key)} for row in words]
    if question.kind == "money_by_year":
        years = [year.value for year in question.choices]
        return {year: _amount(story, share) for year, share in zip(years, words, strict=False)}
    if not isinstance(words, str):
        return words
    if question.kind == "money":
        return _amount(story, words) if words else None
    if question.kind == "date":
        return story.stage.days.soon(int(words)).isoformat()
    if question.kind == "person":
        return as_typed(str(story.person(words.removeprefix("@")).pk))
    return words.replace("{purpose}", story.told.get("purpose", ""))


def with_decimals(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a file with its amounts exact."""
    amounts = ("baseline", "target", "tolerance")
    return {name: Decimal(str(value)) if name in amounts else value for name, value in row.items()}


def _amount(story: Story, words: str) -> str:
    if not words.endswith("%"):
        return str(Decimal(words).quantize(Decimal("0.01")))
    share = Decimal(story.told["value"][0]) * Decimal(words.removesuffix("%")) / 100
    return str(share.quantize(_POUND).quantize(Decimal("0.01")))
