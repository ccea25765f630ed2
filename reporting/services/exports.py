"""Noting who took a list away."""

from __future__ import annotations

from collections.abc import Mapping

from casework.audit import audited, record
from organisation.models import Organisation, Person
from organisation.standing import standing_of


def note_export(person: Person, what: str, *, rows: int, filters: Mapping[str, str]) -> None:
    """Write an export into the trail of each organisation whose rows may be in it."""
    organisations = Organisation.objects.filter(pk__in=standing_of(person).organisations).order_by("pk")
    with audited(by=person):
        for organisation in organisations:
            record(verb="export", subject=organisation, changes={"list": what, "rows": rows, **filters})
