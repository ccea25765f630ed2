"""A file that belongs to a case file, perhaps to one question of a paper."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from casework.models import CaseFile
from documents.models.paper import Paper
from documents.querysets import AttachmentQuerySet
from documents.states import RESTRICTED, Classification, ScanState
from organisation.models import Person

LONGEST_PURPOSE = 60


class Attachment(models.Model):
    """One uploaded file. The bytes lie under a random name outside any served folder; replacing keeps the old file.

    ``purpose`` says what it was attached for: a paper's question has ``question_key``, another room names its own
    purpose ("activity:42").
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="attachments")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    question_key = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=LONGEST_PURPOSE, blank=True)
    filename = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100)
    stored_as = models.CharField(max_length=40, unique=True)
    classification = models.CharField(max_length=12, choices=Classification.choices, default=Classification.OFFICIAL)
    scan_state = models.CharField(max_length=12, choices=ScanState.choices, default=ScanState.UNSCANNED)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    is_current = models.BooleanField(default=True)
    removed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scan_state__in=ScanState.values), name="documents_scan_state_known"),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="documents_classification_known"
            ),
            models.CheckConstraint(
                condition=Q(paper__isnull=False) | Q(question_key=""), name="documents_question_belongs_to_a_paper"
            ),
        ]
        indexes = [
            models.Index(fields=["case_file", "purpose", "-uploaded_at"], name="documents_files_of_a_case"),
            models.Index(fields=["paper", "is_current"], name="documents_files_of_a_paper"),
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        """The download."""
        return reverse("documents:download", args=[self.pk])

    @property
    def is_restricted(self) -> bool:
        """Whether only some of the people who see the case may open it."""
        return self.classification in RESTRICTED

    @property
    def is_available(self) -> bool:
        """Whether it may be downloaded at all: not refused, and checked where a virus scanner is set up."""
        if self.scan_state == ScanState.UNSCANNED:
            return not getattr(settings, "VIRUS_SCANNER", "")
        return self.scan_state == ScanState.SCANNED
