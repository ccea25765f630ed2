"""Engagement across commissions, by type, for managers; and what people say of the impact form, for administrators."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.generic import TemplateView

from casework.views.base import SignedIn
from commissioning.models import Engagement
from commissioning.selectors import engagement_report as selector
from organisation.permissions import ANYWHERE, may

READ_FEEDBACK = "impact.read_form_feedback"


class EngagementReport(SignedIn, TemplateView):
    """How much engagement of each type was held, and the entries behind each number."""

    template_name = "commissioning/engagement_report.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts of what the person may see, or the entries of one type."""
        year, kind = self.request.GET.get("year", ""), self.request.GET.get("kind", "")
        wanted_year = int(year) if year.isdecimal() and year.isascii() and len(year) == 4 else None
        wanted_kind = kind if kind in Engagement.Kind.values else ""
        context = super().get_context_data(**kwargs)
        if wanted_kind:
            label = str(Engagement.Kind(wanted_kind).label)
            context |= {"kind": label, "entries": selector.of_kind(self.person, wanted_kind, wanted_year)}
        else:
            context["kinds"] = selector.by_kind(self.person, wanted_year)
        return context | {"year": wanted_year, "years": selector.years()}


class FormFeedback(SignedIn, TemplateView):
    """The two questions at the end of every full assessment, and what was answered."""

    template_name = "commissioning/form_feedback.html"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those who look after the forms."""
        if request.user.is_authenticated and not may(self.person, READ_FEEDBACK, ANYWHERE):
            raise PermissionDenied("Administrators and CCPS managers read what people say of the form.")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The answers, newest first."""
        return super().get_context_data(**kwargs) | {"feedback": selector.form_feedback(self.person)}
