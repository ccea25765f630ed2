"""Loading the reference data the product ships with: calendars and statutory figures.

A row that is already there is left as it is, so that loading again never undoes what an administrator corrected.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from organisation.models.calendar import BankHoliday, WorkingCalendar
from organisation.models.statutory_figure import StatutoryFigure
from organisation.statutory_figures import forget_figures
from organisation.working_days import forget_holidays

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@dataclass(frozen=True)
class Loaded:
    """How many rows a load added, and how many it found there already."""

    added: int
    there: int

    def __str__(self) -> str:
        return f"{self.added} added, {self.there} already there"


@transaction.atomic
def load_calendars(path: Path = FIXTURES / "calendars.json") -> Loaded:
    """Add the calendars and holidays of a file that are not there yet."""
    content = _read(path)
    loaded = []
    for entry in content["calendars"]:
        included = WorkingCalendar.objects.get(key=entry["includes"]) if entry.get("includes") else None
        defaults = {"name": entry["name"], "includes": included}
        calendar, _ = WorkingCalendar.objects.get_or_create(key=entry["key"], defaults=defaults)
        days = [BankHoliday(calendar=calendar, **day) for day in entry["bank_holidays"]]
        loaded.append(_add_missing(days))
    forget_holidays()
    return Loaded(sum(one.added for one in loaded), sum(one.there for one in loaded))


@transaction.atomic
def load_statutory_figures(path: Path = FIXTURES / "statutory_figures.json") -> Loaded:
    """Add the statutory figures of a file that are not there yet."""
    loaded = _add_missing([StatutoryFigure(**row) for row in _read(path)["figures"]])
    forget_figures()
    return loaded


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _add_missing(rows: list[Any]) -> Loaded:
    """Add rows in one statement; the table's unique key passes over those that are there."""
    if not rows:
        return Loaded(0, 0)
    model = type(rows[0])
    before = model.objects.count()
    model.objects.bulk_create(rows, ignore_conflicts=True)
    added = model.objects.count() - before
    return Loaded(added, len(rows) - added)
