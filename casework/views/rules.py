"""One version of a framework's rules in full, for everyone whose cases it decides."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from casework.models import Queue, RulesVersion
from casework.presenters.rules_words import bands_of, figures_of, routes_of
from casework.selectors.rules import rules_of
from casework.views.base import SignedIn
from organisation.models import Organisation
from organisation.standing import standing_of


class RulesPage(SignedIn, TemplateView):
    """Figures, bands and routing rules as they stood in one version."""

    template_name = "casework/rules.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rules in words. 404 outside the person's organisations."""
        if self.kwargs["organisation"] not in standing_of(self.person).organisations:
            raise Http404("No such organisation")
        organisation = get_object_or_404(
            Organisation.objects.select_related("framework"), pk=self.kwargs["organisation"]
        )
        versions = list(RulesVersion.objects.filter(framework_id=organisation.framework_id).order_by("number"))
        version = next((version for version in versions if version.number == self.kwargs["number"]), None)
        if version is None:
            raise Http404("No such version")
        rules = rules_of(version)
        names = dict(Queue.objects.filter(framework_id=organisation.framework_id).values_list("key", "name"))
        following = next((other for other in versions if other.number == version.number + 1), None)
        return super().get_context_data(**kwargs) | {
            "version": version,
            "organisation": organisation,
            "crumbs": [("Rules", ""), (f"Version {version.number}", "")],
            "following": following,
            "others": [
                (other, reverse("casework:rules", args=[organisation.pk, other.number]), other == version)
                for other in reversed(versions)
            ],
            "figures": figures_of(version),
            "bands": bands_of(rules),
            "routes": routes_of(rules, names),
        }
