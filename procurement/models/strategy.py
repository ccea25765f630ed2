"""The sourcing strategy in rows: by which route and on whose terms CCPS buys, and the steps it plans for that."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from commissioning.models.sheet_row import SheetRow
from organisation.models import Person
from procurement.models.catalogue import RouteToMarket


class SourcingStrategy(SheetRow):
    """What a commission's sourcing strategy settles. The document itself is a paper; what rules read is here."""

    route = models.ForeignKey(RouteToMarket, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    has_special_terms = models.BooleanField(default=False)
    special_terms = models.CharField(max_length=500, blank=True)
    lots = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"], condition=Q(removed_at__isnull=True), name="one_sourcing_strategy"
            ),
            models.CheckConstraint(
                condition=Q(has_special_terms=False) | ~Q(special_terms=""), name="special_terms_say_which"
            ),
        ]

    def __str__(self) -> str:
        return self.route.name if self.route else "Route not chosen yet"


class SourcingStep(SheetRow):
    """One step of the sourcing activity: what is done, by whom, and between which days."""

    what = models.CharField(max_length=200)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(starts_on__lte=F("ends_on")), name="sourcing_step_ends_last"
            ),
        ]

    def __str__(self) -> str:
        return self.what
