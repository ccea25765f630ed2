"""What a paper asks: a template version of sections and questions, edited by administrators until it is published."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from documents.kinds import KIND_CHOICES
from documents.querysets import TemplateQuerySet
from organisation.models import CommissioningFramework, Person

_KEY_HELP = "Small letters, figures and underscores. It stays the same from version to version."


class Template(models.Model):
    """One version of a kind of paper. Once published it never changes; a change is a new version."""

    framework = models.ForeignKey(CommissioningFramework, on_delete=models.PROTECT, related_name="paper_templates")
    key = models.CharField(max_length=60, help_text=_KEY_HELP)
    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    purpose = models.TextField(blank=True, help_text="One or two sentences under the paper's name: what it is for.")
    written_by = models.JSONField(
        "roles that write it", default=list, help_text="Role codes, like commissioner and service_leader."
    )
    statement = models.TextField(
        "statement before submitting",
        blank=True,
        help_text="What the person who submits the paper confirms. Empty for the usual words.",
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    file_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "paper template"
        constraints = [
            models.UniqueConstraint(fields=["framework", "key", "version"], name="documents_template_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="documents_template_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    @property
    def is_published(self) -> bool:
        """Whether papers may be begun on it, and nobody may edit it any more."""
        return self.published_at is not None


class Section(models.Model):
    """One topic of a paper: a page of questions with guidance beside them."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60, help_text=_KEY_HELP)
    title = models.CharField(max_length=120)
    guidance = models.TextField(
        blank=True,
        help_text="Shown beside the questions. ## starts a heading, - a list item, [words](https://…) is a link.",
    )

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="documents_section_key_once_a_template")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def framework_id(self) -> int:
        """Whose administrators look after it: those of its template's framework."""
        return self.template.framework_id

    @property
    def framework(self) -> CommissioningFramework:
        """The framework of its template."""
        return self.template.framework


class Question(models.Model):
    """One question. The two conditions are fixed columns: a fact or an earlier answer is one of some values."""

    class WhenKind(models.TextChoices):
        """What a condition looks at."""

        ALWAYS = "", "Always"
        FACT = "fact", "When a fact is"
        QUESTION = "question", "When the answer to a question is"

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60, help_text=_KEY_HELP)
    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    label = models.CharField(max_length=200)
    hint = models.TextField(blank=True)
    required = models.BooleanField("must be answered", default=False)
    word_limit = models.PositiveIntegerField(null=True, blank=True)
    choices = models.JSONField(default=list, blank=True, help_text='[{"value": "yes", "label": "Yes"}, …]')
    columns = models.JSONField(
        default=list, blank=True, help_text='Of a table: [{"key": "option", "label": "Option", "kind": "text"}, …]'
    )
    fact = models.CharField(
        max_length=80, blank=True, help_text="The fact shown to confirm, or copied in when a paper is begun."
    )
    asked_when_kind = models.CharField("asked", max_length=10, choices=WhenKind.choices, blank=True)
    asked_when_key = models.CharField("fact or question", max_length=80, blank=True)
    asked_when_values = models.JSONField("is one of", default=list, blank=True)
    required_when_kind = models.CharField("also required", max_length=10, choices=WhenKind.choices, blank=True)
    required_when_key = models.CharField("fact or question", max_length=80, blank=True)
    required_when_values = models.JSONField("is one of", default=list, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["section", "key"], name="documents_question_key_once_a_section"),
            models.CheckConstraint(
                condition=Q(kind__in=[key for key, _ in KIND_CHOICES]), name="documents_question_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(asked_when_kind__in=["", "fact", "question"])
                & Q(required_when_kind__in=["", "fact", "question"]),
                name="documents_question_conditions_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label
