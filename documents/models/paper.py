"""A paper about one case file, from draft to submission."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_fsm import FSMField

from casework.lifecycle import Lifecycle, verb
from casework.models import CaseFile
from documents import guards
from documents.models.template import Template
from documents.querysets import PaperQuerySet
from documents.states import PaperState
from organisation import clock
from organisation.models import Person


class Paper(Lifecycle):
    """One template answered for one case file. It keeps the template version that it was begun on.

    ``version`` counts every save, so that a page can say what it was filled in against. ``sections_saved`` remembers
    when each section was last saved by hand; ``returned_with`` holds what was asked for when the paper was reopened.
    """

    state = FSMField(default=PaperState.DRAFTING, choices=PaperState.choices, protected=True)
    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="papers")
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="papers")
    template_key = models.CharField(max_length=60)
    label = models.CharField(max_length=120, blank=True)
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(null=True)
    sections_saved = models.JSONField(default=dict)
    returned_with = models.JSONField(default=dict)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    revision_number = models.PositiveIntegerField(default=0)

    objects = PaperQuerySet.as_manager()

    #: What the verb in hand changed, for the audit trail.
    audited_changes: dict[str, Any] | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "template_key", "label"], name="documents_paper_once_a_case_and_label"
            ),
            models.CheckConstraint(condition=Q(state__in=PaperState.values), name="documents_paper_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.case_file.reference}"

    def get_absolute_url(self) -> str:
        """The paper's list of sections."""
        return reverse("documents:paper", args=[self.pk])

    @property
    def name(self) -> str:
        """The template's name, and what tells two papers of one kind apart."""
        return f"{self.template.name}: {self.label}" if self.label else self.template.name

    @property
    def is_draft(self) -> bool:
        """Whether its answers may be changed."""
        return bool(self.state == PaperState.DRAFTING)

    @verb(
        state,
        source=PaperState.DRAFTING,
        target=PaperState.SUBMITTED,
        label="Submit this paper",
        done="submitted this paper",
        act="paper.submit",
        guard=guards.submit,
        explains="What you submit is frozen as a numbered revision.",
    )
    def submit(self, *, by: Any, note: str = "", **inputs: Any) -> None:
        """Stamp who submitted it; the revision is made beside it."""
        self.submitted_by = by if isinstance(by, Person) else None
        self.submitted_at = clock.now()
        self.revision_number += 1
        self.version += 1
        self.returned_with = {}
        self.audited_changes = {"revision": [None, self.revision_number]}

    @verb(
        state,
        source=PaperState.SUBMITTED,
        target=PaperState.DRAFTING,
        label="Reopen this paper",
        done="reopened this paper",
        act="paper.reopen",
        guard=guards.reopen,
        asks_reason=True,
        explains="The paper becomes a draft again. The revision that was submitted is kept as it is.",
    )
    def reopen(self, *, by: Any, note: str = "", **inputs: Any) -> None:
        """Note what was asked for, on the whole and section by section."""
        self.returned_with = {
            "by": by.label if isinstance(by, Person) else "Gatehouse",
            "revision": self.revision_number,
            "words": note,
            "sections": {str(key): str(words) for key, words in (inputs.get("section_notes") or {}).items()},
        }
        self.version += 1


class Answer(models.Model):
    """The answer to one question. ``version`` is the paper's version at which it was last saved.

    Where two tabs saved different answers, the one that came second stands here with ``is_offered``: both are kept
    until someone chooses. ``row_id`` then says which row of a table it is about, ``tab`` which open page saved it.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="answers")
    question_key = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    came_from = models.CharField(max_length=200, blank=True)
    is_offered = models.BooleanField(default=False)
    row_id = models.CharField(max_length=12, blank=True)
    tab = models.CharField(max_length=36, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "question_key"],
                condition=Q(is_offered=False),
                name="documents_one_standing_answer_a_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_key} of paper {self.paper_id}"


class FactConfirmation(models.Model):
    """Somebody looked at a fact in a paper and said that it is right, as it read then."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="confirmations")
    fact = models.CharField(max_length=80)
    value_shown = models.CharField(max_length=500)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "fact"], name="documents_one_confirmation_a_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.fact}: {self.value_shown}"
