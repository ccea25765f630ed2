"""What the dashboard can be narrowed to, and what it calls things."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import CharField, Value
from django.db.models.functions import Cast

from casework.models import Queue
from commissioning.category_tree import called
from commissioning.models import Category
from organisation.models import Person, ServiceArea
from organisation.standing import standing_of


@dataclass(frozen=True)
class Area:
    """A service area, with its directorate."""

    pk: int
    name: str
    directorate_id: int
    directorate: str


@dataclass(frozen=True)
class Places:
    """The service areas and categories of somebody's organisations."""

    areas: list[Area]
    categories: list[tuple[str, str]]
    # By each category, itself and what is in its branch.
    branches: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def directorates(self) -> list[tuple[str, str]]:
        """The directorates by id, in the order of their names."""
        return list({str(area.directorate_id): area.directorate for area in self.areas}.items())

    def areas_of(self, directorate: int | None) -> frozenset[int] | None:
        """The areas of a directorate; None stands for all."""
        if directorate is None:
            return None
        return frozenset(area.pk for area in self.areas if area.directorate_id == directorate)


def places_for(person: Person) -> Places:
    """Areas and categories, one statement each."""
    organisations = standing_of(person).organisations
    several = len(organisations) > 1
    rows = ServiceArea.objects.filter(organisation__in=organisations).order_by("directorate__name", "name", "pk")
    areas = [
        Area(pk, name, directorate_id, f"{directorate}, {place}" if several else directorate)
        for pk, name, directorate_id, directorate, place in rows.values_list(
            "pk", "name", "directorate", "directorate__name", "organisation__name"
        )
    ]
    # Later rows of a key are its newer versions, whose name counts.
    named = Category.objects.filter(framework__organisations__in=organisations).order_by("pk")
    categories: dict[str, str] = {}
    branches: dict[str, set[str]] = {}
    for key, label, *above in named.values_list("key", called(), "parent__key", "parent__parent__key"):
        categories[key] = label
        for branch in (key, *above):
            branches.setdefault(branch, set()).add(key)
    return Places(
        areas,
        sorted(categories.items(), key=lambda row: row[1]),
        {branch: frozenset(keys) for branch, keys in branches.items()},
    )


@dataclass(frozen=True)
class Names:
    """What queues (by key) and people (by id) are called."""

    queues: dict[str, str]
    people: dict[str, str]


def names_for(person: Person, people: Collection[str]) -> Names:
    """The names of the queues of somebody's organisations, in their order, and of some people. One statement."""
    organisations = standing_of(person).organisations
    text = CharField()
    queues = Queue.objects.filter(framework__organisations__in=organisations)
    persons = Person.objects.filter(pk__in=[int(number) for number in people])
    rows = queues.order_by().annotate(what=Value("queue", text)).values_list("what", "order", "key", "name")
    of_people = persons.order_by().annotate(what=Value("person", text), at=Value(0), number=Cast("pk", text))
    found: dict[str, dict[str, str]] = {"queue": {}, "person": {}}
    for what, _, key, name in rows.union(of_people.values_list("what", "at", "number", "name")).order_by("order"):
        found[what][key] = name
    return Names(found["queue"], found["person"])
