"""Writing the rows of any sheet: saved and taken away under the commission's lock, and told in its history."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from casework import door
from casework.audit import audited, record
from casework.refusals import Refused, Stale
from commissioning.models import Commission, CommissionActivity
from commissioning.models.sheet_row import SheetRow
from commissioning.services.values import locked_open, refuse
from commissioning.sheets import Sheet
from commissioning.states import ActivityState
from organisation import clock
from organisation.actors import System
from organisation.models import Person


def save_row(
    commission: Commission,
    sheet: Sheet,
    fields: Mapping[str, Any],
    *,
    by: Person,
    row: SheetRow | None = None,
    version: int = 0,
    act_id: uuid.UUID | None = None,
) -> SheetRow:
    """Add a row, or change one (``row``, as of ``version``).

    Raises ``Stale`` when somebody saved the row first, ``Refused`` on a commission that has ended.
    """
    verb = "sheet.saved"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{sheet.key}:{commission.pk}:{row.pk if row else ''}"):
        commission = locked_open(commission, by=by, act=sheet.act, verb=verb, stands="what was entered stands")
        if row is None:
            if sheet.only_one and sheet.rows(commission).exists():
                there = Refused("Somebody wrote this down already. Change it instead.")
                refuse(there, verb=verb, subject=commission, by=by)
            made = sheet.model.objects.create(commission=commission, recorded_by=by, **fields)
            made.saved_by = by
            record(verb=verb, subject=commission, changes={"sheet": sheet.title, "row": [None, str(made)[:200]]})
            sheet.on_saved(made)
            _begin(commission, sheet)
            return made
        row = sheet.model.objects.select_related(*sheet.related).get(pk=row.pk, commission=commission)
        if row.version != version:
            raise Stale(f"Someone else changed this {sheet.thing} after you opened it.", _theirs(sheet, row, fields))
        before = {name: getattr(row, name) for name in fields}
        changed = {name: value for name, value in fields.items() if before[name] != value}
        for name, value in fields.items():
            setattr(row, name, value)
        row.version += 1
        row.commission, row.saved_by = commission, by
        row.save()
        if changed:
            what = {name: [_plain(before[name]), _plain(value)] for name, value in changed.items()}
            record(verb=verb, subject=commission, changes={"sheet": sheet.title, "row": str(row)[:200], **what})
            sheet.on_saved(row)
        return row


def remove_row(sheet: Sheet, row: SheetRow, *, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Take a row away. It stays in the table, and in the history. Raises ``Refused`` for a row that has to stay."""
    verb = "sheet.removed"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{sheet.key}:{row.pk}"):
        commission = locked_open(row.commission, by=by, act=sheet.act, verb=verb, stands="what was entered stands")
        if kept := sheet.keeps(row):
            refuse(Refused(kept), verb=verb, subject=commission, by=by)
        found = sheet.model.objects.filter(pk=row.pk, removed_at__isnull=True).update(removed_at=clock.now())
        if found:
            record(verb=verb, subject=commission, changes={"sheet": sheet.title, "row": [str(row)[:200], None]})
            sheet.on_removed(row)


def _begin(commission: Commission, sheet: Sheet) -> None:
    """The first row begins its activity."""
    if not sheet.activity:
        return
    waiting = (
        CommissionActivity.objects.filter(
            commission=commission, activity__key=sheet.activity, state=ActivityState.RELEVANT
        )
        .select_related("activity", "commission__case_file")
        .first()
    )
    if waiting is not None:
        door.carry_out(waiting, "begin", by=System(because=f"The first line of “{sheet.title}” was saved"))


def _theirs(sheet: Sheet, row: SheetRow, fields: Mapping[str, Any]) -> dict[str, str]:
    labels = sheet.form.base_fields
    return {
        str(labels[name].label): str(getattr(row, name))
        for name, value in fields.items()
        if getattr(row, name) != value
    }


def _plain(value: Any) -> Any:
    return str(value)[:200] if isinstance(value, str | SheetRow) or hasattr(value, "pk") else value
