"""What a reviewer says of one section of a paper, what is answered, and what came of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from documents.models.paper import Paper
from documents.querysets import PaperRecordQuerySet
from organisation import clock
from organisation.models import Person


class SectionComment(models.Model):
    """One comment on one section, kept with the text it was made on; or an answer to one (``answers``). Never edited.

    ``revision_number`` is the revision that was read or, with ``on_draft``, the one that the draft was to become.
    ``about`` names the line of the section it is about, where it is not about the whole; ``made_as`` is in which
    capacity it was made ("Finance"). A comment is open until it is settled. Whoever settles it without having made it
    says why.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="comments")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    section_key = models.CharField(max_length=60)
    about = models.CharField(max_length=300, blank=True)
    words = models.CharField(max_length=2000)
    revision_number = models.PositiveIntegerField()
    on_draft = models.BooleanField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_as = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_because = models.CharField(max_length=500, blank=True)

    objects = PaperRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(settled_by=F("made_by")) | ~Q(settled_because=""),
                name="documents_comment_settled_by_another_says_why",
            ),
            models.CheckConstraint(
                condition=Q(answers=None) | Q(settled_at=None), name="documents_only_comments_are_settled"
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def case_file(self) -> Any:
        """The file of the paper: permission and audit follow it."""
        return self.paper.case_file

    @property
    def made_on(self) -> str:
        """What it was made on: "draft 2", "revision 1"."""
        return f"{'draft' if self.on_draft else 'revision'} {self.revision_number}"
