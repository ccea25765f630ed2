"""What a contract is measured by: copied from the plan when the contract is made, or set on the contract."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from casework import door
from casework.audit import audited, record, record_refusal
from casework.refusals import NotPermitted, Refused, Stale
from commissioning.models import PlannedIndicator
from contracts.models import Contract, Indicator
from contracts.ratings import quantity, target_words
from contracts.services import readings
from contracts.states import BEFORE_SIGNING, OVER, READ_IN, Direction, Interval
from organisation import clock
from organisation.models import Person
from organisation.permissions import may

LABELS = {
    "name": "Measure",
    "outcome": "Outcome",
    "unit": "Unit",
    "baseline": "Baseline",
    "target": "Target",
    "tolerance": "Tolerance",
    "direction": "Direction",
    "interval": "Interval",
    "source_of_data": "Source",
}
#: What is said of an indicator on the contract beside what was planned.
OWN_LABELS = {"is_safeguarding": "Watches over safeguarding"}
ALL_LABELS = LABELS | OWN_LABELS
FROZEN = "This contract is signed, so what it is measured by stands. It changes only by a variation."


def copy_planned(contract: Contract) -> None:
    """Copy what was planned into a contract that is being made, unchanged; two statements, one where none was."""
    planned = PlannedIndicator.objects.filter(commission=contract.commission, removed_at__isnull=True)
    Indicator.objects.bulk_create(
        [
            Indicator(
                contract=contract,
                case_file=contract.case_file,
                planned=row,
                **{name: getattr(row, name) for name in LABELS},
            )
            for row in planned.order_by("pk")
        ]
    )


def add(contract: Contract, *, by: Person, act_id: uuid.UUID | None = None, **facts: Any) -> Indicator:
    """Set a further indicator. Once the service runs it counts from today on, and earlier periods stay complete.

    Raises ``NotPermitted``, and ``Refused`` once the contract is over.
    """
    verb = "indicator.add"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(contract.pk)):
        row = _locked(contract, verb, by)
        if row.state in OVER:
            raise Refused("This contract is over, so nothing is measured any more.")
        from_today = clock.today() if row.state in READ_IN else None
        made = Indicator.objects.create(
            contract=row, case_file=row.case_file, made_by=by, applies_from=from_today, **_known(facts)
        )
        record(
            verb=verb, subject=made, changes={ALL_LABELS[name]: words for name, words in shown(made).items() if words}
        )
        readings.keep_deadlines(row)
        return made


def change(
    indicator: Indicator, *, version: int, by: Person, act_id: uuid.UUID | None = None, **facts: Any
) -> Indicator:
    """Change an indicator of a contract that nobody has signed.

    Raises ``NotPermitted``, ``Refused`` once either side has signed, and ``Stale`` with the other person's values.
    """
    verb = "indicator.change"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(indicator.pk)):
        contract = _locked(indicator.contract, verb, by)
        if contract.state not in BEFORE_SIGNING or contract.signatures.exists():
            record_refusal(verb=verb, subject=indicator, by=by, words=FROZEN)
            raise Refused(FROZEN)
        row = Indicator.objects.select_related("case_file").get(pk=indicator.pk)
        before = shown(row)
        for name, value in _known(facts).items():
            setattr(row, name, value)
        after = shown(row)
        changes = {ALL_LABELS[name]: [before[name], after[name]] for name in ALL_LABELS if before[name] != after[name]}
        if version != row.version:
            raise Stale(
                "Someone else changed this indicator after you opened it.",
                {label: was for label, (was, _) in changes.items()},
            )
        if not changes:
            return row
        row.version += 1
        row.save(update_fields=[*ALL_LABELS, "version"])
        record(verb=verb, subject=row, changes=changes)
        return row


def shown(indicator: Indicator) -> dict[str, str]:
    """The facts of an indicator as words, by name."""

    def size(value: Decimal | None) -> str:
        return "" if value is None else quantity(value, indicator.unit)

    return {
        "name": indicator.name,
        "outcome": indicator.outcome,
        "unit": indicator.unit,
        "baseline": size(indicator.baseline),
        "target": target_words(indicator.target, indicator.unit, indicator.direction),
        "tolerance": size(indicator.tolerance),
        "direction": str(Direction(indicator.direction).label),
        "interval": str(Interval(indicator.interval).label),
        "source_of_data": indicator.source_of_data,
        "is_safeguarding": "Yes" if indicator.is_safeguarding else "",
    }


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - set(ALL_LABELS):
        raise TypeError(f"Not part of an indicator: {sorted(unknown)}")
    return facts


def _locked(contract: Contract, verb: str, by: Person) -> Contract:
    """The contract as it is now, locked; refuses whoever may not."""
    rows = Contract.objects.select_for_update(of=("self",)).select_related(
        "case_file__holder", "case_file__organisation__framework", "commission__rules_version"
    )
    row = rows.get(pk=contract.pk)
    if not may(by, "indicator.edit", row):
        words = door.who_words("indicator.edit", row)
        record_refusal(verb=verb, subject=row, by=by, words=words)
        raise NotPermitted(words)
    return row
