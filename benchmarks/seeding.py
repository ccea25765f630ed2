"""Making many commissions: the demo council's own, copied in SQL."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Field, ForeignKey, Model

# What lists, queues, dashboards and the sweep read of a commission. Answers, activities and the trail stay uncopied.
COPIED = (
    "casework.CaseFile",
    "documents.Paper",
    "commissioning.Commission",
    "commissioning.ValueEstimate",
    "commissioning.Gate",
    "procurement.ProcurementRequest",
    "procurement.Exercise",
    "contracts.Contract",
    "casework.WorkItem",
    "casework.Deadline",
)
# Ids of copies are the original's plus a multiple of this.
STEP = 1_000_000


def copied_models() -> list[type[Model]]:
    """The models that are copied, each after those it points to."""
    return [apps.get_model(label) for label in COPIED]


def originals() -> int:
    """How many commissions the demo made."""
    return int(apps.get_model("commissioning.Commission")._default_manager.filter(pk__lt=STEP).count())


def grow(to: int) -> int:
    """Copy every commission of the demo often enough that there are at least ``to``; returns how many there are."""
    commission = apps.get_model("commissioning.Commission")
    have = commission._default_manager.count()
    base = originals()
    first = have // base
    last = -(-to // base) - 1
    if last >= first:
        with transaction.atomic():  # what points forward is checked at the end
            for model in copied_models():
                _copy(model, first, last)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return int(commission._default_manager.count())


def _copy(model: type[Model], first: int, last: int) -> None:
    """One INSERT … SELECT for all copies of one table."""
    models = set(copied_models())
    columns, values = [], []
    for field in model._meta.concrete_fields:
        columns.append(f'"{field.column}"')
        values.append(_copied(field, models))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)})'  # noqa: S608 - names of our own tables
            f' SELECT {", ".join(values)} FROM "{model._meta.db_table}" o'
            f" CROSS JOIN generate_series({first}, {last}) k WHERE o.id < {STEP}"
        )


def _copied(field: Field[object, object], models: set[type[Model]]) -> str:
    column = f'o."{field.column}"'
    if field.primary_key or (isinstance(field, ForeignKey) and field.related_model in models):
        return f"{column} + k * {STEP}"
    if field.name == "reference":
        return f"left({column}, 14) || '.' || k"
    if field.name == "title":
        return f"left({column}, 180) || ' ' || k"
    if field.name in ("changed_at", "opened_at"):
        return f"{column} - k * interval '11 minutes'"
    return column
