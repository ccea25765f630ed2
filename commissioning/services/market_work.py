"""What follows when the requirements of a commission need work with the market."""

from __future__ import annotations

from casework import door
from commissioning.models import Commission, CommissionActivity
from commissioning.states import ActivityState
from organisation.actors import System

BECAUSE = "The requirements need work with the market"


def ask_market_warming(commission: Commission) -> None:
    """Make market warming relevant where the plan left it out. In the transaction of whatever said so."""
    waiting = (
        CommissionActivity.objects.filter(
            commission=commission,
            activity__key="market_warming",
            state__in=[ActivityState.PROPOSED, ActivityState.NOT_RELEVANT],
        )
        .select_related(*CommissionActivity.door_reads)
        .first()
    )
    if waiting is not None:
        door.carry_out(waiting, "take_in", by=System(because=BECAUSE), note=BECAUSE)
