"""What the pages of this room show."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from casework.models import CaseFile
from organisation.fields import match_name
from organisation.models import Membership, Person, Supplier
from organisation.roles import Role
from procurement.models import Exercise, Quote, SupplierAsked

MOST_FOUND = 20


def suppliers_named(exercise: Exercise, words: str) -> list[Supplier]:
    """Suppliers of the exercise's organisation whose name holds what was typed, without those already asked.

    Spelling that makes no difference is passed over: case, punctuation, "and" or "&", "Ltd" or "Limited".
    """
    wanted = match_name(words)
    if not wanted:
        return []
    known = Supplier.objects.filter(
        organisation_id=exercise.case_file.organisation_id, match_name__contains=wanted
    ).exclude(pk__in=SupplierAsked.objects.filter(exercise=exercise).values("supplier_id"))
    return list(known.order_by("name", "pk")[:MOST_FOUND])


def suppliers_asked(exercise: Exercise) -> QuerySet[Supplier]:
    """The suppliers that were asked, by name."""
    asked = SupplierAsked.objects.filter(exercise=exercise)
    return Supplier.objects.filter(pk__in=asked.values("supplier_id")).order_by("name", "pk")


def standing_prices(exercise: Exercise) -> QuerySet[Quote]:
    """The prices that can be chosen, lowest first."""
    rows = Quote.objects.filter(exercise=exercise, declined=False, replaced_at__isnull=True)
    return rows.select_related("supplier").order_by("amount_ex_vat", "pk")


def contract_managers(case_file: CaseFile) -> QuerySet[Person]:
    """Who may manage a contract of this organisation and service area today, by name."""
    here = Q(service_area__isnull=True) | Q(service_area_id=case_file.service_area_id)
    held = Membership.objects.in_force().filter(
        here, role=Role.CONTRACT_MANAGER, organisation_id=case_file.organisation_id
    )
    return Person.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("name", "pk")
