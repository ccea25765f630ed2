"""What the needs assessment finds out: who needs what, what goes first, and what is there to meet it."""

from __future__ import annotations

from django.db import models

from commissioning.models.catalogue import Objective
from commissioning.models.sheet_row import SheetRow


class Need(SheetRow):
    """One need, where it is greatest, and how far it is met. What is not met goes into the gap analysis.

    A statutory need is never of the lowest priority.
    """

    class Priority(models.IntegerChoices):
        """How urgent it is."""

        HIGH = 1, "High"
        MEDIUM = 2, "Medium"
        LOW = 3, "Low"

    class Met(models.TextChoices):
        """Whether something meets it today."""

        MET = "met", "Met"
        PARTLY = "partly", "Partly met"
        UNMET = "unmet", "Not met"

    nature = models.CharField(max_length=300)
    extent = models.CharField(max_length=200)
    group = models.CharField(max_length=150, blank=True)
    place = models.CharField(max_length=150, blank=True)
    is_statutory = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.MEDIUM)
    met = models.CharField(max_length=10, choices=Met.choices)
    met_by = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200)
    source_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_statutory=False) | models.Q(priority__lt=3),
                name="statutory_need_not_of_low_priority",
            ),
        ]

    def __str__(self) -> str:
        return self.nature


class Asset(SheetRow):
    """Something that is there already and could help to meet the need."""

    class Kind(models.TextChoices):
        """Whose it is and what it is."""

        SKILLS = "skills", "Skills and time of residents"
        GROUP = "group", "A community group or charity"
        PLACE = "place", "A building or place of the community"
        ECONOMIC = "economic", "A local business or economic strength"
        COUNCIL = "council", "A council service, building or team"
        PARTNER = "partner", "A service of another public body"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    place = models.CharField(max_length=150, blank=True)
    use = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.name


class NeedPriority(SheetRow):
    """What goes first among the needs, and why. ``place`` counts from 1, the most urgent."""

    place = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300)
    reason = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.words


class Preference(SheetRow):
    """What people say they would like: a wish, which is not yet a need. It says whose it is and who heard it."""

    words = models.CharField(max_length=300)
    group = models.CharField(max_length=150)
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.words


class ObjectiveServed(SheetRow):
    """An objective of the council that meeting the needs serves, and how."""

    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "objective"],
                condition=models.Q(removed_at__isnull=True),
                name="objective_served_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.objective)
