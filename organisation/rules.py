"""Who may do the acts of this room."""

from typing import Any

from django.conf import settings

from organisation.models.framework import CommissioningFramework
from organisation.models.organisation import Organisation
from organisation.models.person import Person
from organisation.models.statutory_figure import StatutoryFigure
from organisation.permissions import Anywhere, place_of, register
from organisation.roles import Role
from organisation.standing import standing_of


def asked_about(subject: Any) -> Any:
    """Return the row whose place decides about a subject.

    A row beneath another says so by ``belongs_with``: a bank holiday belongs with its calendar, a holding with its
    post. A row of a commissioning framework belongs with the framework.
    """
    while True:
        above = getattr(subject, "belongs_with", None)
        if above is None and getattr(subject, "framework_id", None) is not None:
            # An organisation follows a framework, but is its own place.
            above = None if isinstance(subject, Organisation) else subject.framework
        if above is None:
            return subject
        subject = above


def holds_where_kept(person: Person, subject: Any, roles: tuple[Role, ...]) -> bool:
    """Say whether somebody holds one of the roles where a subject is looked after."""
    organisations = standing_of(person).organisations_as(*roles)
    if not organisations:
        return False
    subject = asked_about(subject)
    if isinstance(subject, Anywhere | StatutoryFigure):
        return True
    if isinstance(subject, Person):
        return _looks_after_person(organisations, subject)
    if not hasattr(subject, "kept_by_id"):
        return place_of(subject)[0] in organisations
    if subject.kept_by_id is not None:
        return subject.kept_by_id in organisations
    if isinstance(subject, CommissioningFramework):
        return subject.organisations.filter(pk__in=organisations).exists()
    return True


def _looks_after_person(organisations: frozenset[int], subject: Person) -> bool:
    """An account is its employer's to look after; where no employer is known, any organisation's it works for."""
    if subject.organisation_id is not None:
        return subject.organisation_id in organisations
    return subject.pk is not None and subject.memberships.filter(organisation_id__in=organisations).exists()


def _administers(person: Person, subject: Any) -> bool:
    return holds_where_kept(person, subject, (Role.ADMINISTRATOR,))


def _reads(person: Person, subject: Any) -> bool:
    subject = asked_about(subject)
    if isinstance(subject, Person) and subject.pk is not None:
        # A colleague from elsewhere who holds a role here can be seen here, and is changed only by their employer.
        organisations = standing_of(person).organisations_as(Role.ADMINISTRATOR, Role.AUDITOR)
        if subject.memberships.filter(organisation_id__in=organisations).exists():
            return True
    return holds_where_kept(person, subject, (Role.ADMINISTRATOR, Role.AUDITOR))


def _is_self(person: Person, subject: Any) -> bool:
    return isinstance(subject, Person) and subject.pk == person.pk


def _while_movable(person: Person, subject: Any) -> bool:
    return bool(settings.MOVABLE_CLOCK)


def register_rules() -> None:
    """Register the acts of this room."""
    register("admin.enter", "open the administration pages", (Role.ADMINISTRATOR, Role.AUDITOR))
    register("admin.view", "see this in the administration pages", also=_reads)
    register("admin.edit", "change this in the administration pages", also=_administers)
    register("account.cover", "set this person's cover", also=_is_self)
    register("clock.move", "move the clock", also=_while_movable)
