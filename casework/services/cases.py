"""Opening case files, numbering them, and keeping them right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F

from casework.models import CaseFile, ReferenceCounter
from organisation import clock
from organisation.models import Organisation, Person, ServiceArea


def next_reference(organisation: Organisation, prefix: str) -> str:
    """Take the next number of this organisation, prefix and year, like COM-2026-0042.

    The counter row is locked until the transaction ends, so no number is given twice and a rollback leaves no gap.
    """
    year = clock.today().year
    key = {"organisation": organisation, "prefix": prefix, "year": year}
    if not ReferenceCounter.objects.filter(**key).update(last=F("last") + 1):
        ReferenceCounter.objects.bulk_create([ReferenceCounter(**key)], ignore_conflicts=True)
        ReferenceCounter.objects.filter(**key).update(last=F("last") + 1)
    number = ReferenceCounter.objects.values_list("last", flat=True).get(**key)
    return f"{prefix}-{year}-{number:04d}"


def open_case(
    *,
    kind: str,
    prefix: str,
    organisation: Organisation,
    service_area: ServiceArea | None,
    title: str,
    holder: Person | None,
    state: str,
    root: CaseFile | None = None,
    value_ex_vat: Decimal | None = None,
    value_inc_vat: Decimal | None = None,
) -> CaseFile:
    """Open the file of a new record and give it its reference. The record's service then sets ``path``."""
    now = clock.now()
    return CaseFile.objects.create(
        kind=kind,
        organisation=organisation,
        service_area=service_area,
        root=root,
        reference=next_reference(organisation, prefix),
        title=title,
        holder=holder,
        state=state,
        value_ex_vat=value_ex_vat,
        value_inc_vat=value_inc_vat,
        opened_at=now,
        changed_at=now,
    )


def keep_right(case_file: CaseFile, **facts: Any) -> None:
    """Write the facts that changed on the record onto its file, in one UPDATE, and mark it as touched now."""
    facts["changed_at"] = clock.now()
    for name, value in facts.items():
        setattr(case_file, name, value)
    case_file.save(update_fields=list(facts))
