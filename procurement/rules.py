"""Who may do the acts of this room."""

from __future__ import annotations

from typing import Any

from organisation import clock
from organisation.authority import authority_of
from organisation.models import Person
from organisation.models.authority import Act
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


def _approves_budget(person: Person, request: Any) -> bool:
    """Not whoever wrote the request; and as far as the posts reach, if posts set limits to procuring at all."""
    case = request.case_file
    if person.pk in (request.opened_by_id, request.submitted_by_id):
        return False
    reach = authority_of(person, Act.PROCURE, case.organisation_id, clock.today(), case.service_area_id)
    return reach is None or case.value_ex_vat is None or case.value_ex_vat <= reach


def register_rules() -> None:
    """Register the acts of this room."""
    register("request.open", "open a procurement request", (Role.COMMISSIONER,))
    register("request.write", "write this procurement request", (Role.COMMISSIONER,))
    register("request.approve_budget", "decide on the budget of this", (Role.BUDGET_HOLDER,), also=_approves_budget)
    register("request.triage", "answer this procurement request for CCPS", CCPS)
    register("exercise.open_for_ccps", "open an exercise for CCPS", CCPS)
    register("exercise.attach", "attach a draft contract here", (Role.COMMISSIONER, *CCPS))
    register("exercise.confirm", "confirm what CCPS recommends", (Role.COMMISSIONER,))
    register("exercise.open", "open an exercise for this commission", (Role.COMMISSIONER,))
    register("exercise.run", "run this exercise", (Role.COMMISSIONER, *CCPS), also=_runs)
    register("exercise.award", "award this contract", (Role.COMMISSIONER, Role.SERVICE_LEADER, *CCPS), also=_awards)
