"""The rows of my work as the page draws them, and the dates written on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from organisation import clock
from organisation.formatting import day, in_days, sentence_start
from organisation.working_days import ENGLAND, holidays_of
from reporting.selectors.news import Change, Notice, QueueCount
from reporting.selectors.thing_columns import Thing


@dataclass(frozen=True)
class WorkRow:
    """One row of Decide or Do, as the component draws it."""

    title: str
    url: str
    meta: list[str]
    tags: list[tuple[str, str]] = field(default_factory=list)
    quote: str = ""
    advice: list[tuple[str, str, str]] = field(default_factory=list)
    due: str = ""
    due_words: str = ""
    tone: str = "calm"
    due_on: date | None = None
    is_overdue: bool = False


@dataclass(frozen=True)
class WatchRow:
    """One row of Watch."""

    title: str
    url: str
    reference: str
    value: str
    what_next: str
    note: str
    day: str
    day_words: str
    tone: str
    is_high_risk: bool


@dataclass(frozen=True)
class DraftRow:
    """A paper that was begun and not sent."""

    title: str
    url: str
    note: str
    tag: None = None


@dataclass(frozen=True)
class MyWork:
    """The whole page."""

    headline: str
    overdue: str
    away: str
    away_words: str
    decide: list[WorkRow]
    do: list[WorkRow]
    watch: list[WatchRow]
    is_watch_cut: bool
    drafts: list[DraftRow]
    since: str
    changes: list[Change]
    notices: list[Notice]
    queues: list[QueueCount]
    visit: Thing | None


class Days:
    """Dates written once, against one calendar."""

    def __init__(self) -> None:
        self.today = clock.today()
        self.holidays = holidays_of(ENGLAND)

    def due(self, on: date | None) -> dict[str, Any]:
        """The date of a row, with what it means."""
        if on is None:
            return {}
        return {
            "due": day(on),
            "due_words": sentence_start(in_days(on, self.today, self.holidays)),
            "tone": self.tone(on),
            "due_on": on,
            "is_overdue": on < self.today,
        }

    def tone(self, on: date) -> str:
        """Late, soon (within two working days, as people plan their week) or calm."""
        if on < self.today:
            return "late"
        words = in_days(on, self.today, self.holidays)
        return "soon" if words in ("today", "in 1 working day", "in 2 working days") else "calm"
