"""What a form in the admin changed, as the audit trail keeps it: field by field, from what to what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model, QuerySet
from django.forms import BaseModelFormSet

CHANGED = "(changed)"


def row_changes(before: Model | None, after: Model, secret: Collection[str] = ()) -> dict[str, list[Any]]:
    """Compare a row as it was with the row as it is. A new row is told by every field that is not empty."""
    changes: dict[str, list[Any]] = {}
    for field in after._meta.concrete_fields:
        if field.primary_key:
            continue
        old = getattr(before, field.attname) if before is not None else None
        new = field.to_python(getattr(after, field.attname))
        if old == new or (before is None and (new in ("", None) or field.name in secret or not field.editable)):
            continue
        if field.name in secret:
            changes[field.name] = [CHANGED, CHANGED]
        else:
            changes[field.name] = [_of_field(before, field), _of_field(after, field)]
    return changes


def m2m_changes(form: Any) -> dict[str, list[Any]]:
    """Tell which lists of choices changed, from which choices to which."""
    lists = {field.name for field in form.instance._meta.many_to_many}
    return {
        name: [words_of(form.initial.get(name) or []), words_of(form.cleaned_data[name])]
        for name in form.changed_data
        if name in lists
    }


def formset_changes(formset: BaseModelFormSet[Any, Any]) -> dict[str, list[Any]]:
    """Tell what changed in the rows edited beneath the main one, each field named with its row."""
    changes: dict[str, list[Any]] = {}
    for row in getattr(formset, "new_objects", []):
        changes[f"{row._meta.verbose_name} {row.pk}"] = [None, str(row)]
    initial = {form.instance.pk: form.initial for form in formset.initial_forms}
    for row, fields in getattr(formset, "changed_objects", []):
        for field in fields:
            old = initial.get(row.pk, {}).get(field)
            changes[f"{row._meta.verbose_name} {row.pk}: {field}"] = [words_of(old), words_of(getattr(row, field))]
    for row in getattr(formset, "deleted_objects", []):
        changes[f"{row._meta.verbose_name} {row.pk}"] = [str(row), None]
    return changes


def words_of(value: Any) -> Any:
    """Return a value as the trail keeps it: plain JSON, dates and money as text, rows by name and number."""
    if isinstance(value, Model):
        return f"{value} (no. {value.pk})"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, QuerySet | list | tuple | set):
        return [words_of(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _of_field(row: Model | None, field: Field[Any, Any]) -> Any:
    return None if row is None else words_of(getattr(row, field.name))
