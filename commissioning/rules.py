"""Who may do the acts of this room."""

from __future__ import annotations

from typing import Any

from casework.capacity import Capacity, register_capacity
from commissioning.selectors import gate_rounds
from organisation.models import Person
from organisation.permissions import place_of, register
from organisation.roles import Role
from organisation.standing import covered_by, standing_of

WRITERS = (Role.COMMISSIONER,)
ASKERS = (
    *(Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.SERVICE_LEADER),
    *(Role.CCPS_OFFICER, Role.CCPS_MANAGER),
)


def _did_not_submit(person: Person, subject: Any) -> bool:
    """Nobody signs off the words that they submitted themselves."""
    paper = getattr(subject, "paper", None)
    return paper is None or paper.submitted_by_id != person.pk


def _decides(person: Person, subject: Any) -> bool:
    """Whoever is asked in the open step of the approval, or covers for them; never an author."""
    return gate_rounds.decides(person, subject)


def _did_not_prepare(person: Person, subject: Any) -> bool:
    """Nobody waives the gate of a paper that they prepared."""
    return person.pk not in gate_rounds.authors_of(subject) if hasattr(subject, "number") else True


def _owns_or_commissions(person: Person, subject: Any) -> bool:
    """A condition is met by its owner, or by a commissioner of the area."""
    place = place_of(subject)
    return person.pk == subject.owner_id or standing_of(person).holds(Role.COMMISSIONER, place[0] or 0, place[1])


def _as_approver(person: Person, subject: Any) -> Capacity:
    """In the step's role, and for whom when covering."""
    found = gate_rounds.load(subject)
    absent = {other.pk for other in covered_by(person)}
    view = found.view_for(person, absent)
    step = found.round.open_step if found.round else None
    covering = view.person_id if view and view.person_id != person.pk else None
    return Capacity(step.role if step and step.role else "approver", covering_id=covering)


def register_rules() -> None:
    """Register the acts of this room."""
    register("gate.decide", "decide on this gate", also=_decides)
    register_capacity("gate.decide", capacity=_as_approver, people=gate_rounds.people_asked)
    register("gate.waive", "waive this gate", (Role.LEADERSHIP_APPROVER,), also=_did_not_prepare)
    register("gate.meet_condition", "say that this condition is met", also=_owns_or_commissions)
    register("commission.ask", "ask a function about this commission", ASKERS)
    register("commission.register", "register a commission", WRITERS)
    register("commission.edit", "edit this commission", WRITERS)
    register("commission.run", "move this commission on", WRITERS)
    register("commission.hand_to_review", "move this commission to Review", (Role.CONTRACT_MANAGER,))
    register("commission.close", "close this commission", (Role.SERVICE_LEADER,))
    register("commission.stop", "stop this commission", (Role.SERVICE_LEADER,))
    register("commission.hold", "hold or resume this commission", (Role.CCPS_MANAGER, Role.SERVICE_LEADER))
    register(
        "commission.send_back",
        "return this commission to the stage before",
        (Role.COMMISSIONER, Role.SERVICE_LEADER, Role.LEADERSHIP_APPROVER),
    )
    register("commission.authority", "record authority", (Role.COMMISSIONER, Role.SERVICE_LEADER))
    register("commission.confirm_delivery", "confirm the delivery decision", (Role.SERVICE_LEADER,))
    register("commission.review", "review this commission", (Role.COMMISSIONER, Role.CONTRACT_MANAGER))
    register(
        "activity.write",
        "write in this activity",
        (Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.CCPS_OFFICER, Role.CCPS_MANAGER),
    )
    register(
        "activity.complete",
        "complete this activity",
        (Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.CCPS_OFFICER, Role.CCPS_MANAGER),
    )
    register("specification.sign_off", "sign off the specification", (Role.SERVICE_LEADER,), also=_did_not_submit)
