"""The audit trail, for auditors and administrators: read, filter, take away. Nothing here can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView
from django.views.generic.base import View

from casework import door
from casework.audit import audited, record
from casework.exports import csv_answer
from casework.keyset import NoSuchPage
from casework.presenters.audit_rows import EXPORT_COLUMNS, export_rows, known_acts, rows_of
from casework.selectors.audit import AuditFilter, events_for, home_of, in_chunks, page_for
from casework.views.base import SignedIn
from organisation import clock
from organisation.permissions import ANYWHERE, may

MOST_EXPORTED = 50_000


class AuditView(SignedIn, View):
    """For those who may read the trail of some organisation; everybody else is told who does."""

    http_method_names = ["get", "head"]

    asked: AuditFilter

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever may not."""
        if request.user.is_authenticated:
            if not may(self.person, "audit.read", ANYWHERE):
                home = home_of(self.person)
                raise PermissionDenied(door.who_words("audit.read", home) if home else "")
            self.asked = AuditFilter.read(request.GET)
        return super().dispatch(request, *args, **kwargs)


class AuditPage(AuditView, TemplateView):
    """Who did what, when, in which role, to what, why and under which rules."""

    template_name = "casework/audit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of events."""
        asked = self.asked
        try:
            page = page_for(self.person, asked, self.request.GET)
        except NoSuchPage as fault:
            raise Http404("There is no such page of the trail") from fault
        here = reverse("casework:audit")
        export = reverse("casework:audit_export")
        query = asked.query()
        return super().get_context_data(**kwargs) | {
            "asked": asked,
            "faults": [{"words": words, "target": f"f-{name}"} for name, words in asked.faults],
            "has_errors": bool(asked.faults),
            "acts": [(verb, words, verb == asked.act) for verb, words in known_acts()],
            "rows": rows_of(page.rows),
            "is_filtered": bool(asked.set_filters),
            "clear_url": here,
            "export_url": f"{export}?{query}" if query else export,
            "next_url": f"{here}?{asked.query(**page.next)}" if page.next else "",
            "previous_url": f"{here}?{asked.query(**page.previous)}" if page.previous else "",
            "words": f"Showing {page.first} to {page.last}, latest first" if page.rows else "",
        }


class AuditExport(AuditView):
    """The same events as a file. That somebody took it is an event itself."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Write down who takes it, then send it chunk by chunk."""
        events = events_for(self.person, self.asked)
        rows = events.values("pk")[:MOST_EXPORTED].count()
        with audited(by=self.person):
            record(
                verb="export",
                subject=home_of(self.person),  # type: ignore[arg-type]  # whoever reads a trail works somewhere
                changes={"list": "the audit trail", "rows": rows, **self.asked.set_filters},
            )

        def lines() -> Iterator[list[Any]]:
            for chunk in in_chunks(events, MOST_EXPORTED):
                yield from export_rows(chunk)

        return csv_answer(f"audit-trail-{clock.today().isoformat()}.csv", EXPORT_COLUMNS, lines())
