"""The one scope: which case files a person can see. Pages, lists, counts, search, files and exports all use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from organisation.standing import standing_of

if TYPE_CHECKING:
    from casework.models import CaseFile
    from organisation.models import Person


@dataclass(frozen=True)
class Scope:
    """Who is asking, as a query needs it: their number and those of the organisations they work in today."""

    person: int
    organisations: tuple[int, ...]


def scope_of(person: Person | Scope) -> Scope:
    """The scope of a person, or the one in hand; somebody who stands nowhere sees nothing."""
    if isinstance(person, Scope):
        return person
    return Scope(person.pk, tuple(sorted(standing_of(person).organisations)))


def _walls_against(person: int) -> models.QuerySet[Any]:
    walls: models.QuerySet[Any] = apps.get_model("casework", "Wall")._default_manager.all()
    return walls.filter(person_id=person, lifted_at__isnull=True)


def visible_cases(person: Person | Scope, prefix: str = "case_file__") -> Q:
    """What ``person`` may see, as a condition on anything that points at a case file through ``prefix``.

    A person sees the case files of the organisations they work in, less those they are walled off from. The wall
    test is one sub-query, so the cost does not grow with the number of rows.
    """
    scope = scope_of(person)
    case_id = f"{prefix}id" if prefix else "id"
    behind = Q(case_file_id=OuterRef(case_id)) | Q(case_file_id=OuterRef(f"{prefix}root_id"))
    walled = Exists(_walls_against(scope.person).filter(behind))
    return Q(**{f"{prefix}organisation_id__in": scope.organisations}) & ~Q(walled)


def visible_here(person: Person | Scope) -> Q:
    """The same scope for rows that hold ``organisation`` beside ``case_file``: told from themselves alone.

    For counts over many rows. The walls against a person are few, so the files behind them are found first.
    """
    scope = scope_of(person)
    walled = _walls_against(scope.person).values("case_file_id")
    under = apps.get_model("casework", "CaseFile")._default_manager.filter(root_id__in=walled).values("pk")
    return Q(organisation_id__in=scope.organisations) & ~(Q(case_file_id__in=walled) | Q(case_file_id__in=under))


def people_seeing(case_file: CaseFile) -> models.QuerySet[Person]:
    """The same scope from the other side: the people who may see a case file. For messages, which ask of others."""
    people: models.QuerySet[Person] = apps.get_model("organisation", "Person")._default_manager.all()
    memberships = apps.get_model("organisation", "Membership")._default_manager
    here = memberships.in_force().filter(organisation_id=case_file.organisation_id)
    walls = apps.get_model("casework", "Wall")._default_manager.filter(
        lifted_at__isnull=True, case_file_id__in=[case_file.pk, case_file.root_id or case_file.pk]
    )
    return people.filter(
        Exists(here.filter(person_id=OuterRef("pk"))), ~Exists(walls.filter(person_id=OuterRef("pk"))), is_active=True
    )


class CaseFileQuerySet(models.QuerySet[Any]):
    """Questions asked of case files."""

    def visible_to(self, person: Person | Scope) -> Self:
        """Only the files this person may see."""
        return self.filter(visible_cases(person, prefix=""))

    def open(self) -> Self:
        """Files whose record is still moving."""
        return self.filter(is_open=True)


class CaseRecordQuerySet(models.QuerySet[Any]):
    """The same scope for records that hold a ``case_file``, or reach one by ``case_prefix``."""

    case_prefix: ClassVar[str] = "case_file__"

    def visible_to(self, person: Person | Scope) -> Self:
        """Only the records whose file this person may see."""
        return self.filter(visible_cases(person, prefix=self.case_prefix))


class MessageQuerySet(models.QuerySet[Any]):
    """Questions asked of messages."""

    def notices_of(self, person: Person | int) -> Self:
        """What one person has been told, less what is about cases they may no longer see."""
        return self.filter(person=person, is_notice=True).still_seen()

    def still_seen(self) -> Self:
        """Messages about no case, or about one that whoever they are for may see now; nobody is told of another."""
        return self.filter(_seen_by_reader())

    def seen_marked(self) -> Self:
        """Say of each message whether its reader may still see the case: ``is_seen``."""
        return self.annotate(is_seen=ExpressionWrapper(_seen_by_reader(), output_field=models.BooleanField()))


def _seen_by_reader() -> Q:
    members = apps.get_model("organisation", "Membership")._default_manager.in_force()
    walls = apps.get_model("casework", "Wall")._default_manager.filter(lifted_at__isnull=True)
    reader = OuterRef(OuterRef("person_id"))
    case = apps.get_model("casework", "CaseFile")._default_manager.filter(
        Exists(members.filter(person_id=reader, organisation_id=OuterRef("organisation_id"))),
        ~Exists(walls.filter(Q(case_file_id=OuterRef("pk")) | Q(case_file_id=OuterRef("root_id")), person_id=reader)),
        pk=OuterRef("case_id"),
    )
    return Q(case_id__isnull=True) | Q(Exists(case))
