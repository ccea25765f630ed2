"""What a stopped commission does to its buying."""

from __future__ import annotations

from typing import Any

from casework import door
from casework.lifecycle import effect_of
from casework.models import CaseFile
from commissioning.models import Commission
from organisation.actors import Actor, System
from procurement.states import NOT_LIVE, ExerciseState


@effect_of(Commission, "stop")
def commission_stopped(commission: Commission, *, by: Actor, note: str, **_: Any) -> None:
    """Nothing more is bought for a commission that was stopped, and CCPS's time is given back."""
    because = f"The commission was stopped: {note}"
    rows = CaseFile.objects.filter(root=commission.case_file_id, kind__in=("request", "exercise"))
    files = list(rows.select_related("procurement_request", "exercise").order_by("-pk"))
    for case in files:
        if case.kind == "exercise" and case.exercise.state != ExerciseState.ABANDONED:
            door.carry_out(case.exercise, "abandon", by=System(because=because), note=because)
    for case in files:
        if case.kind == "request" and case.procurement_request.state not in NOT_LIVE:
            door.carry_out(case.procurement_request, "withdraw", by=System(because=because), note=because)
