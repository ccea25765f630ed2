"""Creating the commission that comes after a contract, from the forward plan."""

from __future__ import annotations

import uuid
from datetime import timedelta

from casework.audit import audited
from casework.refusals import Refused
from commissioning.models import Commission, LikelyDuplicate
from commissioning.services import commissions
from contracts.models import Contract
from organisation import clock
from organisation.models import Person

LINKED = LikelyDuplicate.Finding.LINKED


def create_next(contract: Contract, *, by: Person, act_id: uuid.UUID | None = None) -> Commission:
    """Register the commission that follows a contract, with its facts, needed on the day after it ends.

    The one that is there already is returned instead of a second. Raises ``NotPermitted`` where the person does not
    register for that area, ``Refused`` where the contract has no service area or no end.
    """
    with audited(by=by, act_id=act_id, verb="commission.next_of_contract", subject=str(contract.pk)):
        rows = Contract.objects.select_for_update(of=("self",)).select_related("case_file__service_area__organisation")
        contract = rows.get(pk=contract.pk)
        case, before = contract.case_file, contract.commission
        standing = LikelyDuplicate.objects.filter(other=case, finding=LINKED).select_related("commission").first()
        if standing is not None:
            return standing.commission
        if before is not None and (after := Commission.objects.filter(follows=before).order_by("-pk").first()):
            return after
        if case.service_area is None or contract.ends_on is None:
            raise Refused("A contract without a service area or an end has no next commission yet.")
        made = commissions.register(
            title=case.title,
            service_area=case.service_area,
            by=by,
            purpose=before.purpose if before else "",
            category=contract.category or (before.category if before else None),
            objectives=before.objectives.all() if before else (),
            governance_route=before.governance_route if before else None,
            needed_by=contract.ends_on + timedelta(days=1),
            amount_ex_vat=case.value_ex_vat,
            amount_inc_vat=case.value_inc_vat,
            follows=before,
        )
        LikelyDuplicate.objects.update_or_create(
            commission=made,
            other=case,
            defaults={
                "because": "it follows this contract",
                "finding": LINKED,
                "reason": "Created from the forward plan",
                "settled_at": clock.now(),
            },
        )
        return made
