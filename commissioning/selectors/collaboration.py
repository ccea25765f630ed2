"""Working with others as its pages show it: own money apart from others', and what a partner's people may see."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum

from commissioning.models import Commission, JointConsideration, Partner, Principle, PrincipleConflict, PrincipleMet
from commissioning.states import CommissionState
from organisation.models import Person
from organisation.standing import standing_of


@dataclass(frozen=True)
class Shares:
    """The value of a commission by whose money it is, in pounds excluding VAT. ``own`` may be nobody's guess yet."""

    total: Decimal | None
    own: Decimal | None
    partners: Decimal
    managed: Decimal


def shares_of(commission: Commission) -> Shares:
    """Whose money it is, in one statement: what is managed for another body is never our own budget."""
    rows = (
        Partner.objects.filter(commission=commission, removed_at=None).values_list("role").annotate(Sum("share_ex_vat"))
    )
    by_role = {role: amount or Decimal(0) for role, amount in rows.order_by("role")}
    managed = by_role.get(Partner.Role.ON_BEHALF, Decimal(0))
    partners = sum((amount for role, amount in by_role.items() if role != Partner.Role.ON_BEHALF), Decimal(0))
    total = commission.case_file.value_ex_vat
    return Shares(total, None if total is None else total - managed - partners, partners, managed)


@dataclass(frozen=True)
class ManagedFunds:
    """What is managed for other bodies, as far as a person may see it; ``total`` and ``received`` in pounds."""

    rows: tuple[Any, ...]
    total: Decimal
    received: Decimal


def managed_funds(person: Person) -> ManagedFunds:
    """Every share that is managed on behalf of another body, largest first, in one statement."""
    rows = Partner.objects.visible_to(person).filter(removed_at=None, role=Partner.Role.ON_BEHALF)
    received = Sum("payments__amount_ex_vat", filter=Q(payments__removed_at=None, payments__received_on__isnull=False))
    found = tuple(
        rows.select_related("commission__case_file")
        .annotate(received=received)
        .order_by(F("share_ex_vat").desc(nulls_last=True), "pk")[:500]
    )
    return ManagedFunds(
        found,
        sum((row.share_ex_vat or Decimal(0) for row in found), Decimal(0)),
        sum((row.received or Decimal(0) for row in found), Decimal(0)),
    )


def considered(commission: Commission) -> JointConsideration | None:
    """What was considered."""
    return JointConsideration.objects.filter(commission=commission).select_related("written_by").first()


def principles_of(commission: Commission) -> list[tuple[Principle, str]]:
    """The principles of its framework with how each is met, two statements, in the framework's order: no rank."""
    framework = commission.case_file.organisation.framework_id
    how = dict(PrincipleMet.objects.filter(commission=commission).values_list("principle_id", "how"))
    return [(row, how.get(row.pk, "")) for row in Principle.objects.in_force().filter(framework_id=framework)]


def conflicts_of(commission: Commission) -> list[PrincipleConflict]:
    """The conflicts that were settled, in one statement."""
    rows = PrincipleConflict.objects.filter(commission=commission, removed_at=None)
    return list(rows.select_related("first", "second", "decided_by").order_by("pk"))


def shared_with(person: Person) -> Any:
    """The partner rows that name an organisation in which this person works: cases shared by partners."""
    rows = Partner.objects.filter(removed_at=None, organisation_id__in=standing_of(person).organisations)
    # A draft is shown to nobody outside.
    return rows.exclude(commission__state=CommissionState.DRAFT).select_related(
        "organisation", "commission__case_file__organisation", "commission__case_file__holder", "commission__category"
    )
