"""The PDF of a revision, or of a draft as it stood."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from documents.models.paper import Paper
from documents.models.revision import Revision
from documents.states import RenderingState


class Rendering(models.Model):
    """One PDF, made once from a frozen content and kept. Not a lifecycle: it is only ever filled in.

    ``content_sha256`` says what it was made from. A draft's content is held here until its PDF is made; a
    revision holds its own. ``shape`` names how it is drawn: a paper, or what another room registered in
    ``documents.pdf`` (a gate's pack).
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="renderings")
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="rendering")
    shape = models.CharField(max_length=20, default="paper")
    content_sha256 = models.CharField(max_length=64)
    content = models.JSONField(null=True)
    pdf_state = models.CharField(max_length=12, choices=RenderingState.choices, default=RenderingState.PREPARING)
    stored_as = models.CharField(max_length=40, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "shape", "content_sha256"],
                condition=Q(revision__isnull=True),
                name="documents_one_pdf_a_content",
            ),
            models.CheckConstraint(
                condition=Q(pdf_state__in=RenderingState.values), name="documents_rendering_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"PDF of {self.revision or self.paper}"
