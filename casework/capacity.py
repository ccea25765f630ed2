"""In which role somebody acts, for whom, and who else could: for acts that no fixed list of roles decides.

``organisation.permissions`` names the holders of an act's roles. An act that belongs to whoever works a queue, or
asked for something, or covers for somebody, has none; the room that registers such an act says here who they are,
so that a refusal can name them and the trail can say in what capacity the act was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from organisation import permissions
from organisation.actors import Actor, System
from organisation.models import Person


@dataclass(frozen=True)
class Capacity:
    """The role an act is done in, and the absent person it is done for."""

    role: str = ""
    covering_id: int | None = None


CapacityOf = Callable[[Person, Any], Capacity]
PeopleFor = Callable[[Any], Iterable[Person]]

_capacities: dict[str, CapacityOf] = {}
_people: dict[str, PeopleFor] = {}


def register_capacity(act: str, *, capacity: CapacityOf | None = None, people: PeopleFor | None = None) -> None:
    """Say in what capacity somebody does ``act``, and which people may, most fitting first."""
    if capacity is not None:
        _capacities[act] = capacity
    if people is not None:
        _people[act] = people


def capacity_of(by: Actor, act: str, subject: Any) -> Capacity:
    """The capacity in which ``by`` does ``act``, for the audit trail."""
    if isinstance(by, System):
        return Capacity("system")
    known = _capacities.get(act)
    if known is not None:
        return known(by, subject)
    return Capacity(permissions.role_used(by, act, subject) or "")


def people_for(act: str, subject: Any) -> list[Person]:
    """The people who may do ``act`` to ``subject`` today."""
    known = _people.get(act)
    if known is None:
        return permissions.who_may(act, subject)
    return [person for person in known(subject) if permissions.may(person, act, subject)]
