"""The catalogue of activities, for everybody to read outside any commission."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from casework.views.base import SignedIn
from commissioning.selectors.catalogue import catalogue_for


class Catalogue(SignedIn, TemplateView):
    """Every activity by stage and group: what it is, what is expected, who does it and who else may be asked."""

    template_name = "commissioning/catalogue.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The catalogues of the frameworks that the person's organisations follow."""
        return super().get_context_data(**kwargs) | {"stages": catalogue_for(self.person)}
