"""Choosing how to buy: the routes that could work, and the one that is agreed, by whom and why it is fair."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commissioning.models.sheet_row import SheetRow
from procurement.models.catalogue import RouteToMarket


class CandidateRoute(SheetRow):
    """A route that could work for a commission. ``weeks`` is how long it would take, from the request to an award."""

    route = models.ForeignKey(RouteToMarket, on_delete=models.PROTECT, related_name="+")
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons_for = models.TextField()
    reasons_against = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "route"], condition=Q(removed_at__isnull=True), name="candidate_route_once"
            ),
        ]

    def __str__(self) -> str:
        return self.route.name


class RouteChoice(SheetRow):
    """How the route is chosen. ``agreed`` is empty while it is not."""

    class Requirements(models.TextChoices):
        """Whether the council knows what it wants."""

        CLEAR = "clear", "They are clear"
        MARKET_WORK = "market_work", "They need work with the market"

    requirements = models.CharField(max_length=12, choices=Requirements.choices)
    agreed = models.ForeignKey(CandidateRoute, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_on = models.DateField(null=True, blank=True)
    participants = models.CharField(max_length=500, blank=True)
    fairness = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"], condition=Q(removed_at__isnull=True), name="one_route_choice"
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True) | (Q(agreed_on__isnull=False) & ~Q(participants="") & ~Q(fairness="")),
                name="agreed_route_says_who_and_why_fair",
            ),
        ]

    def __str__(self) -> str:
        return self.agreed.route.name if self.agreed else "Not agreed yet"
