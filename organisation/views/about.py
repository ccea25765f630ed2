"""The pages behind the footer, and the council's colours."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from organisation import branding
from organisation.models import Organisation

A_YEAR = 365 * 24 * 60 * 60
A_MINUTE = 60


@method_decorator(login_not_required, name="dispatch")
class AboutPage(TemplateView):
    """A page of text anybody may read."""

    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whom to write to."""
        return super().get_context_data(**kwargs) | {"support_email": settings.SUPPORT_EMAIL}


@login_not_required
@require_safe
def brand(request: HttpRequest, pk: int) -> HttpResponse:
    """Return an organisation's colours as a style sheet."""
    organisation = get_object_or_404(Organisation.objects.filter(is_active=True), pk=pk)
    # With the right mark the address belongs to these very colours, so it may be kept for good.
    is_exact = request.GET.get("v") == branding.colours_mark(organisation)
    kept = f"public, max-age={A_YEAR}, immutable" if is_exact else f"public, max-age={A_MINUTE}"
    sheet = branding.stylesheet(organisation)
    return HttpResponse(sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": kept})
