"""Taking a forward plan out of a file: looked at first, then each line registered as a draft, never twice."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from casework.audit import audited
from casework.refusals import NotPermitted, Refused
from commissioning.models import Category, ImportedLine, PlanImport
from commissioning.plan_reading import PlannedLine, RefusedLine, guess, plan_lines, read_file
from commissioning.services import commissions
from organisation import clock
from organisation.models import Person, ServiceArea
from organisation.permissions import may


@dataclass(frozen=True)
class Preview:
    """What a file comes to: lines that become drafts, those refused, and those that were made before."""

    to_make: list[PlannedLine]
    refused: list[RefusedLine]
    known: list[PlannedLine]


def upload(*, name: str, data: bytes, default_area: ServiceArea, by: Person) -> PlanImport:
    """Keep a file's lines until they are made into drafts. Raises ``Unreadable`` and ``NotPermitted``."""
    if not may(by, "commission.register", default_area):
        raise NotPermitted("You cannot register commissions in this service area.")
    read = read_file(name, data)
    return PlanImport.objects.create(
        organisation=default_area.organisation,
        file_name=name[:200],
        header=read.header,
        lines=read.lines,
        columns=guess(read.header) | {"default_area": default_area.pk},
        uploaded_by=by,
    )


def remap(found: PlanImport, columns: Mapping[str, int]) -> None:
    """Read the columns otherwise; nothing is made by it."""
    found.columns = dict(columns) | {"default_area": found.columns.get("default_area")}
    found.save(update_fields=["columns"])


def preview(found: PlanImport, areas: Mapping[str, int]) -> Preview:
    """What the file would make. ``areas`` are the service areas in which the person registers, by name."""
    categories = Category.objects.in_force().filter(framework_id=found.organisation.framework_id)
    columns = {name: place for name, place in found.columns.items() if name != "default_area"}
    default = found.columns.get("default_area")
    planned, refused = plan_lines(
        [(number, cells) for number, cells in found.lines],
        columns,
        areas=areas,
        categories={name.casefold(): pk for pk, name in categories.values_list("pk", "name")},
        default_area=default if default in areas.values() else None,
        today=clock.today(),
    )
    made = set(
        ImportedLine.objects.filter(
            organisation=found.organisation, fingerprint__in=[line.fingerprint for line in planned]
        ).values_list("fingerprint", flat=True)
    )
    return Preview(
        [line for line in planned if line.fingerprint not in made],
        refused,
        [line for line in planned if line.fingerprint in made],
    )


def make_drafts(found: PlanImport, areas: Mapping[str, int], *, by: Person, act_id: uuid.UUID | None = None) -> int:
    """Register a draft for each line that can become one; says how many. A line that was made before makes nothing."""
    with audited(by=by, act_id=act_id, verb="commission.import", subject=str(found.pk)):
        found = PlanImport.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=found.pk)
        seen = preview(found, areas)
        if not seen.to_make:
            raise Refused("No line of this file makes a new commission.")
        rows = {row.pk: row for row in ServiceArea.objects.filter(pk__in=areas.values()).select_related("organisation")}
        categories = Category.objects.in_bulk([line.category for line in seen.to_make if line.category])
        for line in seen.to_make:
            made = commissions.register(
                title=line.title,
                service_area=rows[line.area],
                by=by,
                purpose=line.purpose,
                category=categories.get(line.category) if line.category else None,
                needed_by=line.needed_by,
                amount_ex_vat=line.value_ex_vat,
                amount_inc_vat=line.value_inc_vat,
            )
            ImportedLine.objects.create(
                organisation=found.organisation,
                fingerprint=line.fingerprint,
                commission=made,
                source=found,
                number=line.number,
            )
        found.done_at = clock.now()
        found.save(update_fields=["done_at"])
        return len(seen.to_make)
