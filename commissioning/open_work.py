"""What is still open when a gate's paper is submitted. It refuses nothing: whoever submits and decides is told."""

from __future__ import annotations

from collections.abc import Sequence

from casework.blockers import Blocker
from commissioning.dossier import ActivityLine, Dossier
from commissioning.states import ACTIVITY_OUTSTANDING
from organisation.formatting import counted

#: The gates that decide on a plan: before them there is nothing of Plan to be open.
GATES = (3, 4)


def still_open(number: int, dossier: Dossier, activities: Sequence[ActivityLine]) -> list[Blocker]:
    """Plan activities not settled, the specification not signed off, the full impact assessment not submitted.

    Framework 6.1 makes none of them a condition of gates 3 and 4; the way on from Plan refuses without them
    (``guards.to_secure``).
    """
    if number not in GATES:
        return []
    pk = (dossier.commission.pk,)
    found = []
    planned = [line for line in activities if line.stage == "plan" and line.state != "not_relevant"]
    waiting = [line for line in planned if line.state in ACTIVITY_OUTSTANDING]
    if waiting:
        of = counted(len(planned), "activity", "activities")
        words = f"Plan: {len(waiting)} of {of} not completed, first “{waiting[0].name}”"
        found.append(Blocker("activities", words, "commissioning:tasks", pk))
    if dossier.is_buying and (words := _specification(dossier)):
        found.append(Blocker("specification", words, "commissioning:specification", pk))
    if dossier.screening_needs_full and not dossier.impact_is_assessed:
        words = "Full impact assessment: not submitted, and the screening asks for one"
        found.append(Blocker("impact", words, "commissioning:open_paper", (*pk, "full_impact_assessment")))
    elif dossier.screening_needs_full is None:
        found.append(
            Blocker("impact", "Impact screening: not submitted", "commissioning:open_paper", (*pk, "impact_screening"))
        )
    return found


def _specification(dossier: Dossier) -> str:
    specification = dossier.specification
    if specification is None:
        return "Specification: not written"
    if specification.is_signed_off:
        return ""
    states = {"drafting": "still being written", "in_review": "waiting for sign-off"}
    return f"Specification: version {specification.number} {states.get(specification.state, 'not signed off')}"
