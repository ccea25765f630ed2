"""Analyse at a glance, and the search for what the council does already."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from commissioning.analyse_stage_sheets import EXISTING
from commissioning.existing_delivery import Delivered, search_everywhere
from commissioning.models import ExistingDelivery
from commissioning.selectors.analyse_stage import analyse_stage
from commissioning.selectors.sheets import shown_sheet
from commissioning.views.base import CommissionPage

LONGEST_SEARCH = 200


class AnalyseStage(CommissionPage):
    """How far Analyse is: its activities, the six topics, and what its questions came to."""

    template_name = "commissioning/analyse_stage.html"
    tab = "tasks"
    page_title = "Analyse at a glance"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything in a handful of statements."""
        may_write = self.may_now("activity.write")
        found = analyse_stage(self.subject, may_write=may_write)
        return super().get_context_data(**kwargs) | {"analyse": found, "may_write": may_write}


class ExistingSearch(CommissionPage):
    """The contracts register and the in-house services, searched for what is delivered already; each can be linked."""

    template_name = "commissioning/existing.html"
    tab = "tasks"
    page_title = "What the council does already"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is linked, and what the search finds; without words, what has the same category."""
        words = " ".join(self.request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH]
        may_write = self.may_now(EXISTING.act)
        sheet = shown_sheet(EXISTING, self.subject, may_write=may_write, here=self.request.path)
        linked = set(EXISTING.rows(self.subject).values_list("record_id", flat=True))
        places = search_everywhere(self.person, self.subject, words)
        return super().get_context_data(**kwargs) | {
            "words": words,
            "sheet": sheet,
            "may_write": may_write,
            "places": [(place.heading, [(row, self._link(row, linked)) for row in place.found]) for place in places],
            "unrecorded_url": self._add(kind=ExistingDelivery.Kind.IN_HOUSE.value),
        }

    def _link(self, row: Delivered, linked: set[int | None]) -> str:
        """The page that links a record; nothing where it is linked."""
        if row.case_file_id in linked:
            return ""
        return self._add(name=row.title[:LONGEST_SEARCH], kind=row.kind, record=str(row.case_file_id))

    def _add(self, **chosen: str) -> str:
        add = reverse("commissioning:add_sheet_row", args=[self.subject.pk, EXISTING.key])
        return f"{add}?{urlencode(chosen)}"
