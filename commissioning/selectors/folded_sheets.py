"""Rows of several sheets read with their commission in one statement, and made into rows again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import DateTimeField, DecimalField, Field, JSONField, Model, OuterRef

from commissioning.models import Commission
from commissioning.models.sheet_row import SheetRow
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import moment_in
from commissioning.sheets import Sheet


def can_fold(sheet: Sheet) -> bool:
    """Whether its rows fold with what they name: not what those name in turn, nor people, who have secrets."""
    return not any("__" in name or issubclass(_named(sheet, name), AbstractBaseUser) for name in sheet.related)


def folded(sheet: Sheet, most: int | None = None) -> Folded:
    """The standing rows of a commission that is the outer query, in the sheet's order, with what they name."""
    rows = sheet.model.objects.filter(commission=OuterRef("pk"), removed_at__isnull=True).order_by(*sheet.rank)
    names = [field.attname for field in sheet.model._meta.concrete_fields]
    for related in sheet.related:
        names += [f"{related}__{field.attname}" for field in _named(sheet, related)._meta.concrete_fields]
    return Folded(rows[:most] if most else rows, *names)


def row_of(sheet: Sheet, commission: Commission, values: Mapping[str, Any]) -> SheetRow:
    """A row again, out of what was folded."""
    row: SheetRow = _made(sheet.model, values)
    for related in sheet.related:
        model = _named(sheet, related)
        is_there = values[f"{related}__{model._meta.pk.attname}"] is not None
        setattr(row, related, _made(model, values, f"{related}__") if is_there else None)
    row.commission = commission
    return row


def _named(sheet: Sheet, related: str) -> type[Model]:
    """The model of what a row names."""
    model: type[Model] = sheet.model._meta.get_field(related).related_model  # type: ignore[assignment]
    return model


def _made(model: type[Model], values: Mapping[str, Any], prefix: str = "") -> Any:
    fields = model._meta.concrete_fields
    return model(**{field.attname: _value(field, values[f"{prefix}{field.attname}"]) for field in fields})


def rows_of_sheets(sheets: Sequence[Sheet], commission: Commission, most: int) -> dict[str, list[SheetRow]]:
    """The first rows of several sheets, by the sheet's key: one statement, and one for each that cannot fold."""
    plain = [sheet for sheet in sheets if can_fold(sheet)]
    found = {sheet.key: list(sheet.rows(commission)[:most]) for sheet in sheets if not can_fold(sheet)}
    if plain:
        columns = {f"st_{sheet.key}": folded(sheet, most) for sheet in plain}
        read = Commission.objects.filter(pk=commission.pk).annotate(**columns).values(*columns).get()
        for sheet in plain:
            found[sheet.key] = [row_of(sheet, commission, values) for values in read[f"st_{sheet.key}"]]
    for rows in found.values():
        for row in rows:
            row.commission = commission
    return found


def _value(field: Field[Any, Any], value: Any) -> Any:
    """A value as the table has it; JSON knows no dates and no decimals."""
    if value is None:
        return None
    if isinstance(field, DateTimeField):
        return moment_in(value)
    if isinstance(field, DecimalField):
        return field.to_python(str(value))
    if isinstance(field, JSONField):
        return json.loads(value) if isinstance(value, str) else value
    return field.to_python(value)
