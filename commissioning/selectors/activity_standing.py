"""What other records say of an activity that nobody has marked as completed: its gate, or its specification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, OuterRef, Subquery, When

from commissioning.models import Gate, GateRound, Specification
from commissioning.states import GateState, Outcome, SpecificationState
from organisation.formatting import in_sentence

#: The activities whose result is another record: the paper of gate 3, and the specification.
BUSINESS_CASE, SPECIFICATION = "business_case", "specification"
OUTLINE_GATE = 3


def columns() -> dict[str, Any]:
    """What a row of the activity plan is annotated with; every other activity has blanks."""
    gate = Gate.objects.filter(commission=OuterRef("commission"), number=OUTLINE_GATE)
    rounds = GateRound.objects.filter(gate__commission=OuterRef("commission"), gate__number=OUTLINE_GATE)
    written = Specification.objects.filter(commission=OuterRef("commission")).exclude(
        state=SpecificationState.SUPERSEDED
    )
    return {
        "case_state": _of(BUSINESS_CASE, gate.values("state")[:1]),
        "case_outcome": _of(BUSINESS_CASE, rounds.order_by("-number").values("outcome")[:1]),
        "specification_state": _of(SPECIFICATION, written.values("state")[:1]),
    }


def _of(key: str, values: Any) -> Case:
    return Case(When(activity__key=key, then=Subquery(values)), default=None, output_field=CharField())


def words_of(row: Mapping[str, Any]) -> str:
    """Like "gate 3 approved with conditions", or "signed off"; blank where nothing more is known."""
    state = row["case_state"]
    if state and state != GateState.NOT_REQUIRED:
        label = str(GateState(state).label)
        if state == GateState.APPROVED and row["case_outcome"] == Outcome.WITH_CONDITIONS:
            label = str(Outcome.WITH_CONDITIONS.label)
        return f"gate {OUTLINE_GATE} {in_sentence(label)}"
    if row["specification_state"] in (SpecificationState.IN_REVIEW, SpecificationState.SIGNED_OFF):
        return str(SpecificationState(row["specification_state"]).label).lower()
    return ""
