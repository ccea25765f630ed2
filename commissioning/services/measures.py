"""Success measures and planned indicators: written down, frozen with gate 1, changed afterwards only by a new row."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from casework.audit import audited, record
from casework.refusals import Refused, Stale
from commissioning.models import Commission, PlannedIndicator, SuccessMeasure
from commissioning.services.specifications import undo_sign_off
from commissioning.services.values import locked_open, refuse
from organisation import clock
from organisation.models import Person

FROZEN = "This measure was frozen when gate 1 was approved. Put a changed measure in its place, with the reason."
STANDS = "its measures stand"
MEASURE_FIELDS = ("outcome", "measure", "baseline", "target", "unit", "by_when")
INDICATOR_FIELDS = (
    *("name", "outcome", "unit", "baseline", "no_baseline_reason", "target", "tolerance"),
    *("direction", "interval", "source_of_data"),
)


def add_measure(
    commission: Commission,
    *,
    outcome: str,
    measure: str,
    baseline: str,
    target: str,
    by_when: date,
    by: Person,
    unit: str = "",
    act_id: uuid.UUID | None = None,
) -> SuccessMeasure:
    """Write down how an outcome will be measured. After gate 1 it counts as added since, and is frozen at once."""
    verb = "commission.measure"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(commission, by=by, act="commission.edit", verb=verb, stands=STANDS)
        made = SuccessMeasure.objects.create(
            commission=commission,
            outcome=outcome,
            measure=measure,
            baseline=baseline,
            target=target,
            unit=unit,
            by_when=by_when,
            recorded_by=by,
            frozen_at=clock.now() if _is_frozen(commission) else None,
        )
        record(verb=verb, subject=commission, changes={"measure": [None, _words(made)]})
        return made


def edit_measure(
    row: SuccessMeasure, *, version: int, by: Person, act_id: uuid.UUID | None = None, **fields: Any
) -> SuccessMeasure:
    """Change a measure that is not frozen. Raises ``Refused`` once it is, and ``Stale`` when somebody saved first."""
    verb = "commission.measure"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(row.pk)):
        commission = locked_open(row.commission, by=by, act="commission.edit", verb=verb, stands=STANDS)
        row = SuccessMeasure.objects.get(pk=row.pk)
        if row.frozen_at is not None:
            refuse(Refused(FROZEN), verb=verb, subject=commission, by=by)
        _not_older(row, version, "Someone else changed this measure after you opened it.", MEASURE_FIELDS, fields)
        before = _words(row)
        _take(row, fields)
        record(verb=verb, subject=commission, changes={"measure": [before, _words(row)]})
        return row


def replace_measure(
    row: SuccessMeasure, *, reason: str, by: Person, act_id: uuid.UUID | None = None, **fields: Any
) -> SuccessMeasure:
    """Put a changed measure in the place of a frozen one: a new row with the reason; the old one stays readable."""
    verb = "commission.measure_replaced"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(row.pk)):
        commission = locked_open(row.commission, by=by, act="commission.edit", verb=verb, stands=STANDS)
        row = SuccessMeasure.objects.get(pk=row.pk)
        if row.removed_at is not None or SuccessMeasure.objects.filter(replaces=row).exists():
            refuse(
                Refused("This measure was replaced before. Change the one that stands."),
                verb=verb,
                subject=commission,
                by=by,
            )
        made = SuccessMeasure.objects.create(
            commission=commission,
            replaces=row,
            reason=reason,
            recorded_by=by,
            frozen_at=clock.now(),
            **{name: fields[name] for name in MEASURE_FIELDS},
        )
        record(verb=verb, subject=commission, reason=reason, changes={"measure": [_words(row), _words(made)]})
        return made


def remove_measure(row: SuccessMeasure, *, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Take away a measure that is not frozen."""
    verb = "commission.measure_removed"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(row.pk)):
        commission = locked_open(row.commission, by=by, act="commission.edit", verb=verb, stands=STANDS)
        row = SuccessMeasure.objects.get(pk=row.pk)
        if row.frozen_at is not None:
            refuse(Refused(FROZEN), verb=verb, subject=commission, by=by)
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])
        record(verb=verb, subject=commission, changes={"measure": [_words(row), None]})


def freeze(commission: Commission) -> int:
    """Gate 1 is approved: what success is measured by stands. In the transaction of the approval."""
    rows = SuccessMeasure.objects.filter(commission=commission, removed_at__isnull=True, frozen_at__isnull=True)
    return rows.update(frozen_at=clock.now())


def save_indicator(
    commission: Commission,
    *,
    name: str,
    unit: str,
    target: Decimal,
    by: Person,
    row: PlannedIndicator | None = None,
    version: int = 0,
    act_id: uuid.UUID | None = None,
    **fields: Any,
) -> PlannedIndicator:
    """Plan an indicator, or change a planned one (``row``, as of ``version``). Names are unique in a commission.

    The indicators are part of the specification: a change undoes its sign-off. Raises ``Blocked`` once prices were
    asked for on the version that was signed off.
    """
    verb = "commission.indicator"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{commission.pk}:{row.pk if row else ''}"):
        commission = locked_open(
            commission, by=by, act="commission.edit", verb=verb, stands="its planned indicators stand"
        )
        fields |= {"name": name, "unit": unit, "target": target}
        twins = commission.planned_indicators.filter(removed_at__isnull=True, name__iexact=name)
        if (twins.exclude(pk=row.pk) if row else twins).exists():
            refuse(Refused(f"There is an indicator called “{name}” already."), verb=verb, subject=commission, by=by)
        if row is None:
            made = PlannedIndicator.objects.create(commission=commission, recorded_by=by, **fields)
            record(verb=verb, subject=commission, changes={"indicator": [None, made.words]})
            undo_sign_off(commission, f"The indicator “{made.name}” was added")
            return made
        row = PlannedIndicator.objects.get(pk=row.pk)
        _not_older(row, version, "Someone else changed this indicator after you opened it.", INDICATOR_FIELDS, fields)
        before = row.words
        changed = any(getattr(row, name) != value for name, value in fields.items())
        _take(row, fields)
        record(verb=verb, subject=commission, changes={"indicator": [before, row.words]})
        if changed:
            undo_sign_off(commission, f"The indicator “{row.name}” was changed")
        return row


def remove_indicator(row: PlannedIndicator, *, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Take a planned indicator away; contracts that took theirs from it keep them."""
    verb = "commission.indicator_removed"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(row.pk)):
        commission = locked_open(
            row.commission, by=by, act="commission.edit", verb=verb, stands="its planned indicators stand"
        )
        found = PlannedIndicator.objects.filter(pk=row.pk, removed_at__isnull=True).update(removed_at=clock.now())
        if found:
            record(verb=verb, subject=commission, changes={"indicator": [row.words, None]})
            undo_sign_off(commission, f"The indicator “{row.name}” was taken away")


def _is_frozen(commission: Commission) -> bool:
    return commission.gates.filter(number=1, state="approved").exists()


def _take(row: SuccessMeasure | PlannedIndicator, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save()


def _not_older(
    row: SuccessMeasure | PlannedIndicator, version: int, words: str, names: tuple[str, ...], given: dict[str, Any]
) -> None:
    if row.version != version:
        theirs = {
            name.replace("_", " ").capitalize(): str(getattr(row, name))
            for name in names
            if name in given and getattr(row, name) != given[name]
        }
        raise Stale(words, theirs)


def _words(row: SuccessMeasure) -> str:
    return f"{row.measure}: from {row.baseline} to {row.target}"
