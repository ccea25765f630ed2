"""The full history of one case, for everyone who can see it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from casework.audit.folding import told_folded
from casework.audit.sentences import events_of_case
from casework.keyset import NoSuchPage, page_of
from casework.models import CaseFile
from casework.selectors.audit import LATEST_FIRST, PAGE_SIZE, key_of
from casework.views.base import SignedIn


class History(SignedIn, TemplateView):
    """What happened on a case and everything under it, newest first."""

    template_name = "casework/history.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of sentences."""
        rows = CaseFile.objects.visible_to(self.person).select_related("root")
        case = get_object_or_404(rows, pk=self.kwargs["pk"])
        events = events_of_case(case, self.person)
        try:
            page = page_of(events, LATEST_FIRST, self.request.GET, size=PAGE_SIZE, key=key_of)
        except NoSuchPage as fault:
            raise Http404("There is no such page of this history") from fault
        here = reverse("casework:history", args=[case.pk])
        crumbs = [(case.reference, case.path), ("History", "")]
        if case.root is not None:
            crumbs.insert(0, (case.root.reference, case.root.path))
        return super().get_context_data(**kwargs) | {
            "case": case,
            "crumbs": crumbs,
            "events": told_folded(page.rows, on_case=case),
            "next_url": _address(here, page.next),
            "previous_url": _address(here, page.previous),
            "words": f"Showing {page.first} to {page.last}, newest first" if page.rows else "",
        }


def _address(here: str, cursor: dict[str, str]) -> str:
    return f"{here}?{'&'.join(f'{name}={value}' for name, value in cursor.items())}" if cursor else ""
