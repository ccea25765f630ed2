"""The needs that the gap analysis has still to take over."""

from __future__ import annotations

from typing import Any

from commissioning.models import Commission, Need
from commissioning.models.plan import Gap


def open_needs(commission: Commission) -> Any:
    """The needs that are not met, or only partly, and that no gap was made of yet; the statutory first."""
    taken = Gap.objects.filter(commission=commission, removed_at__isnull=True, need__isnull=False).values("need")
    rows = Need.objects.filter(commission=commission, removed_at__isnull=True).exclude(met=Need.Met.MET)
    return rows.exclude(pk__in=taken).order_by("-is_statutory", "priority", "pk")
