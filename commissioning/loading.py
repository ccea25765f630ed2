"""Loading what this room reads of a framework's file: catalogues to choose from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from casework.framework_loading import register_loader
from casework.models import CatalogueRow
from commissioning.models import (
    Activity,
    ApprovalRoute,
    Category,
    DeliveryModel,
    GovernanceRoute,
    GuidancePage,
    KeyQuestion,
    Level,
    LoadLimit,
    Objective,
    Place,
    Principle,
    RiskCriterion,
    RouteStep,
    Stage,
    UrgencyGround,
)
from commissioning.models.timeline import StepDuration, TimelineStep
from organisation.models import CommissioningFramework

PARTS: dict[str, type[CatalogueRow]] = {
    "stages": Stage,
    "categories": Category,
    "levels": Level,
    "places": Place,
    "objectives": Objective,
    "principles": Principle,
    "urgency_grounds": UrgencyGround,
    "governance_routes": GovernanceRoute,
    "delivery_models": DeliveryModel,
    "risk_criteria": RiskCriterion,
    "activities": Activity,
    "key_questions": KeyQuestion,
    "guidance": GuidancePage,
}


def load_catalogues(framework: CommissioningFramework, content: dict[str, Any]) -> str:
    """Add the rows whose keys are missing; what administrators have edited since is left alone."""
    said = []
    for part, model in PARTS.items():
        known = set(model._default_manager.filter(framework=framework).values_list("key", flat=True))
        fresh = [
            model(framework=framework, order=order, **_fields(model, row))
            for order, row in enumerate(content.get(part, []))
            if row["key"] not in known
        ]
        model._default_manager.bulk_create(fresh)
        said.append(f"{part.replace('_', ' ')}: {len(fresh)} added")
        if model is Category:
            _hang(framework, {row.key for row in fresh}, content.get(part, []))
    return "; ".join(said)


def _hang(framework: CommissioningFramework, fresh: set[str], rows: list[dict[str, Any]]) -> None:
    """Put new categories into the branches that the file names."""
    known = {row.key: row for row in Category.objects.filter(framework=framework)}
    moved = []
    for row in rows:
        if row["key"] in fresh and row.get("parent"):
            known[row["key"]].parent = known[row["parent"]]
            moved.append(known[row["key"]])
    Category.objects.bulk_update(moved, ["parent"])


def _fields(model: type[CatalogueRow], row: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in model._meta.concrete_fields}
    fields = {key: value for key, value in row.items() if key in names - {"parent"} and value is not None}
    # Stages call their name a label, guidance a title, a key question has only its text.
    fields.setdefault("name", str(row.get("label") or row.get("title") or row.get("text") or row["key"])[:150])
    return fields


def load_approval_routes(framework: CommissioningFramework, content: dict[str, Any]) -> str:
    """Add the routes whose keys are missing, each with its steps in order; what stands is left alone."""
    known = set(ApprovalRoute.objects.filter(framework=framework).values_list("key", flat=True))
    fresh = [row for row in content.get("approval_routes", []) if row["key"] not in known]
    for order, row in enumerate(fresh):
        made = ApprovalRoute.objects.create(
            framework=framework,
            key=row["key"],
            name=row["name"],
            order=order,
            gate=row["gate"],
            from_value=Decimal(str(row.get("from_value", 0))),
        )
        RouteStep.objects.bulk_create(
            [RouteStep(route=made, order=place, **step) for place, step in enumerate(row["steps"], start=1)]
        )
    return f"approval routes: {len(fresh)} added"


def load_load_limits(framework: CommissioningFramework, content: dict[str, Any]) -> str:
    """Add how much time one person or team may promise, where nothing is set yet."""
    known = set(LoadLimit.objects.filter(framework=framework).values_list("whose", flat=True))
    fresh = [
        LoadLimit(
            framework=framework,
            whose=row["whose"],
            days=Decimal(str(row["days"])),
            valid_from=date.fromisoformat(row["valid_from"]),
        )
        for row in content.get("load_limits", [])
        if row["whose"] not in known
    ]
    LoadLimit.objects.bulk_create(fresh)
    return f"load limits: {len(fresh)} added"


def load_timeline(framework: CommissioningFramework, content: dict[str, Any]) -> str:
    """Add the steps whose keys are missing, each with its first durations; what stands is left alone."""
    known = set(TimelineStep.objects.filter(framework=framework).values_list("key", flat=True))
    lengths = ("unit", "short", "standard", "full", "source")
    made = 0
    for order, row in enumerate(content.get("timeline_steps", [])):
        if row["key"] in known:
            continue
        fields = {name: value for name, value in row.items() if name not in lengths}
        step = TimelineStep.objects.create(framework=framework, order=order, **fields)
        StepDuration.objects.create(
            step=step, valid_from=step.valid_from, **{name: row[name] for name in lengths if name in row}
        )
        made += 1
    return f"timeline steps: {made} added"


def register_own() -> None:
    """Register this room's loaders."""
    register_loader(load_load_limits)
    register_loader(load_catalogues)
    register_loader(load_approval_routes)
    register_loader(load_timeline)
