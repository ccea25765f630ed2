"""What a commissioning framework offers to buy by."""

from __future__ import annotations

from django.db import models

from casework.models import CatalogueRow


class RouteToMarket(CatalogueRow):
    """A way to buy. An unusual one brings Legal in."""

    summary = models.CharField(max_length=300, blank=True)
    is_unusual = models.BooleanField("unusual", default=False, help_text="Legal looks at an unusual route.")
    is_without_competition = models.BooleanField(
        "without competition",
        default=False,
        help_text="One supplier is chosen without others being asked. Whoever opens it says how fairness, transparency "
        "and competition were considered.",
    )
    weeks = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many weeks it usually takes, from the request to an award."
    )

    class Meta(CatalogueRow.Meta):
        verbose_name_plural = "routes to market"
