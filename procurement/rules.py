"""Who may do the acts of this room."""

from __future__ import annotations

from typing import Any

from organisation.models import Person
from organisation.permissions import place_of, register
from organisation.roles import Role
from organisation.standing import standing_of
from procurement.states import RunBy

CCPS = (Role.CCPS_OFFICER, Role.CCPS_MANAGER)


def _holds(person: Person, subject: Any, roles: tuple[Role, ...]) -> bool:
    organisation_id, area_id = place_of(subject)
    standing = standing_of(person)
    return organisation_id is not None and any(standing.holds(role, organisation_id, area_id) for role in roles)


def _runs(person: Person, exercise: Any) -> bool:
    """Whoever runs it acts on it: the service its own, CCPS its own."""
    return _holds(person, exercise, (Role.COMMISSIONER,) if exercise.run_by == RunBy.SERVICE else CCPS)


def _awards(person: Person, exercise: Any) -> bool:
    own = (Role.COMMISSIONER, Role.SERVICE_LEADER)
    return _holds(person, exercise, own if exercise.run_by == RunBy.SERVICE else CCPS)


def register_rules() -> None:
    """Register the acts of this room."""
    register("exercise.open", "open an exercise for this commission", (Role.COMMISSIONER,))
    register("exercise.run", "run this exercise", (Role.COMMISSIONER, *CCPS), also=_runs)
    register("exercise.award", "award this contract", (Role.COMMISSIONER, Role.SERVICE_LEADER, *CCPS), also=_awards)
