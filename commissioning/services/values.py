"""Recording what a commission is worth."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import NoReturn

from django.db.models import Model

from casework.audit import audited, record, record_refusal
from casework.door import who_words
from casework.refusals import NotPermitted, Refused
from commissioning.models import Commission, ValueEstimate
from commissioning.services import assessment
from commissioning.states import ENDED
from organisation.actors import Actor
from organisation.formatting import money
from organisation.models import Person
from organisation.permissions import may


def record_value(
    commission: Commission,
    *,
    amount_ex_vat: Decimal,
    amount_inc_vat: Decimal,
    basis: str = ValueEstimate.Basis.ESTIMATE,
    reason: str,
    by: Actor,
    act_id: uuid.UUID | None = None,
) -> assessment.Shift:
    """Add a value to a commission, in pounds over the whole term with options, without and with VAT.

    The earlier values stay. The band is worked out again in the same transaction and whatever it newly asks for is
    queued; returns what moved. Raises ``Refused`` on a commission that has ended.
    """
    with audited(by=by, act_id=act_id, verb="commission.value", subject=str(commission.pk)):
        commission = locked_open(
            commission, by=by, act="commission.edit", verb="commission.value", stands="its value stands"
        )
        return add_value(
            commission,
            amount_ex_vat=amount_ex_vat,
            amount_inc_vat=amount_inc_vat,
            basis=basis,
            reason=reason,
            by=by,
        )


def add_value(
    commission: Commission,
    *,
    amount_ex_vat: Decimal,
    amount_inc_vat: Decimal,
    basis: str = ValueEstimate.Basis.ESTIMATE,
    reason: str,
    by: Actor,
) -> assessment.Shift:
    """The same on a commission that the transaction in hand has made or locked."""
    before = assessment.stand_of(commission)
    old, old_with_vat = commission.case_file.value_ex_vat, commission.case_file.value_inc_vat
    ValueEstimate.objects.create(
        commission=commission,
        basis=basis,
        amount_ex_vat=amount_ex_vat,
        amount_inc_vat=amount_inc_vat,
        reason=reason,
        recorded_by=by if isinstance(by, Person) else None,
    )
    commission.case_file.value_ex_vat = amount_ex_vat
    commission.case_file.value_inc_vat = amount_inc_vat
    record(
        verb="commission.value",
        subject=commission,
        reason=reason,
        changes={
            "value_ex_vat": [old, amount_ex_vat],
            "value_inc_vat": [old_with_vat, amount_inc_vat],
            "basis": basis,
        },
    )
    because = f"Value changed from {money(old)} to {money(amount_ex_vat)}"
    return assessment.settle(
        commission, before, by=by, because=because, value_ex_vat=amount_ex_vat, value_inc_vat=amount_inc_vat
    )


def locked(commission: Commission) -> Commission:
    """The commission as it is now, locked until the transaction ends, with its file."""
    return (
        Commission.objects.select_for_update(of=("self",))
        .select_related("case_file__organisation__framework", "case_file__service_area", "rules_version")
        .get(pk=commission.pk)
    )


def locked_for(commission: Commission, *, by: Actor, act: str, verb: str) -> Commission:
    """The same, but refused to whoever may not do ``act`` here at this moment, with the row in hand."""
    row = locked(commission)
    if not may(by, act, row):
        refuse(NotPermitted(who_words(act, row)), verb=verb, subject=row, by=by)
    return row


def locked_open(commission: Commission, *, by: Actor, act: str, verb: str, stands: str) -> Commission:
    """The same, and refused on a commission that has ended: ``stands`` ends the sentence ("its value stands")."""
    row = locked_for(commission, by=by, act=act, verb=verb)
    if row.state in ENDED:
        words = f"This commission is {row.get_state_display().lower()}, so {stands}."
        refuse(Refused(words), verb=verb, subject=row, by=by)
    return row


def refuse(refusal: Refused, *, verb: str, subject: Model, by: Actor) -> NoReturn:
    """Have a refusal written down once everything else was rolled back, and raise it."""
    record_refusal(verb=verb, subject=subject, by=by, words=refusal.words)
    raise refusal
