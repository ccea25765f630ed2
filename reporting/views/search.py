"""The search behind the box in the header."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.generic import TemplateView

from casework.views.base import SignedIn
from reporting.selectors import search

LONGEST = 200


class Search(SignedIn, TemplateView):
    """One box over everything somebody may see. A whole reference goes straight to its page."""

    template_name = "reporting/search.html"
    http_method_names = ["get", "head"]

    @property
    def text(self) -> str:
        """What was typed, without null bytes and no longer than the box."""
        return self.request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go to the record, or show what was found."""
        if path := search.exact(self.person, self.text):
            return HttpResponseRedirect(path)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was found, by kind."""
        is_too_short = search.is_too_short(self.text)
        return super().get_context_data(**kwargs) | {
            "text": self.text,
            "is_too_short": is_too_short,
            "found": None if is_too_short else search.find(self.person, self.text),
        }
