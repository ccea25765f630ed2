"""What contracts have recorded of the steps of a commission's timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from casework.clocks import local_day
from contracts.models import Contract
from contracts.states import ContractState


def load(commission_ids: Sequence[int]) -> Mapping[int, Mapping[str, date]]:
    """When the last of a commission's contracts was signed and went live, in one statement."""
    found: dict[int, dict[str, list[date | None]]] = {}
    rows = Contract.objects.filter(commission__in=commission_ids).exclude(state=ContractState.TERMINATED)
    for pk, signed, live in rows.values_list("commission_id", "signed_at", "live_at"):
        days = found.setdefault(pk, {"contract_signed": [], "service_live": []})
        days["contract_signed"].append(local_day(signed) if signed else None)
        days["service_live"].append(local_day(live) if live else None)
    return {
        pk: {name: max(on for on in of if on) for name, of in days.items() if all(of)} for pk, days in found.items()
    }
