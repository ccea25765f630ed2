"""Proposing another set of activities when value or risk moves."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from commissioning.models import Activity, Commission, CommissionActivity, Proportion
from commissioning.proportion import column_of


def propose_again(commission: Commission, proportion: Proportion) -> None:
    """Mark what the catalogue suggests for another proportion. What people agreed stays until they agree again."""
    in_set = Activity.objects.filter(**{column_of(proportion): True}, pk=OuterRef("activity_id"))
    CommissionActivity.objects.filter(commission=commission).update(is_suggested=Exists(in_set))
