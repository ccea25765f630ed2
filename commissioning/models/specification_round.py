"""The rounds in which a draft specification is put before others."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from commissioning.models.sheet_row import SheetRow


class SpecificationRound(SheetRow):
    """One round of feedback on a draft specification: opened, who was asked, what came back, closed.

    ``number`` counts the rounds of a commission from 1; a round that is taken away keeps its number.
    """

    number = models.PositiveSmallIntegerField(default=0)
    specification_number = models.PositiveSmallIntegerField()
    opened_on = models.DateField()
    asked = models.TextField()
    came_back = models.TextField(blank=True)
    changed = models.TextField(blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "number"], condition=~Q(number=0), name="one_specification_round_of_a_number"
            ),
            models.UniqueConstraint(
                fields=["commission"],
                condition=Q(closed_on__isnull=True, removed_at__isnull=True),
                name="one_open_specification_round",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | (Q(closed_on__gte=F("opened_on")) & ~Q(came_back="")),
                name="closed_specification_round_says_what_came_back",
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.number}" if self.number else "A new round"
