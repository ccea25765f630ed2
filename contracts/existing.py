"""The contracts register as a place where a commission looks for what the council does already."""

from __future__ import annotations

from commissioning.existing_delivery import Delivered, register_search
from commissioning.models import Commission, ExistingDelivery
from contracts.selectors.pages import ends_words
from contracts.selectors.register import Filters, contracts_for
from contracts.states import OVER, ContractState
from organisation.models import Person

MOST = 25


def contracts_of(person: Person, commission: Commission, words: str) -> list[Delivered]:
    """Contracts that are not over, by words or of the same category, soonest to end first; in one statement."""
    category = "" if words or commission.category is None else commission.category.key
    if not words and not category:
        return []
    rows = contracts_for(person, Filters(text=words, category=category)).exclude(state__in=OVER)
    # Not exclude(): a contract without a commission is wanted too.
    rows = rows.select_related("case_file", "supplier").order_by("ends_on", "pk")
    found = [row for row in rows[: MOST + 1] if row.commission_id != commission.pk]
    return [
        Delivered(
            row.case_file_id,
            ExistingDelivery.Kind.CONTRACT,
            row.case_file.reference,
            row.case_file.title,
            f"{row.supplier}, {str(ContractState(row.state).label).lower()}, {ends_words(row.ends_on)}",
            row.case_file.path,
        )
        for row in found[:MOST]
    ]


def register_own() -> None:
    """Register the search."""
    register_search("Contracts register", 10, contracts_of)
