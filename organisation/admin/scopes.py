"""Which rows of a table an administrator or auditor has before them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db.models import Model, Q, QuerySet

from organisation.models import CommissioningFramework, Membership, Person

M = TypeVar("M", bound=Model)


class Scope(Protocol):
    """Narrows a table to what belongs to some organisations."""

    def narrow(self, rows: QuerySet[M], organisations: Collection[int]) -> QuerySet[M]:
        """Keep the rows that belong to any of the organisations."""
        ...


@dataclass(frozen=True)
class OfOrganisation:
    """Rows that belong to one organisation, found along a path such as 'post__organisation'."""

    path: str = "organisation"

    def narrow(self, rows: QuerySet[M], organisations: Collection[int]) -> QuerySet[M]:
        """Keep the rows of the organisations."""
        return rows.filter(**{f"{self.path}__in": organisations})


@dataclass(frozen=True)
class OfFramework:
    """Rows of a commissioning framework, found along a path; an empty path is the framework itself."""

    path: str = "framework"

    def narrow(self, rows: QuerySet[M], organisations: Collection[int]) -> QuerySet[M]:
        """Keep the rows of frameworks the organisations keep, or follow where nobody keeps them."""
        followed = Q(kept_by=None, organisations__in=organisations)
        kept = CommissioningFramework.objects.filter(Q(kept_by__in=organisations) | followed).values("pk")
        return rows.filter(**{f"{self.path or 'pk'}__in": kept})


@dataclass(frozen=True)
class OfKeeper:
    """Rows common to all, unless one organisation keeps them; the path leads to the row that says so."""

    path: str = ""

    def narrow(self, rows: QuerySet[M], organisations: Collection[int]) -> QuerySet[M]:
        """Keep the rows nobody keeps, and those the organisations keep."""
        if not organisations:
            return rows.none()
        field = f"{self.path}__kept_by" if self.path else "kept_by"
        return rows.filter(Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__in": organisations}))


@dataclass(frozen=True)
class CommonToAll:
    """Rows the whole installation shares, such as figures set by law."""

    def narrow(self, rows: QuerySet[M], organisations: Collection[int]) -> QuerySet[M]:
        """Keep every row, for anyone with an organisation."""
        return rows if organisations else rows.none()


@dataclass(frozen=True)
class OfPeople:
    """People employed by an organisation, or who hold or held a role there."""

    def narrow(self, rows: QuerySet[M], organisations: Collection[int]) -> QuerySet[M]:
        """Keep the people of the organisations."""
        members: Any = Membership.objects.filter(organisation__in=organisations).values("person")
        return rows.filter(Q(organisation__in=organisations) | Q(pk__in=members))


@dataclass(frozen=True)
class OfAbsentPerson:
    """Cover, which belongs where the person who is away does."""

    def narrow(self, rows: QuerySet[M], organisations: Collection[int]) -> QuerySet[M]:
        """Keep the cover of the organisations' people."""
        return rows.filter(absent__in=OfPeople().narrow(Person.objects.all(), organisations).values("pk"))
