"""The steps of buying in an activity plan: taken out when the need is met without buying, put back when it is not."""

from __future__ import annotations

from casework import door
from commissioning.models import Activity, Commission, CommissionActivity, DeliveryModel
from commissioning.states import ACTIVITY_OUTSTANDING, ActivityState, CommissionState
from organisation.actors import System

#: What is written beside a step that was taken out; a later decision to buy puts back what bears it, and no other.
NOTHING_BOUGHT = "Nothing is bought"


def follow(commission: Commission, model: DeliveryModel) -> None:
    """Take the steps of buying in Plan and Secure Services out, or put them back, as the delivery decision says.

    In the transaction of the decision, under the commission's lock. What is done stays done.
    """
    rows = (
        CommissionActivity.objects.select_for_update(of=("self",))
        .filter(
            commission=commission,
            activity__kind=Activity.Kind.PROCUREMENT,
            activity__stage__in=(CommissionState.PLAN, CommissionState.SECURE),
        )
        .select_related(*CommissionActivity.door_reads)
        .order_by("pk")
    )
    because = System(because=f"The delivery decision was made: {model.name}")
    if model.buys:
        back = [row for row in rows if row.state == ActivityState.NOT_RELEVANT and _was_taken_out(row)]
        door.carry_out_each([(row, "") for row in back], "take_in", by=because)
        return
    out = [row for row in rows if row.state in ACTIVITY_OUTSTANDING]
    door.carry_out_each([(row, f"{NOTHING_BOUGHT}: {model.name}") for row in out], "leave_out", by=because)


def _was_taken_out(row: CommissionActivity) -> bool:
    return row.reason.startswith(NOTHING_BOUGHT)
