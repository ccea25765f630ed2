"""Paper templates in the administration pages: read when published, edited while a draft, never changed after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from casework.refusals import NotPermitted, Refused
from documents import facts
from documents.kinds import COLUMN_KINDS
from documents.models import Question, Section, Template
from documents.rules import WRITERS
from documents.services import templates
from organisation.admin.base import AuditedAdmin, ScopedInline
from organisation.admin.scopes import OfFramework
from organisation.permissions import may
from organisation.visitor import person_asking


class ChoiceLines(forms.CharField):
    """Choices as lines, "value = Label"; a line without a value makes one of its label."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Write the choices out as lines."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{row['value']} = {row['label']}" for row in value)

    def clean(self, value: Any) -> list[dict[str, str]]:
        """Read the lines."""
        rows = []
        for line in str(super().clean(value) or "").splitlines():
            left, mark, right = (part.strip() for part in line.partition("="))
            if left:
                rows.append({"value": left if mark else left.lower().replace(" ", "_"), "label": right or left})
        return rows


class ValueList(forms.CharField):
    """Values separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        """Write the values out."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Read the values."""
        return [part.strip() for part in str(super().clean(value) or "").split(",") if part.strip()]


class TemplateForm(forms.ModelForm):
    """A template version, with its roles to tick."""

    written_by = forms.MultipleChoiceField(
        label="Roles that write it",
        choices=[(role.value, role.label) for role in WRITERS],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Template
        fields = ("name", "purpose", "written_by", "statement")


class QuestionForm(forms.ModelForm):
    """A question, its lists as people type them, its facts from those that the records offer."""

    choices = ChoiceLines(required=False, help_text="One a line: value = Label.")
    fact = forms.ChoiceField(required=False, help_text="Shown to confirm, or copied in when a paper is begun.")
    asked_when_values = ValueList(required=False, label="Is one of", help_text="Separated by commas.")
    required_when_values = ValueList(required=False, label="Is one of", help_text="Separated by commas.")

    class Meta:
        model = Question
        fields = (
            *("order", "key", "kind", "label", "hint", "required", "word_limit", "choices", "columns", "fact"),
            *("asked_when_kind", "asked_when_key", "asked_when_values"),
            *("required_when_kind", "required_when_key", "required_when_values"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the facts that there are, and the one that is named even if no room offers it now."""
        super().__init__(*args, **kwargs)
        offered = {"": "None", **facts.labels()}
        if self.instance.fact:
            offered.setdefault(self.instance.fact, f"{self.instance.fact} (not offered)")
        self.fields["fact"].choices = list(offered.items())  # type: ignore[attr-defined]

    def clean_columns(self) -> list[dict[str, Any]]:
        """Refuse columns that could not be read when the paper is drawn."""
        rows = self.cleaned_data["columns"] or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("key") for row in rows):
            raise forms.ValidationError('Write columns as a list like [{"key": "option", "label": "Option"}]')
        for row in rows:
            if row.get("kind", "text") not in COLUMN_KINDS:
                raise forms.ValidationError(f"A column's kind is one of: {', '.join(COLUMN_KINDS)}")
            choices = row.get("choices", [])
            if not isinstance(choices, list) or not all(isinstance(one, dict) and one.get("value") for one in choices):
                raise forms.ValidationError('Write a column\'s choices like [{"value": "yes", "label": "Yes"}]')
        return rows


class DraftOnly(ScopedInline):
    """Rows of a template: edited and taken out while it is a draft, read once it is published."""

    can_delete = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in a draft."""
        return not _is_published(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in a draft: nobody relies on it yet."""
        return self.has_change_permission(request, obj)


class SectionInline(DraftOnly, admin.TabularInline):
    """The sections of a template; the questions stand on each section's own page."""

    model = Section
    fields = ("order", "key", "title", "guidance")
    show_change_link = True


class QuestionInline(DraftOnly, admin.StackedInline):
    """The questions of a section."""

    model = Question
    form = QuestionForm


class ReadWhenPublished(AuditedAdmin):
    """A page whose rows may be changed only while their template is a draft."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never of a published version."""
        return not _is_published(obj) and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Ask once more as it is saved: it may have been published since the page was opened."""
        try:
            templates.refuse_if_published(obj if isinstance(obj, Template) else obj.template)
        except Refused as refusal:
            raise PermissionDenied(refusal.words) from refusal
        super().save_model(request, obj, form, change)


@admin.register(Template)
class TemplateAdmin(ReadWhenPublished):
    """Paper templates by version."""

    scope = OfFramework()
    form = TemplateForm
    inlines = (SectionInline,)
    list_display = ("name", "version", "state", "framework", "published_at", "published_by")
    list_filter = ("framework",)
    search_fields = ("name", "key")
    ordering = ("framework", "key", "-version")
    list_select_related = ("framework", "published_by")
    readonly_fields = ("framework", "key", "version", "published_at", "published_by")
    fields = ("framework", "key", "version", "published_at", "published_by", *TemplateForm.Meta.fields)
    change_form_template = "documents/admin/template_change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A template comes from a framework's file; a version from the one before it."""
        return False

    @admin.display(description="State")
    def state(self, template: Template) -> str:
        """Whether papers may be begun on it."""
        return "Published" if template.is_published else "Draft"

    def get_urls(self) -> list[URLPattern]:
        """Add the two acts."""
        acts = [
            path("<int:pk>/new-version/", self.admin_site.admin_view(self.new_version), name="documents_new_version"),
            path("<int:pk>/publish/", self.admin_site.admin_view(self.publish), name="documents_publish"),
        ]
        return [*acts, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer the acts that this person may do."""
        template = self.get_object(request, object_id)
        acts = {"may_act": template is not None and may(request.user, "admin.edit", template)}
        if template is not None and not template.is_published:
            acts["faults"] = templates.faults_in(template)  # type: ignore[assignment]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **acts})

    def new_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Copy a version into a draft, and go to it."""
        return self._act(request, pk, templates.new_version, "Draft of version {template.version} is ready to edit.")

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish a draft."""
        return self._act(request, pk, templates.publish, "{template} is published. New papers are begun on it.")

    def _act(self, request: HttpRequest, pk: int, service: Any, words: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        template = self.get_queryset(request).filter(pk=pk).first()
        if template is None:
            raise Http404("No such template")
        try:
            template = service(template, by=person_asking(request))
            messages.success(request, words.format(template=template))
        except NotPermitted as refusal:
            raise PermissionDenied(refusal.words) from refusal
        except templates.TemplateFaulty as refusal:
            for fault in refusal.faults:
                messages.error(request, fault)
        except Refused as refusal:
            messages.warning(request, refusal.words)
        return HttpResponseRedirect(reverse("admin:documents_template_change", args=[template.pk]))


@admin.register(Section)
class SectionAdmin(ReadWhenPublished):
    """The questions of one section, reached from its template."""

    scope = OfFramework("template__framework")
    inlines = (QuestionInline,)
    fields = ("template", "order", "key", "title", "guidance")
    readonly_fields = ("template",)
    list_display = ("title", "template", "order")
    list_select_related = ("template",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in the index: a section is reached from its template."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sections are added on their template's page."""
        return False


def _is_published(obj: Any) -> bool:
    template = obj.template if isinstance(obj, Section) else obj
    return isinstance(template, Template) and template.is_published
