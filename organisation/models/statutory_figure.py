"""Figures set by law, each with the days it is valid."""

from django.db import models
from django.db.models import F, Q

from organisation.querysets import StatutoryFigureQuerySet


class Unit(models.TextChoices):
    """What a figure counts."""

    POUNDS = "pounds", "Pounds"
    PERCENT = "percent", "Per cent"
    DAYS = "days", "Calendar days"
    WORKING_DAYS = "working_days", "Working days"
    CLEAR_DAYS = "clear_days", "Clear days"
    YEARS = "years", "Years"
    SWITCH = "switch", "In force (1) or not (0)"


class StatutoryFigure(models.Model):
    """One amount or period that the law sets, from a first to a last day. Money includes VAT."""

    key = models.CharField(max_length=80)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    unit = models.CharField(max_length=20, choices=Unit.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="The last day it counts.")
    source = models.CharField(max_length=300)
    provisional = models.BooleanField(default=False, help_text="Not confirmed from a source yet.")

    objects = StatutoryFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="organisation_figure_begins_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisation_figure_dates_in_order",
                violation_error_message="The last day must not come before the first",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="organisation_figure_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.key} from {self.valid_from:%-d %B %Y}"
