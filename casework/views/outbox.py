"""The mail of a demonstration, shown instead of sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView

from casework.keyset import Key, NoSuchPage, Order, page_of
from casework.models import OutboxMessage
from casework.views.base import SignedIn

PAGE_SIZE = 20
LATEST_FIRST = Order("written_at", is_descending=True, is_moment=True)


class Outbox(SignedIn, TemplateView):
    """Every message as its reader would see it. Only a demonstration has this page: its people are invented."""

    template_name = "casework/outbox.html"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show nothing of it in a real installation."""
        if not settings.DEMO:
            raise Http404("There is no outbox page here")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of messages, latest first."""
        rows = OutboxMessage.objects.select_related("person")
        to = self.request.GET.get("to", "")
        if to.isascii() and to.isdecimal() and len(to) < 15:
            rows = rows.filter(person_id=int(to))
        try:
            page = page_of(
                rows, LATEST_FIRST, self.request.GET, size=PAGE_SIZE, key=lambda row: Key(row.written_at, row.pk)
            )
        except NoSuchPage as fault:
            raise Http404("There is no such page of the outbox") from fault
        here = reverse("casework:outbox")

        def address(cursor: dict[str, str]) -> str:
            told = cursor | ({"to": to} if to else {})
            return f"{here}?{'&'.join(f'{name}={value}' for name, value in told.items())}" if cursor else ""

        return super().get_context_data(**kwargs) | {
            "messages_sent": page.rows,
            "next_url": address(page.next),
            "previous_url": address(page.previous),
            "words": f"Showing {page.first} to {page.last}, latest first" if page.rows else "",
        }
