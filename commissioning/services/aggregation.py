"""Recording that somebody saw what adds up, and why the commissions stay apart."""

from __future__ import annotations

import uuid

from casework.audit import audited, record
from casework.refusals import AlreadyDone, Refused
from commissioning.aggregation import in_words
from commissioning.models import AggregationSeen, Commission
from commissioning.selectors.aggregation import warnings_of
from commissioning.services.values import locked_open, refuse
from organisation.formatting import money
from organisation.models import Person


def see(
    commission: Commission, basis: str, *, reason: str, by: Person, act_id: uuid.UUID | None = None
) -> AggregationSeen:
    """Say why commissions that together pass a threshold are not one (Procurement Act 2023, Schedule 3).

    Raises ``Refused`` where nothing adds up on this basis any more, ``AlreadyDone`` where it was answered before.
    """
    verb = "commission.aggregation"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{commission.pk}:{basis}"):
        commission = locked_open(commission, by=by, act="commission.edit", verb=verb, stands="what was said stands")
        found = next((one for one in warnings_of(commission, by) if one.basis == basis), None)
        if found is None:
            refuse(Refused("Nothing adds up past a threshold here any more."), verb=verb, subject=commission, by=by)
        if found.seen_by:
            words = f"{found.seen_by} gave a reason before. Nothing was changed."
            refuse(AlreadyDone(words), verb=verb, subject=commission, by=by)
        made = AggregationSeen.objects.create(
            commission=commission,
            basis=basis,
            threshold=found.added.threshold,
            total_ex_vat=found.added.total,
            what=in_words(found.added.parts),
            reason=reason,
            seen_by=by,
        )
        record(
            verb=verb,
            subject=commission,
            reason=reason,
            changes={"basis": found.words, "total": money(found.added.total), "what": made.what},
        )
        return made
