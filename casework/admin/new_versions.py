"""Changing a standing row of the rules: a form, a page that shows what it would do, and a second administrator."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from casework.forms.rules import NewVersionForm
from casework.models import VersionedRow
from casework.presenters.rules_preview import preview_of
from casework.refusals import Replayed
from casework.services.proposals import propose
from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfFramework
from organisation.models import CommissioningFramework
from organisation.visitor import person_asking


class NewVersionAdmin(AuditedAdmin):
    """Lists the standing rows; "change" makes a new version of the rules, and never edits what was published."""

    scope = OfFramework()
    form_class: ClassVar[type[NewVersionForm]]
    can_add: ClassVar[bool] = False

    list_filter: ClassVar[Any] = ("framework",)
    list_select_related = ("framework", "since")
    ordering = ("framework", "order", "pk")
    search_fields = ("name", "key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Keep the rows that stand in the latest version; earlier ones are read under rules versions."""
        return super().get_queryset(request).filter(until__isnull=True)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let rows be added where the page allows it."""
        return self.can_add and super().has_add_permission(request)

    # --- The form, the preview, and the proposal ---

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form of a new version to those who may publish it; others read the row."""
        row = self._row(request, object_id)
        if row is not None and not self.has_change_permission(request, row):
            if not self.has_view_permission(request, row) or request.method == "POST":
                raise PermissionDenied("Only administrators of the framework’s keeper change its rules.")
            return super().changeform_view(request, object_id, form_url, extra_context)
        if row is None and not self.has_add_permission(request):
            raise PermissionDenied("Rows of this table are not added by themselves.")
        framework = row.framework if row is not None else self._framework(request)
        form = self._form(request, row, framework)
        if request.method != "POST" or "_back" in request.POST or not form.is_valid():
            return self._show(request, "admin/casework/new_version.html", row, framework, form)
        if "_propose" not in request.POST:
            return self._preview(request, row, framework, form)
        return self._propose(request, row, framework, form)

    def _row(self, request: HttpRequest, object_id: str | None) -> VersionedRow | None:
        if object_id is None:
            return None
        row: VersionedRow | None = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404("No such row stands in the rules")
        return row

    def _framework(self, request: HttpRequest) -> CommissioningFramework:
        """The framework a new row is for: the one in the address, or the only one."""
        page = self.admin_site.get_model_admin(CommissioningFramework)
        frameworks: QuerySet[CommissioningFramework] = page.choices_for(request)  # type: ignore[attr-defined]
        wanted = request.GET.get("framework", "")
        if wanted:
            frameworks = frameworks.filter(pk=wanted) if wanted.isdecimal() and len(wanted) < 15 else frameworks.none()
        found = frameworks.order_by("pk").first()
        if found is None:
            raise Http404("No such framework")
        return found

    def _form(
        self, request: HttpRequest, row: VersionedRow | None, framework: CommissioningFramework
    ) -> NewVersionForm:
        data = request.POST if request.method == "POST" else None
        return self.form_class(data, instance=row, framework=framework)

    def _preview(
        self, request: HttpRequest, row: VersionedRow | None, framework: CommissioningFramework, form: NewVersionForm
    ) -> HttpResponse:
        """Say what would change, and for whom, before anything does."""
        return self._show(
            request,
            "admin/casework/preview.html",
            row,
            framework,
            form,
            sent=[(name, value) for name, values in request.POST.lists() for value in values if name[0] != "_"],
            **preview_of(framework, form, person_asking(request)),
        )

    def _propose(
        self, request: HttpRequest, row: VersionedRow | None, framework: CommissioningFramework, form: NewVersionForm
    ) -> HttpResponse:
        try:
            propose(
                framework,
                table=str(self.opts.model_name),
                key=row.key if row is not None else "",
                title=f"Change {row}" if row is not None else f"Add a {self.opts.verbose_name}",
                sent={name: values for name, values in request.POST.lists() if name[0] != "_"},
                differences=form.differences(),
                reason=form.cleaned_data["reason"],
                by=person_asking(request),
                act_id=form.cleaned_data["act_id"],
            )
        except Replayed:
            messages.info(request, "This was already proposed.")
        else:
            messages.success(
                request, "Proposed. Nothing counts yet: another administrator has to look at it and publish it."
            )
        return HttpResponseRedirect(reverse("admin:casework_rulesproposal_changelist"))

    def _show(
        self,
        request: HttpRequest,
        template: str,
        row: VersionedRow | None,
        framework: CommissioningFramework,
        form: NewVersionForm,
        **more: Any,
    ) -> HttpResponse:
        name = str(row) if row is not None else f"a new {self.opts.verbose_name}"
        context = self.admin_site.each_context(request) | {
            "title": f"Change {name}" if row is not None else f"Add {name}",
            "opts": self.opts,
            "original": row,
            "framework": framework,
            "form": form,
            "latest": form.latest,
            **more,
        }
        return TemplateResponse(request, template, context)
