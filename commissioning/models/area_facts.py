"""Facts about the council's places, kept by its administrators and shown where needs are written down."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from organisation.models import Organisation


class AreaFactQuerySet(models.QuerySet["AreaFact"]):
    """Reading the facts of a council."""

    def shown(self) -> AreaFactQuerySet:
        """Those that still stand, by topic and place."""
        return self.filter(ended_on=None).order_by("topic", "place", "pk")


class AreaFact(models.Model):
    """One figure about a place, with its source and its date. A newer figure is a new row; the old one is ended."""

    class Topic(models.TextChoices):
        """What it is about."""

        POPULATION = "population", "Population"
        RURALITY = "rurality", "Rural places"
        AGE = "age", "Age"
        DEPRIVATION = "deprivation", "Deprivation"
        DISABILITY = "disability", "Disability"
        EMPLOYMENT = "employment", "Employment"
        EARNINGS = "earnings", "Earnings"
        OTHER = "other", "Other"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=15, choices=Topic.choices)
    place = models.CharField(max_length=150)
    fact = models.CharField(max_length=200, help_text="Like: people aged 75 and over.")
    figure = models.CharField(max_length=60, help_text="With its unit, like 42,300 or 97%.")
    source = models.CharField(max_length=200)
    as_of = models.DateField("date of the figure")
    ended_on = models.DateField(null=True, blank=True, help_text="The day from which it is no longer shown.")

    objects = AreaFactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(figure="") & ~Q(source=""), name="area_fact_has_a_source"),
        ]
        indexes = [models.Index(fields=["organisation", "topic"], name="area_facts_of_a_council")]

    def __str__(self) -> str:
        return f"{self.place}, {self.fact}: {self.figure}"
