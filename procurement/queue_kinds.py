"""Which items of a queue are worked on the pages of this room."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casework.handled import Handled, RowDetails, register_handled, register_holds_up
from casework.states import Answer
from procurement.models import ProcurementRequest
from procurement.selectors.request_form import dates_words
from procurement.services.requests import BUDGET, ITEM

# What the rules ask CCPS to do with a request.
ASKS = {"quote": "Quotes", "source": "Sourcing"}


def details(items: Sequence[int]) -> dict[int, RowDetails]:
    """What a queue shows of requests, in one statement."""
    rows = ProcurementRequest.objects.filter(item_id__in=items)
    return {
        item: RowDetails(
            reference,
            route or "Not suggested yet",
            needed_by,
            (*(("Special terms",) if special else ()), *(("Duplicate",) if same_as else ())),
            ": ".join(part for part in (ASKS.get(asks, ""), wanted) if part),
            dates_words(first, last),
        )
        for item, reference, route, needed_by, special, same_as, asks, wanted, first, last in rows.values_list(
            "item_id",
            "case_file__reference",
            "route__name",
            "commission__needed_by",
            "has_special_terms",
            "same_as",
            "item__asks",
            "wanted",
            "dates_from",
            "dates_to",
        )
    }


def gate_of(path: str) -> str:
    """The gate that an item's page belongs to."""
    found = re.search(r"/gates/(\d)/", path)
    return f"Gate {found[1]}" if found else "A gate"


def register_own() -> None:
    """Register the kinds of item that a request's own page works, and what waits for those of other functions."""
    register_holds_up("gate_input", gate_of)
    register_holds_up("tender_involvement", lambda _: "Publishing the tender")
    register_holds_up("challenge", lambda _: "Signing the contract")
    register_holds_up("payment_setup", lambda _: "The contract going live")
    register_holds_up("specification_review", lambda _: "Signing off the specification")
    register_handled(
        Handled(
            ITEM,
            "Answer a procurement request on its own page: accept it, ask for information, or decline it",
            verbs={"accept": "accept", "ask": "ask", "return": "decline"},
            answers={Answer.AGREED: "Accepted", Answer.CANNOT_AGREE: "Declined"},
            details=details,
            tells=True,
        )
    )
    register_handled(
        Handled(
            BUDGET,
            "Decide on the budget on the request's own page: approve it, or refuse it with a reason",
            answers={Answer.AGREED: "Approved", Answer.CANNOT_AGREE: "Refused"},
        )
    )
