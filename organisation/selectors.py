"""Page-shaped reads of this room."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import QuerySet

from organisation import clock
from organisation.models import Cover, Membership, Person
from organisation.roles import Function, Role
from organisation.standing import standing_of


def colleagues_of(person: Person) -> QuerySet[Person]:
    """Return the active people of somebody's own organisations, without themselves: who could cover for them."""
    organisations = set(standing_of(person).organisations)
    if person.organisation_id is not None:
        organisations.add(person.organisation_id)
    people: QuerySet[Person] = Person.objects.active().of_organisations(organisations)
    return people.exclude(pk=person.pk).order_by("name", "pk")


def own_cover(person: Person, on: date | None = None) -> QuerySet[Cover]:
    """Return the cover somebody has set that counts on a day or is still to come, the soonest first."""
    rows = Cover.objects.not_over(on or clock.today()).filter(absent=person)
    return rows.select_related("deputy").order_by("starts_on", "pk")


def roles_held_by(person: Person) -> QuerySet[Membership]:
    """Return the roles somebody holds today, with their places, for the account page."""
    rows = Membership.objects.in_force().filter(person=person).select_related("organisation", "service_area")
    return rows.order_by("organisation__name", "role", "pk")


@dataclass(frozen=True)
class PeopleToTry:
    """People of a demonstration, each with the roles they hold; those without a title are shown at once."""

    title: str
    people: list[tuple[Person, str]]


def people_to_try(most: int = 100) -> list[PeopleToTry]:
    """Return the people of a demonstration in the order a commission meets them: one for each role of the first
    organisation, then everybody else, organisation by organisation.
    """
    held: dict[int, list[str]] = {}
    first: dict[int, int] = {}
    order = {role.value: place for place, role in enumerate(Role)}
    rows = Membership.objects.in_force().order_by("pk").values_list("person_id", "role", "function")
    for person_id, role, function in rows:
        # "Other function" tells nobody which: eight people would look the same.
        words = str(Function(function).label if function else Role(role).label)
        first.setdefault(person_id, order[role])
        if words not in held.setdefault(person_id, []):
            held[person_id].append(words)
    people = Person.objects.active().filter(pk__in=list(held)[:most]).select_related("organisation")
    listed = [(person, ", ".join(held[person.pk])) for person in people]
    listed.sort(key=lambda row: (row[0].organisation_id or 0, first[row[0].pk], row[0].pk))
    at_once: dict[str, tuple[Person, str]] = {}
    for person, words in listed:
        if person.organisation_id == listed[0][0].organisation_id:
            at_once.setdefault(words.split(", ")[0], (person, words))
    groups = [PeopleToTry("", list(at_once.values()))]
    others = [row for row in listed if row not in groups[0].people]
    for place, folded in groupby(others, lambda row: row[0].organisation):
        who = "Everybody else" if place == listed[0][0].organisation else "Everybody"
        groups.append(PeopleToTry(f"{who} at {place}" if place else who, list(folded)))
    return groups
