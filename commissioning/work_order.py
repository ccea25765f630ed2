"""In which order the things that hold up a stage are worked through, so that every page names the same one first.

Plan follows framework 4: the gaps and what could close them, the options, make or buy, the delivery decision, then what
is bought (specification, request), and the business case over all of it.
"""

from __future__ import annotations

from functools import partial

from django.db.models import Case, IntegerField, Value, When

from casework.blockers import Blocker
from casework.lifecycle import register_order
from commissioning.models import Commission

#: The key of an activity's blocker begins so; its own key follows.
ACTIVITY = "activity:"
#: The beginnings of the keys of blockers, by the verb that they block. What is not named comes last.
ORDERS: dict[str, tuple[str, ...]] = {
    "to_plan": ("plan", ACTIVITY, "questions", "screening", "engagement", "gate_1", "condition:"),
    "to_secure": (
        "plan",
        f"{ACTIVITY}gap_analysis",
        f"{ACTIVITY}market_development",
        f"{ACTIVITY}capability",
        f"{ACTIVITY}service_design",
        "voluntary",
        "joint",
        "engagement",
        f"{ACTIVITY}value_for_money",
        f"{ACTIVITY}make_or_buy",
        "delivery",
        f"{ACTIVITY}evaluate_impact",
        "impact",
        f"{ACTIVITY}market_warming",
        f"{ACTIVITY}specification",
        "specification",
        f"{ACTIVITY}route_to_market",
        "request",
        "asked:",
        f"{ACTIVITY}business_case",
        ACTIVITY,
        "gate_3",
        "condition:",
    ),
    "to_review": ("delivery", ACTIVITY, "engagement", "gate_4", "condition:"),
    "close": ("outcomes", "end", "lessons", "engagement", ACTIVITY, "questions"),
}


def place_of(verb: str, key: str) -> int:
    """The place of a blocker by its key: the longest beginning that is named counts."""
    order = ORDERS.get(verb, ())
    named = [begins for begins in order if key.startswith(begins)]
    return order.index(max(named, key=len)) if named else len(order)


def in_order(verb: str, blockers: list[Blocker]) -> list[Blocker]:
    """The blockers of a verb in the order in which they are worked through."""
    return sorted(blockers, key=lambda blocker: place_of(verb, blocker.key))


def activity_place() -> Case:
    """The same for rows of activities, for a query: in Plan; those of other stages keep the catalogue's order."""
    keys = [begins.removeprefix(ACTIVITY) for begins in ORDERS["to_secure"] if begins.startswith(ACTIVITY)]
    places = [When(activity__key=key, then=Value(place_of("to_secure", f"{ACTIVITY}{key}"))) for key in keys if key]
    return Case(*places, default=Value(place_of("to_secure", ACTIVITY)), output_field=IntegerField())


def register_own() -> None:
    """Register the order of each verb."""
    for verb in ORDERS:
        register_order(Commission, verb, partial(place_of, verb))
