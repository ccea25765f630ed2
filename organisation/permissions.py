"""The one permission function. Every room registers its acts; pages, services, the admin and exports all ask ``may``.

Nothing is allowed unless an act was registered for it and the person holds one of its roles where the subject is.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser

from organisation.actors import Actor, System
from organisation.models.membership import Membership
from organisation.models.organisation import ServiceArea
from organisation.models.person import Person
from organisation.roles import Role
from organisation.standing import Standing, load_standings, standing_of

Also = Callable[[Person, Any], bool]


class UnknownAct(LookupError):
    """Raised for a code that no room has registered: a mistake in the program."""


class NoPlace(TypeError):
    """Raised for a subject that says nowhere which organisation it belongs to: a mistake in the program."""


class Anywhere:
    """The subject of a question that is about no one organisation, such as 'may this person open the admin?'."""


ANYWHERE: Final = Anywhere()
ANY_ROLE: Final[tuple[Role, ...]] = tuple(Role)

Place = tuple[int | None, int | None]


@dataclass(frozen=True)
class Act:
    """Something people may or may not do, and who may."""

    code: str
    words: str
    roles: tuple[Role, ...]
    also: Also | None
    function: str
    with_teams: bool = False

    def role_used(self, standing: Standing, place: Place) -> Role | None:
        """Return the first of the act's roles held at a place, or None."""
        organisation_id, service_area_id = place
        for role in self.roles:
            function = self.function if role == Role.OTHER_FUNCTION else ""
            if organisation_id is None:
                if standing.holds_anywhere(role):
                    return role
            elif standing.holds(role, organisation_id, service_area_id, function):
                return role
        return None


_acts: dict[str, Act] = {}


def register(
    code: str,
    words: str,
    roles: Collection[Role] = (),
    also: Also | None = None,
    function: str = "",
    with_teams: bool = False,
) -> None:
    """Say who may do an act: holders of any of the roles where the subject is, for whom ``also`` is true.

    Without roles, ``also`` decides alone (an act that belongs to a named person, say); without either, nobody
    could ever do it, so that is refused. ``function`` narrows the role 'other function' to one support function.
    ``with_teams`` lets the roles count in the service areas that the subject names as its ``member_areas`` too.
    ``words`` finish the sentence "You may not …".
    """
    if not roles and also is None:
        raise ValueError(f"{code}: give the roles that may, or a condition")
    if function and Role.OTHER_FUNCTION not in roles:
        raise ValueError(f"{code}: a function narrows only the role 'other function'")
    if code in _acts:
        raise ValueError(f"{code} is registered twice")
    _acts[code] = Act(code, words, tuple(roles), also, function, with_teams)


def registered_acts() -> dict[str, Act]:
    """Return every act by its code."""
    return dict(sorted(_acts.items()))


def act_of(code: str) -> Act:
    """Return one act; an unregistered code raises."""
    try:
        return _acts[code]
    except KeyError:
        raise UnknownAct(f"No act is registered as {code!r}") from None


def may(person: Actor | AnonymousUser, code: str, subject: Any) -> bool:
    """Say whether somebody may do an act to a subject today."""
    act = act_of(code)
    if isinstance(person, System):
        return True
    if not isinstance(person, Person) or not person.is_active:
        return False
    if act.roles and _role_used(person, act, subject) is None:
        return False
    return act.also is None or bool(act.also(person, subject))


def role_used(person: Actor | AnonymousUser, code: str, subject: Any) -> Role | None:
    """Return the role by which somebody may do an act to a subject, for the audit trail; None without one."""
    act = act_of(code)
    if not isinstance(person, Person) or not act.roles:
        return None
    return _role_used(person, act, subject)


def _role_used(person: Person, act: Act, subject: Any) -> Role | None:
    """The first role that counts where the subject is, then where its teams are."""
    standing, place = standing_of(person), place_of(subject)
    found = act.role_used(standing, place)
    if found is None and act.with_teams:
        areas = getattr(subject, "member_areas", ())
        found = next((role for area in areas if (role := act.role_used(standing, (place[0], area)))), None)
    return found


def who_may(code: str, subject: Any) -> list[Person]:
    """Return the people who may do an act to a subject today, by name: two statements, however many they are.

    An act decided by its condition alone has no list of holders, so the answer is empty.
    """
    act = act_of(code)
    if not act.roles:
        return []
    place = place_of(subject)
    holders = Membership.objects.in_force().filter(role__in=act.roles)
    if place[0] is not None:
        holders = holders.filter(organisation_id=place[0])
    people = list(Person.objects.filter(pk__in=holders.values("person_id")).order_by("name", "pk"))
    load_standings(people)
    return [person for person in people if may(person, code, subject)]


def place_of(subject: Any) -> Place:
    """Return the organisation and service area a subject belongs to."""
    if isinstance(subject, Anywhere):
        return None, None
    if isinstance(subject, ServiceArea):
        return subject.organisation_id, subject.pk
    holder = getattr(subject, "case_file", None) or subject
    organisation_id = getattr(holder, "organisation_id", None)
    # Something without an organisation must never be taken for something in all of them.
    if organisation_id is None:
        raise NoPlace(f"{type(subject).__name__} belongs to no organisation")
    return organisation_id, getattr(holder, "service_area_id", None)
