"""Where somebody stands today: the roles they hold, and for whom they are deputy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser

from organisation import clock
from organisation.models.authority import Cover
from organisation.models.membership import Membership
from organisation.models.person import Person
from organisation.prepared import Prepared

_STANDING = "_standing_today"
_COVERED = "_covered_today"
_ROLE_FIELDS = ("organisation_id", "service_area_id", "role", "function")


class RoleHeld(NamedTuple):
    """One role held today: where, and for which support function."""

    organisation_id: int
    service_area_id: int | None
    role: str
    function: str


@dataclass(frozen=True)
class Standing:
    """Every role one person holds on one day. Without any, the person stands nowhere."""

    roles_held: tuple[RoleHeld, ...] = ()

    @property
    def organisations(self) -> frozenset[int]:
        """The organisations the person works in."""
        return frozenset(held.organisation_id for held in self.roles_held)

    def holds(self, role: str, organisation_id: int, service_area_id: int | None = None, function: str = "") -> bool:
        """Say whether a role is held there.

        A role held without a service area counts in all of them. Asked about the organisation as a whole
        (no service area), a role held in any of its areas counts. Without a function, any function counts.
        """
        return any(
            held.role == role
            and held.organisation_id == organisation_id
            and (service_area_id is None or held.service_area_id in (None, service_area_id))
            and (not function or held.function == function)
            for held in self.roles_held
        )

    def holds_anywhere(self, role: str) -> bool:
        """Say whether a role is held in any organisation."""
        return any(held.role == role for held in self.roles_held)

    def works_in(self, organisation_id: int) -> bool:
        """Say whether any role is held in an organisation."""
        return any(held.organisation_id == organisation_id for held in self.roles_held)

    def roles_in(self, organisation_id: int) -> frozenset[str]:
        """Return the roles held in an organisation, in any of its areas."""
        return frozenset(held.role for held in self.roles_held if held.organisation_id == organisation_id)

    def organisations_as(self, *roles: str) -> frozenset[int]:
        """Return the organisations where any of these roles is held."""
        return frozenset(held.organisation_id for held in self.roles_held if held.role in roles)


NOWHERE = Standing()


def standing_of(person: Person | AnonymousUser) -> Standing:
    """Return what somebody is today: one statement, remembered on this person object until the day ends.

    The web makes a new person object for each request, so a role that was taken away is gone on the next one.
    """
    if not isinstance(person, Person) or not person.is_active or person.pk is None:
        return NOWHERE
    day = clock.today()
    known: tuple[date, Standing] = getattr(person, _STANDING, (date.min, NOWHERE))
    if known[0] != day:
        load_standings([person])
        known = getattr(person, _STANDING)
    return known[1]


def load_standings(people: Iterable[Person]) -> None:
    """Find out the standing of several people at once, in one statement."""
    by_id = {person.pk: person for person in people}
    day = clock.today()
    held: dict[int, list[RoleHeld]] = {key: [] for key in by_id}
    for person_id, *role in _HELD.rows(people=tuple(by_id)):
        held[person_id].append(RoleHeld(*role))
    for key, person in by_id.items():
        setattr(person, _STANDING, (day, Standing(tuple(held[key]))))


_HELD: Prepared[Any] = Prepared(
    lambda people: Membership.objects.in_force().filter(person_id__in=people).values_list("person_id", *_ROLE_FIELDS)
)


def forget_standing(person: Person) -> None:
    """Ask again next time: needed only where a role changes while the same object is still in use."""
    for name in (_STANDING, _COVERED):
        if hasattr(person, name):
            delattr(person, name)


def covered_by(person: Person | AnonymousUser) -> tuple[Person, ...]:
    """Return the people somebody is deputy for today: one statement, remembered like the standing."""
    if not isinstance(person, Person) or not person.is_active or person.pk is None:
        return ()
    day = clock.today()
    known: tuple[date, tuple[Person, ...]] | None = getattr(person, _COVERED, None)
    if known is None or known[0] != day:
        rows = Cover.objects.in_force(day).filter(deputy=person, absent__is_active=True)
        absent = {cover.absent_id: cover.absent for cover in rows.select_related("absent").order_by("absent__name")}
        known = (day, tuple(absent.values()))
        setattr(person, _COVERED, known)
    return known[1]
