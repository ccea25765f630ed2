"""The page for versions of the rules: read, and compared with the one before. Nothing here can be changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from casework.models import RulesVersion
from casework.selectors.rules import changes_in
from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfFramework


@admin.register(RulesVersion)
class RulesVersionAdmin(AuditedAdmin):
    """Versions of the rules, each with what it changed."""

    scope = OfFramework()
    list_display = ("__str__", "framework", "valid_from", "published_at", "published_by", "reason")
    list_select_related = ("framework", "published_by")
    list_filter = ("framework",)
    ordering = ("framework", "-number")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Make versions by changing a figure, band or rule."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Change nothing that was published."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what this version changed."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied("A published version is never changed.")
        if object_id is None:
            raise PermissionDenied("A version is made by changing a figure, a band or a rule.")
        version: RulesVersion | None = self.get_object(request, unquote(object_id))
        if version is None or not self.has_view_permission(request, version):
            raise Http404("No such version")
        context = self.admin_site.each_context(request) | {
            "title": str(version),
            "opts": self.opts,
            "original": version,
            "version": version,
            "changes": changes_in(version),
        }
        return TemplateResponse(request, "admin/casework/version.html", context)
