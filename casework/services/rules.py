"""Publishing the next version of the rules. Reading them stands in ``casework.selectors.rules``, offered here too."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from casework.audit import audited, record, record_refusal
from casework.figures import amount_words
from casework.models import Band, Queue, RoutingRule, RulesVersion, Threshold, VersionedRow
from casework.refusals import Refused
from casework.routing import Rules
from casework.rules_safety import faults_of
from casework.selectors.rules import assemble, rules_of, version_in_force
from organisation import clock
from organisation.actors import Actor
from organisation.formatting import day
from organisation.models import CommissioningFramework, Person

__all__ = [
    "Changes",
    "UnsafeRules",
    "WrongDay",
    "assemble",
    "publish",
    "refusal_of",
    "rehearse",
    "rules_of",
    "version_in_force",
    "with_amount",
]

Row = TypeVar("Row", bound=VersionedRow)


class UnsafeRules(Refused):
    """A rule set that would leave a value without a band, or take a function away as value or risk rises."""


class WrongDay(Refused):
    """A version that would start in the past, or before the one it follows."""


@dataclass
class Changes:
    """Rows to put in place of those standing, each by its key; ``removed_routes`` and bands end with this version."""

    thresholds: list[Threshold] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    routes: list[RoutingRule] = field(default_factory=list)
    removed_routes: list[str] = field(default_factory=list)
    removed_bands: list[str] = field(default_factory=list)


def rehearse(framework: CommissioningFramework, changes: Changes) -> Rules:
    """The rules as they would stand with ``changes``, without writing anything."""
    latest = framework.rules_versions.order_by("-number").first()

    def standing(model: type[Row]) -> list[Row]:
        rows: Any = model._default_manager.filter(framework=framework, until__isnull=True)
        return list(rows.order_by("order", "id")) if latest else []

    return assemble(
        (latest.number if latest else 0) + 1,
        _with(standing(Threshold), changes.thresholds, []),
        _with(standing(Band), changes.bands, changes.removed_bands),
        _with(standing(RoutingRule), changes.routes, changes.removed_routes),
        vat_is_excluded=latest.vat_is_excluded if latest else True,
    )


def _with(standing: list[Row], replacing: list[Row], removed: list[str]) -> list[Row]:
    new = {row.key: row for row in replacing}
    kept = [new.pop(row.key, row) for row in standing if row.key not in removed]
    return sorted([*kept, *new.values()], key=lambda row: row.order)


def refusal_of(
    framework: CommissioningFramework,
    changes: Changes,
    *,
    valid_from: date,
    latest: RulesVersion | None,
    after: int | None = None,
) -> Refused | None:
    """Why ``changes`` could not be published, or None. A preview asks before, ``publish`` asks again."""
    if latest is not None:
        if after is not None and after != latest.number:
            return Refused(
                f"Somebody else published version {latest.number} while you were on this page. "
                "Look at the rules as they are now, then make your change again."
            )
        if valid_from < latest.valid_from:
            return WrongDay(
                f"Version {latest.number} is in force from {day(latest.valid_from)}. "
                "A later version cannot start before it; choose that day or a later one."
            )
        if valid_from < clock.today():
            return WrongDay("Rules cannot change in the past. Choose today or a later day.")
    rules = rehearse(framework, changes)
    faults = list(dict.fromkeys([*_missing_queues(framework, rules), *faults_of(rules)]))
    if faults:
        return UnsafeRules("These rules cannot be published. " + ". ".join(faults) + ".")
    return None


def _missing_queues(framework: CommissioningFramework, rules: Rules) -> list[str]:
    known = set(Queue.objects.filter(framework=framework).values_list("key", flat=True))
    return [
        f"The rule {rule.name} sends work to the queue {rule.queue}, which does not exist"
        for rule in rules.routes
        if rule.queue not in known
    ]


def publish(
    framework: CommissioningFramework,
    changes: Changes,
    *,
    by: Actor,
    valid_from: date,
    reason: str,
    source: str = "",
    act_id: uuid.UUID | None = None,
    after: int | None = None,
) -> RulesVersion:
    """Make the next version of a framework's rules, in force from ``valid_from``.

    Nothing that was published changes: a replaced row ends at the new version and its successor begins there. Cases
    pinned to earlier versions stay where they are. ``after`` is the number of the version the person had before them.

    Raises ``UnsafeRules`` if a value would be in no band or two, if raising value or risk would take a function or a
    gate away, or if a rule names a queue or figure there is not; and ``Refused`` if the version would start in the
    past, or before the one it follows, or if somebody else published meanwhile.
    """
    with audited(by=by, act_id=act_id, verb="rules.publish", subject=framework.key):
        CommissioningFramework.objects.select_for_update().get(pk=framework.pk)
        latest = framework.rules_versions.order_by("-number").first()
        refusal = refusal_of(framework, changes, valid_from=valid_from, latest=latest, after=after)
        if refusal is not None:
            record_refusal(verb="rulesversion.publish", subject=framework, by=by, words=refusal.words)
            raise refusal
        version = RulesVersion.objects.create(
            framework=framework,
            number=(latest.number if latest else 0) + 1,
            valid_from=valid_from,
            vat_is_excluded=latest.vat_is_excluded if latest else True,
            published_at=clock.now(),
            published_by=by if isinstance(by, Person) else None,
            reason=reason,
            source=source,
        )
        said: dict[str, Any] = {}
        _replace(Threshold, changes.thresholds, [], version, said)
        _replace(Band, changes.bands, changes.removed_bands, version, said)
        _replace(RoutingRule, changes.routes, changes.removed_routes, version, said)
        record(
            verb="rulesversion.publish",
            subject=version,
            reason=reason,
            changes=said,
            rules_version=version.number,
        )
        return version


def _replace(
    model: type[Row], rows: list[Row], removed: list[str], version: RulesVersion, said: dict[str, Any]
) -> None:
    keys = [row.key for row in rows] + removed
    if not keys:
        return
    standing = model._default_manager.filter(framework_id=version.framework_id, key__in=keys, until__isnull=True)
    before = {row.key: row for row in standing}
    standing.update(until=version)
    for row in rows:
        row.pk, row._state.adding = None, True
        row.framework_id, row.since, row.until = version.framework_id, version, None
        row.save(force_insert=True)
        said[f"{model._meta.model_name} {row.key}"] = [_words(before.get(row.key)), _words(row)]
    for key in removed:
        said[f"{model._meta.model_name} {key}"] = [_words(before.get(key)), "removed"]


def _words(row: VersionedRow | None) -> str:
    if row is None:
        return "none"
    if isinstance(row, Threshold):
        return amount_words(row.amount, row.unit)
    skipped = {"id", "since", "until", "framework", "key", "order"}
    shown: Mapping[str, Any] = {
        item.name: getattr(row, item.attname) for item in row._meta.concrete_fields if item.name not in skipped
    }
    return ", ".join(f"{name}: {value}" for name, value in shown.items() if value not in ("", None, [], False))


def with_amount(framework: CommissioningFramework, key: str, amount: Decimal) -> Threshold:
    """The standing figure ``key`` with another amount, ready to go into ``Changes``."""
    row = Threshold.objects.get(framework=framework, key=key, until__isnull=True)
    row.amount = amount
    return row
