"""Who may do the acts of this room."""

from __future__ import annotations

from typing import Any

from organisation.models import Person
from organisation.permissions import register
from organisation.roles import Role

WRITERS = (Role.COMMISSIONER,)


def _did_not_submit(person: Person, subject: Any) -> bool:
    """Nobody signs off the words that they submitted themselves."""
    paper = getattr(subject, "paper", None)
    return paper is None or paper.submitted_by_id != person.pk


def register_rules() -> None:
    """Register the acts of this room."""
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
