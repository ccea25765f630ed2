"""Reading the versions of a framework's rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from casework.figures import amount_words
from casework.models import Band, RoutingRule, RulesVersion, Threshold, WorkItem
from casework.routing import BandRule, Figure, RangeRule, Rule, Rules
from organisation import clock
from organisation.formatting import day
from organisation.models import CommissioningFramework


def version_in_force(framework: CommissioningFramework, on: date | None = None) -> RulesVersion:
    """The version a case started on ``on`` (today) is pinned to; raises ``RulesVersion.DoesNotExist``."""
    on = on or clock.today()
    found = framework.rules_versions.filter(valid_from__lte=on).order_by("-number").first()
    if found is None:
        raise RulesVersion.DoesNotExist(f"{framework} has no rules in force on {day(on)}")
    return found


def rules_of(version: RulesVersion) -> Rules:
    """The whole of a published version. Versions never change, so each is read once per process."""
    return _load(version.token, version.pk)


def rules_by_token(token: uuid.UUID, version_id: int) -> Rules:
    """The same for a version whose row was not read: its token and number are enough."""
    return _load(token, version_id)


def rules_behind(item: WorkItem) -> Rules | None:
    """The rules that sent an item to its queue; None for a task, and for what somebody asked by hand. One statement."""
    if item.queue is None or not item.rule_key or item.rules_number is None:
        return None
    found = RulesVersion.objects.filter(framework_id=item.queue.framework_id, number=item.rules_number)
    row = found.values_list("token", "pk").first()
    return _load(*row) if row else None


@lru_cache(maxsize=64)
def _load(token: uuid.UUID, version_id: int) -> Rules:
    version = RulesVersion.objects.get(pk=version_id)
    return assemble(
        version.number,
        Threshold.objects.in_version(version),
        Band.objects.in_version(version).order_by("order", "id"),
        RoutingRule.objects.in_version(version).order_by("order", "id"),
        vat_is_excluded=version.vat_is_excluded,
    )


def assemble(
    number: int,
    thresholds: Iterable[Threshold],
    bands: Iterable[Band],
    routes: Iterable[RoutingRule],
    *,
    vat_is_excluded: bool = True,
) -> Rules:
    """Rows as the plain values that the pure functions read."""
    return Rules(
        number=number,
        figures={row.key: Figure(row.amount, row.unit) for row in thresholds},
        bands=tuple(
            BandRule(
                row.key,
                row.name,
                _range(row),
                row.is_overlay,
                row.who_buys,
                row.request,
                row.gate_1,
                row.gate_3,
                row.gate_4,
                row.summary,
                row.legal,
                row.authority,
            )
            for row in bands
        ),
        routes=tuple(
            Rule(
                row.key,
                row.name,
                row.trigger,
                _range(row),
                row.risk,
                row.needed_flag,
                tuple(row.enough_flags),
                row.queue_key,
                row.item_kind,
                row.asks,
                row.title,
                row.within_key,
                row.question_effect,
                row.reason,
            )
            for row in routes
        ),
        vat_is_excluded=vat_is_excluded,
    )


def _range(row: Band | RoutingRule) -> RangeRule:
    return RangeRule(row.from_key, row.from_inclusive, row.to_key, row.to_inclusive)


@dataclass(frozen=True)
class RowChange:
    """One row that a version changed: what it was and what it is, field by field (empty when it began or ended)."""

    kind: str
    name: str
    fields: list[tuple[str, str, str]]


def changes_in(version: RulesVersion) -> list[RowChange]:
    """What a version changed, compared with the one before it. Six statements, however many rows."""
    found: list[RowChange] = []
    for model in (Threshold, Band, RoutingRule):
        ended: dict[str, Any] = {row.key: row for row in model.objects.filter(until=version)}
        begun: dict[str, Any] = {row.key: row for row in model.objects.filter(since=version)}
        kind = str(model._meta.verbose_name)
        for key in sorted({*ended, *begun}):
            before, after = ended.get(key), begun.get(key)
            row: Any = after or before
            found.append(RowChange(kind, row.name, _field_changes(before, after)))
    return found


def _field_changes(before: Any, after: Any) -> list[tuple[str, str, str]]:
    skipped = {"id", "since", "until", "framework", "key", "order"}
    row = after or before
    changes = []
    for item in row._meta.concrete_fields:
        if item.name in skipped:
            continue
        old = _shown(before, item) if before is not None else ""
        new = _shown(after, item) if after is not None else ""
        if old != new:
            changes.append((str(item.verbose_name), old, new))
    return changes


def _shown(row: Any, item: Any) -> str:
    value = getattr(row, item.attname)
    if isinstance(row, Threshold) and item.name == "amount":
        return amount_words(row.amount, row.unit)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(dict(item.flatchoices).get(value, value))
