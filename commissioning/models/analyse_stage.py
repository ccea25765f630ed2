"""What the stage Analyse has to say as a whole: its topics, what is delivered already, and where it will be needed."""

from __future__ import annotations

from django.db import models

from casework.models import CaseFile
from commissioning.models.catalogue import Place
from commissioning.models.sheet_row import SheetRow


class AnalyseTopic(SheetRow):
    """One of the topics that every analysis looks at: what was found, or why the topic does not apply."""

    class Topic(models.TextChoices):
        """The topics, in the order in which the page shows them."""

        LEGISLATION = "legislation", "Legislation"
        GUIDANCE = "guidance", "Guidance"
        BEST_PRACTICE = "best_practice", "Best practice"
        CURRENT_PROVISION = "current_provision", "Current provision"
        RESIDENT_ENGAGEMENT = "resident_engagement", "Resident engagement"
        ROOT_CAUSES = "root_causes", "Root causes"

    topic = models.CharField(max_length=20, choices=Topic.choices)
    does_not_apply = models.BooleanField(default=False)
    words = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "topic"], condition=models.Q(removed_at__isnull=True), name="topic_written_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_topic_display())


class ExistingDelivery(SheetRow):
    """Something the council does already in this field.

    ``record`` is its contract or its own commission, where it has one here; another service is known by its name.
    """

    class Kind(models.TextChoices):
        """How it is delivered."""

        CONTRACT = "contract", "Through a contract"
        IN_HOUSE = "in_house", "By the council itself"
        OTHER = "other", "Another way, like a grant or a partnership"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    record = models.ForeignKey(CaseFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class FutureLocation(SheetRow):
    """An area or community, from the council's list, where the service will have to be."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "place"], condition=models.Q(removed_at__isnull=True), name="location_named_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)
