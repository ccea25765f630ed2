"""The provider directory."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from organisation import provider_directory as directory
from organisation.formatting import counted
from organisation.visitor import person_asking


class ProviderDirectory(TemplateView):
    """Providers by name; voluntary and community organisations can be shown by themselves."""

    template_name = "organisation/providers.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of what is looked for."""
        wanted = directory.Wanted.read(self.request.GET)
        found = directory.providers(person_asking(self.request), wanted)
        shown = counted(len(found.rows), "provider")
        return super().get_context_data(**kwargs) | {
            "wanted": wanted,
            "kinds": [("", "All"), *directory.KINDS.items()],
            "rows": found.rows,
            "words": f"{shown} on this page, by name" if wanted.after or found.next_url else shown,
            "first_url": wanted.address() if wanted.after else "",
            "next_url": found.next_url,
        }
