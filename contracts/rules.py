"""Who may do the acts of this room."""

from __future__ import annotations

from typing import Any

from organisation.models import Person
from organisation.permissions import place_of, register
from organisation.roles import Role
from organisation.standing import standing_of

KEEPERS = (Role.CONTRACT_MANAGER, Role.COMMISSIONER, Role.CCPS_OFFICER)
CCPS = (Role.CCPS_OFFICER, Role.CCPS_MANAGER)
PLANNERS = (Role.CONTRACT_MANAGER, Role.COMMISSIONER, Role.SERVICE_LEADER)


def _plans_or_owns(person: Person, task: Any) -> bool:
    """A task is finished by whoever owns it, or by those who plan the mobilisation."""
    organisation_id, area_id = place_of(task)
    standing = standing_of(person)
    plans = organisation_id is not None and any(standing.holds(role, organisation_id, area_id) for role in PLANNERS)
    return plans or getattr(task, "owner_id", None) == person.pk


def _did_not_offer(person: Person, handover: Any) -> bool:
    """Whoever offered a handover does not take it too."""
    return getattr(handover, "offered_by_id", None) != person.pk


def register_rules() -> None:
    """Register the acts of this room."""
    register("contract.edit", "change the facts of this contract", KEEPERS)
    register("contract.sign", "sign for the council", (Role.SERVICE_LEADER, Role.BUDGET_HOLDER))
    register("contract.record_supplier_signature", "record the supplier's signature", (*KEEPERS, Role.SERVICE_LEADER))
    register("contract.register", "enter this contract in the register", KEEPERS)
    register("contract.go_live", "put this contract live", (Role.CONTRACT_MANAGER,))
    register("mobilisation.plan", "plan this mobilisation", PLANNERS)
    register(
        "mobilisation.finish",
        "finish this task",
        (*PLANNERS, Role.BUDGET_HOLDER, Role.FINANCE, Role.CCPS_OFFICER, Role.CCPS_MANAGER, Role.OTHER_FUNCTION),
        also=_plans_or_owns,
    )
    register("handover.prepare", "prepare this handover", CCPS)
    register("handover.answer", "answer this handover", (Role.CONTRACT_MANAGER,), also=_did_not_offer)
    register("indicator.edit", "change what this contract is measured by", KEEPERS)
    register("indicator.record", "record results of this contract", (Role.CONTRACT_MANAGER,))
