"""The first page after signing in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from casework.views.base import SignedIn
from organisation.permissions import ANYWHERE, may
from reporting.orders import address
from reporting.selectors.my_work import my_work
from reporting.selectors.news import begins_new_visit
from reporting.services.visits import note_visit


class MyWork(SignedIn, TemplateView):
    """What waits for one person: decide, do, watch."""

    template_name = "reporting/my_work.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything on the page; then note that the person is here."""
        work = my_work(self.person)
        if begins_new_visit(work.visit):
            note_visit(self.person)
        mine = {"whose": "mine", "stage": "open", "sort": "needed_by"}
        return super().get_context_data(**kwargs) | {
            "work": work,
            "mine_url": address(reverse("reporting:workplan"), mine),
            "new_url": reverse("commissioning:new") if may(self.person, "commission.register", ANYWHERE) else "",
        }
