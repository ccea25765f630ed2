"""In-house services: commissions that the council delivers itself."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from commissioning.existing_delivery import Delivered, register_search
from commissioning.models import Commission, DeliveryDecision, ExistingDelivery
from commissioning.states import CommissionState
from organisation.models import Person

MOST = 25
#: The delivery model of what the council does itself, by its key in the framework.
IN_HOUSE = "in_house"
DELIVERED = (CommissionState.SECURE, CommissionState.REVIEW)


def in_house_services(person: Person, commission: Commission, words: str) -> list[Delivered]:
    """Commissions whose standing decision is to deliver in-house, by words or of the same category; one statement."""
    decided = DeliveryDecision.objects.filter(
        commission=OuterRef("pk"), superseded_at__isnull=True, model__key=IN_HOUSE
    )
    rows = Commission.objects.visible_to(person).filter(Exists(decided), state__in=DELIVERED)
    if words:
        rows = rows.filter(Q(case_file__title__icontains=words) | Q(case_file__reference__icontains=words))
    else:
        rows = rows.filter(category_id=commission.category_id or 0)
    found = rows.exclude(pk=commission.pk).select_related("case_file__service_area").order_by("-pk")[:MOST]
    return [
        Delivered(
            row.case_file_id,
            ExistingDelivery.Kind.IN_HOUSE,
            row.case_file.reference,
            row.case_file.title,
            f"{row.case_file.service_area or 'No service area'}, {row.get_state_display()}",
            row.case_file.path,
        )
        for row in found
    ]


def register_own() -> None:
    """Register the search."""
    register_search("In-house services", 20, in_house_services)
