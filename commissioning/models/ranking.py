"""The order in which a panel puts the business cases that wait for it."""

from __future__ import annotations

from django.db import models

from commissioning.models.gate import GateRound
from organisation import clock
from organisation.models import Organisation, Person


class Ranking(models.Model):
    """One ordering of the cases that waited, with its reason. The newest stands; the earlier ones are kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="newest_ranking")]

    def __str__(self) -> str:
        return f"Order of business cases {self.pk}"


class RankedCase(models.Model):
    """The place of one submission in an ordering; 1 goes first."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="places")
    round = models.ForeignKey(GateRound, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ranking", "round"], name="ranked_once"),
            models.UniqueConstraint(fields=["ranking", "place"], name="each_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.round}"
