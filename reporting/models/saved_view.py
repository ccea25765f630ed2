"""A list as somebody narrowed it, kept under a name."""

from __future__ import annotations

from django.db import models

from organisation.models import Organisation, Person


class SavedView(models.Model):
    """The address of the workplan with its filters. Colleagues see it when it is shared with their organisation.

    Only the address is kept: whoever opens it sees what they may see.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    shared_with = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_view_of_a_name")]

    def __str__(self) -> str:
        return self.name
