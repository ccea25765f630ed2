"""Loading the demonstration, once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from casework import framework_loading
from casework.audit import audited
from contracts.services.endings import raise_endings
from organisation import clock
from organisation.formatting import day
from organisation.models import CommissioningFramework, Organisation
from organisation.services.reference_data import load_calendars, load_statutory_figures
from reporting.demo import acts, buying, gates, governing, requests, running, tenders, urgency
from reporting.demo.council import LOADER, make_councils
from reporting.demo.days import Days
from reporting.demo.engaging import open_feedback
from reporting.demo.phases import told_out
from reporting.demo.stage import Stage, Story, furthest, play

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FRAMEWORK = FIXTURES / "frameworks" / "default"
# The councils are there before the first story begins.
BEFORE_WORK = "07:00"
# One password for all the invented people, told by the command that makes them. They exist only in a demonstration.
PASSWORD = "try-gatehouse-today"  # noqa: S105 - meant to be known

# Importing them offers their acts to the timelines.
ACTS = (acts, buying, requests, running, gates, governing, tenders, urgency)


class RulesTooYoung(ValueError):
    """The framework here has no rules yet for the first days of the history, which follows statutory times exactly."""


def words() -> dict[str, Any]:
    """What is written where a story says nothing of its own."""
    found: dict[str, Any] = _read("words") | {
        "engagement": _read("engagement"),
        "impact_effects": _read("impact_effects"),
    }
    return found


def stories() -> list[dict[str, Any]]:
    """Every commission of the files, with its timeline told out."""
    phases = _read("phases")
    told = [*_read("commissions"), *_read("further_commissions")]
    return [
        one | {"number": number, "timeline": told_out(one["timeline"], phases)}
        for number, one in enumerate(told, start=1)
    ]


def is_loaded() -> bool:
    """Whether the demonstration is here already."""
    return Organisation.objects.filter(key__in=[row["key"] for row in _read("councils")]).exists()


def load() -> int:
    """Make the councils and play their history; says how many commissions came of it.

    All or nothing: one transaction. The clock is moved through the past meanwhile and ends at the real time, whatever
    it showed before.
    """
    clock.move_back()
    try:
        with transaction.atomic():
            return _load()
    finally:
        clock.move_back()


def _load() -> int:
    load_calendars()
    load_statutory_figures()
    told = stories()
    today, longest = clock.today(), furthest(told)
    framework = _framework(Days(today), longest)
    first_rules = framework.rules_versions.order_by("valid_from").values_list("valid_from", flat=True)[0]
    days = Days(today)
    if first_rules > days.day(longest):
        raise RulesTooYoung(
            f"The demonstration begins on {day(days.day(longest))}, but the rules only on {day(first_rules)}."
            " Load it into an empty database, before any framework."
        )
    clock.move_to(days.moment(longest, BEFORE_WORK))
    with audited(by=LOADER):
        cast = make_councils(_read("councils"), framework, days, password=PASSWORD)
    stage = Stage(cast, days, words(), _read("lines"))
    play([Story(stage, one) for one in told], days)
    clock.move_back()
    # What the night would have asked about contracts that end before long; the other ticks come by themselves.
    raise_endings(clock.today())
    open_feedback(cast.organisations.values())
    return len(told)


def _framework(days: Days, longest: int) -> CommissioningFramework:
    """The default framework; where it is not loaded yet, as if it had been on the first day of the history."""
    content = framework_loading.read(FRAMEWORK)
    found = CommissioningFramework.objects.filter(key=content["key"]).first()
    if found is None:
        clock.move_to(days.moment(longest, BEFORE_WORK))
        with audited(by=LOADER):
            framework_loading.load(content)
        found = CommissioningFramework.objects.get(key=content["key"])
    return found


def _read(name: str) -> Any:
    return json.loads((FIXTURES / "demo" / f"{name}.json").read_text(encoding="utf-8"))
