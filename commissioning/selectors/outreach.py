"""Findings on their way, as the engagement page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from commissioning.models import Commission, PassedFinding
from organisation.formatting import day
from organisation.models import Person


@dataclass(frozen=True)
class ShownFinding:
    """One finding in a list."""

    words: str
    url: str
    note: str
    tag: str
    tone: str


def findings_of(commission: Commission, person: Person) -> dict[str, list[ShownFinding]]:
    """What this commission passed on, and what it and its service area received; one statement."""
    case = commission.case_file
    mine = Q(engagement__commission=commission)
    # What was sent to the area concerns every commission of it that is still open.
    into = Q(to_commission=commission) | Q(to_commission=None, service_area=case.service_area_id, was_used=None)
    if case.service_area_id is None:
        into = Q(to_commission=commission)
    rows = (
        PassedFinding.objects.visible_to(person)
        .filter(mine | into)
        .select_related("engagement__commission__case_file", "to_commission__case_file", "service_area", "sent_by")
        .order_by("-pk")[:100]
    )
    found: dict[str, list[ShownFinding]] = {"sent": [], "received": []}
    for row in rows:
        is_sent = row.engagement.commission_id == commission.pk
        found["sent" if is_sent else "received"].append(_shown(row, is_sent=is_sent))
    return found


def _shown(row: Any, *, is_sent: bool) -> ShownFinding:
    to = row.to_commission.case_file.reference if row.to_commission else str(row.service_area)
    way = f"To {to}" if is_sent else f"From {row.engagement.commission.case_file.reference}"
    tag, tone = ("Not read", "amber")
    if row.answered_at:
        tag, tone = ("Used", "green") if row.was_used else ("Not used", "grey")
    elif row.read_at:
        tag, tone = "Read", "blue"
    return ShownFinding(
        row.words,
        reverse("commissioning:finding", args=[row.pk]),
        f"{way}, {row.sent_by.name}, {day(row.sent_at)}",
        tag,
        tone,
    )
