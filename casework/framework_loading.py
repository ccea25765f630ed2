"""Loading a commissioning framework from its file. Each room says which part of the file is its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from casework.models import Band, Queue, ReminderPolicy, RoutingRule, Threshold
from casework.services.rules import Changes, publish
from organisation import clock
from organisation.actors import System
from organisation.models import CommissioningFramework

Loader = Callable[[CommissioningFramework, dict[str, Any]], str]

_loaders: list[Loader] = []


def register_loader(loader: Loader) -> None:
    """Add a room's loader. It gets the framework and the whole file, and says in words what it did.

    A loader must be safe to run twice and must leave alone what administrators have changed since.
    """
    _loaders.append(loader)


def read(folder: Path) -> dict[str, Any]:
    """Read a framework's folder as one whole: every file holds some of its keys, and each file of papers/ one template.

    Raises ``ValueError`` where two files hold the same key.
    """
    content: dict[str, Any] = {"templates": [_read(path) for path in sorted((folder / "papers").glob("*.json"))]}
    for path in sorted(folder.glob("*.json")):
        part = _read(path)
        if twice := sorted(content.keys() & part.keys()):
            raise ValueError(f"{path} holds {', '.join(twice)}, which another file of the framework holds too")
        content |= part
    return content


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def load(content: dict[str, Any]) -> list[str]:
    """Load one framework file; returns what each room did, in words."""
    framework, made = CommissioningFramework.objects.get_or_create(
        key=content["key"], defaults={"name": content["name"], "description": content.get("description", "")}
    )
    said = [f"{framework.name}: {'made' if made else 'already here'}"]
    return said + [loader(framework, content) for loader in _loaders]


def register_own() -> None:
    """Register the loaders of this room."""
    register_loader(_load_queues)
    register_loader(_load_rules)
    register_loader(_load_reminders)


def _load_queues(framework: CommissioningFramework, content: dict[str, Any]) -> str:
    known = set(framework.queues.values_list("key", flat=True))
    fresh = [
        Queue(
            framework=framework,
            key=row["key"],
            name=row["name"],
            role=row["role"],
            function=row.get("function", ""),
            manager_role=row.get("manager_role", ""),
            summary=row.get("summary", ""),
            order=order,
        )
        for order, row in enumerate(content.get("queues", []))
        if row["key"] not in known
    ]
    Queue.objects.bulk_create(fresh)
    return f"queues: {len(fresh)} added"


def _load_reminders(framework: CommissioningFramework, content: dict[str, Any]) -> str:
    """Add the reminder steps that are not there yet; what administrators changed since stays as they left it."""
    known = set(framework.reminder_policies.values_list("kind", "step"))
    fresh = [
        ReminderPolicy(framework=framework, order=order, **_known(ReminderPolicy, row))
        for order, row in enumerate(content.get("reminders", []))
        if (row["kind"], row["step"]) not in known
    ]
    ReminderPolicy.objects.bulk_create(fresh)
    return f"reminder steps: {len(fresh)} added"


def _load_rules(framework: CommissioningFramework, content: dict[str, Any]) -> str:
    if framework.rules_versions.exists():
        return "rules: already here, left alone"
    version = publish(
        framework,
        Changes(
            thresholds=[
                Threshold(
                    key=row["key"],
                    name=row["name"],
                    order=order,
                    amount=Decimal(str(row["amount"])),
                    unit=row["unit"],
                    source=row.get("source", ""),
                )
                for order, row in enumerate(content["figures"])
            ],
            bands=[Band(order=order, **_known(Band, row)) for order, row in enumerate(content["bands"])],
            routes=[_routing_rule(order, row) for order, row in enumerate(content["routing_rules"])],
        ),
        by=System(because="The framework was loaded from its file"),
        valid_from=min(clock.today(), date.fromisoformat(content["valid_from"])),
        reason="Loaded with the framework",
    )
    return f"rules: version {version.number} published"


def _routing_rule(order: int, row: dict[str, Any]) -> RoutingRule:
    """One rule of the file; a single "flag" with its effect is another way to write the flag columns."""
    fields = dict(row)
    flag, effect = fields.pop("flag", ""), fields.pop("flag_effect", "")
    enough = list(fields.pop("enough_flags", []) or [])
    needed = fields.pop("needed_flag", "")
    if flag and effect == "needed":
        needed = flag
    elif flag:
        enough.append(flag)
    fields["queue_key"] = fields.pop("queue")
    fields["within_key"] = fields.pop("within", "") or ""
    return RoutingRule(order=order, enough_flags=enough, needed_flag=needed, **_known(RoutingRule, fields))


def _known(model: type[Any], row: dict[str, Any]) -> dict[str, Any]:
    names = {item.name for item in model._meta.concrete_fields} - {"order"}
    return {name: value if value is not None else "" for name, value in row.items() if name in names}
