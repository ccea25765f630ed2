"""The administration pages' site: who gets in, and what may stand there.

It lives outside the ``admin`` package because Django makes the site while it is still importing that package.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.exceptions import AlreadyRegistered
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from organisation.permissions import ANYWHERE, may


class GatehouseAdminSite(AdminSite):
    """Django's admin behind our own permissions, our own sign-in, and our own audit trail."""

    site_header = site_title = "Gatehouse administration"
    index_title = "Administration"
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in administrators and auditors."""
        return may(request.user, "admin.enter", ANYWHERE)

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Take only pages that ask our permissions and write our audit trail; pass over those packages bring."""
        from organisation.admin.base import AuditedAdmin  # that package registers with this site

        if admin_class is None or not issubclass(admin_class, AuditedAdmin):
            return
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        for model in models:
            if self.is_registered(model):
                raise AlreadyRegistered(f"{model.__name__} has its administration page already")
        super().register(models, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the one sign-in page, which throttles and asks for the second factor."""
        if request.user.is_authenticated:
            raise PermissionDenied("The administration pages are for administrators and auditors.")
        asked_for = request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(asked_for, {request.get_host()}, require_https=request.is_secure())
        return redirect_to_login(asked_for if safe else request.get_full_path(), resolve_url(settings.LOGIN_URL))

    def password_change(  # type: ignore[override]  # Django's own page is never shown
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """Send people to the one page where passwords are changed."""
        return redirect("account_change_password")
