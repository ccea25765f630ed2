"""What was submitted, frozen."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from documents.models.paper import Paper
from documents.querysets import PaperRecordQuerySet
from organisation.models import Person


class Revision(models.Model):
    """One submission of a paper: its words, facts, answers and list of files as they stood. It never changes.

    ``content`` is all that a page or PDF shows of it; ``sha256`` is the fingerprint of its canonical JSON.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField()

    objects = PaperRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="documents_revision_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="documents_revision_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.paper}, revision {self.number}"

    def get_absolute_url(self) -> str:
        """The read-only page of this revision."""
        return reverse("documents:revision", args=[self.paper_id, self.number])
