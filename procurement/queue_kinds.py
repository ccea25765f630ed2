"""Which items of a queue are worked on the pages of this room."""

from __future__ import annotations

from casework.handled import Handled, register_handled
from casework.states import Answer
from procurement.services.requests import BUDGET, ITEM


def register_own() -> None:
    """Register the kinds of item that a request's own page works."""
    register_handled(
        Handled(
            ITEM,
            "Answer a procurement request on its own page: accept it, ask for information, or decline it",
            verbs={"accept": "accept", "ask": "ask", "return": "decline"},
            answers={Answer.AGREED: "Accepted", Answer.CANNOT_AGREE: "Declined"},
        )
    )
    register_handled(
        Handled(
            BUDGET,
            "Decide on the budget on the request's own page: approve it, or refuse it with a reason",
            answers={Answer.AGREED: "Approved", Answer.CANNOT_AGREE: "Refused"},
        )
    )
