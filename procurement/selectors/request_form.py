"""What CCPS's queue shows of a request's form: what is wanted, and between which days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from documents.models import Paper, Revision
from organisation.formatting import short_day

WANTED, DATES, ON = "help_wanted", "milestones", "on"
MOST = 500


@dataclass(frozen=True)
class Ask:
    """What the form asks for; ``first`` and ``last`` are those of its main dates."""

    wanted: str = ""
    first: date | None = None
    last: date | None = None


def ask_of(paper: Paper) -> Ask:
    """What the form says as it was frozen. One statement."""
    content = Revision.objects.filter(paper=paper, number=paper.revision_number).values_list("content", flat=True)
    frozen = content.first()
    if frozen is None:
        return Ask()
    said = {question["key"]: question for section in frozen["sections"] for question in section["questions"]}
    items = said.get(WANTED, {}).get("shown", {}).get("items", [])
    days = sorted(_days(said.get(DATES, {}).get("value")))
    return Ask("; ".join(items)[:MOST], *((days[0], days[-1]) if days else (None, None)))


def _days(rows: Any) -> list[date]:
    cells = [row["cells"].get(ON) for row in rows or [] if isinstance(row, Mapping)]
    read = [parse_date(cell) for cell in cells if isinstance(cell, str)]
    return [day for day in read if day is not None]


def dates_words(first: date | None, last: date | None) -> str:
    """Dates 3 Mar to 1 Sep 2027."""
    if first is None or last is None:
        return ""
    if first == last:
        return f"Main date {short_day(first)}"
    return f"Dates {short_day(first)} to {short_day(last)}"
