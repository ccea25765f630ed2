"""Playing the stories: every step of every timeline in order of time, through the services, under a moved clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from casework.models import CaseFile
from commissioning.models import Commission
from organisation import clock
from organisation.models import Organisation, Person, ServiceArea, Supplier
from reporting.demo.council import Cast
from reporting.demo.days import Days


@dataclass
class Stage:
    """What every act can reach: the cast, the days, the words for what a story leaves unsaid, the lines of sheets."""

    cast: Cast
    days: Days
    words: dict[str, Any]
    lines: dict[str, Any] = field(default_factory=dict)


@dataclass
class Story:
    """One commission of the file, and the record that came of it once it is registered."""

    stage: Stage
    told: dict[str, Any]
    commission_id: int | None = None

    @property
    def commission(self) -> Commission:
        """The commission as it is now."""
        rows = Commission.objects.select_related("case_file__organisation__framework", "case_file__service_area")
        return rows.select_related("rules_version", "category").get(pk=self.commission_id)

    @property
    def case(self) -> CaseFile:
        """Its file."""
        return self.commission.case_file

    @property
    def organisation(self) -> Organisation:
        """Whose it is."""
        return self.stage.cast.organisations[self.told["council"]]

    @property
    def area(self) -> ServiceArea:
        """The service area that owns the need."""
        return self.stage.cast.areas[self.told["area"]]

    @property
    def holder(self) -> Person:
        """The commissioner, who does whatever nobody else is named for."""
        return self.person(self.told["by"])

    def person(self, key: str) -> Person:
        """Somebody of the cast, by name or by what they are to this story: "leader", "officer", "finance" and so on."""
        known_as = self.stage.cast.known_as[self.told["area"]]
        key = self.told.get("who", {}).get(key) or known_as.get(key, key)
        return self.stage.cast.people[key]

    def supplier(self, key: str) -> Supplier:
        """A supplier of the cast."""
        return self.stage.cast.suppliers[key]

    def by(self, details: dict[str, Any]) -> Person:
        """Who does a step."""
        return self.person(details["by"]) if "by" in details else self.holder


Act = Callable[[Story, dict[str, Any]], None]

_acts: dict[str, Act] = {}


class UnknownAct(LookupError):
    """A timeline names an act that nobody wrote."""


def act(made: Act) -> Act:
    """Offer a function to timelines under its own name."""
    _acts[made.__name__] = made
    return made


def play(stories: list[Story], days: Days) -> None:
    """Play every timeline, all in one order of time, so that the trail reads as it would have been written.

    Moves the clock on before each step, from before the first one; the caller puts it back.
    """
    steps: list[tuple[datetime, int, int, Story, Act, dict[str, Any]]] = []
    for number, story in enumerate(stories):
        before = datetime.min.replace(tzinfo=clock.LONDON)
        for place, (ago, at, name, *details) in enumerate(story.told["timeline"]):
            if name not in _acts:
                raise UnknownAct(f"{story.told['key']}: {name}")
            # Days may fall together when the history is shortened; the order of a story never changes.
            moment = max(days.moment(ago, at), before + timedelta(minutes=2)) if place else days.moment(ago, at)
            before = moment
            steps.append((moment, number, place, story, _acts[name], details[0] if details else {}))
    for moment, _, _, story, step, details in sorted(steps, key=lambda row: row[:3]):
        # Two stories may meet in one minute; the clock never goes back between them.
        if moment > clock.now():
            clock.move_to(moment)
        try:
            step(story, details)
        except Exception as fault:
            fault.add_note(f"In the story {story.told['key']}, step {place + 1}: {step.__name__} {details}")
            raise


def furthest(stories: list[dict[str, Any]]) -> int:
    """How many working days ago the first step of all is."""
    return max((int(step[0]) for story in stories for step in story["timeline"]), default=0)
