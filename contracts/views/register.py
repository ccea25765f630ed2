"""The contracts register."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import TemplateView

from casework.keyset import NoSuchPage
from casework.views.base import SignedIn
from commissioning.category_tree import categories_of
from contracts.selectors.register import DECIDED, ENDING_WITHIN, SORTS, VIEWS, Filters, directorates_for, page_for
from contracts.states import ContractState
from organisation.formatting import counted, day
from organisation.standing import standing_of

# Filters that only an address sets (the dashboard's links): kept when the form beside them is sent.
UNSHOWN = ("view", "ends_from", "ends_to", "decided")


class RegisterPage(SignedIn, TemplateView):
    """Every contract somebody may see. The filters live in the address, so that a view can be kept and mailed."""

    template_name = "contracts/register.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the filtered list."""
        query = self.request.GET
        filters = Filters.read(query)
        try:
            page = page_for(self.person, filters, query)
        except NoSuchPage as fault:
            raise Http404("This list has no such page") from fault
        directorates = directorates_for(self.person)
        categories = categories_of(standing_of(self.person).organisations)
        states = [(state.value, state.label) for state in ContractState]
        return super().get_context_data(**kwargs) | {
            "page": page,
            "filters": filters,
            "directorates": directorates,
            "categories": categories,
            "states": states,
            "endings": [(months, f"Within {counted(months, 'month')}") for months in ENDING_WITHIN],
            "sorts": list(SORTS.items()),
            "views": _views(filters),
            "kept": [(name, value) for name, value in filters.as_query().items() if name in UNSHOWN],
            "chips": _chips(filters, dict(directorates), dict(states), dict(categories)),
            "next_url": _address(filters, **page.next) if page.next else "",
            "previous_url": _address(filters, **page.previous) if page.previous else "",
            "is_filtered": bool(set(filters.as_query()) - {"sort"}),
        }


def _chips(
    filters: Filters, directorates: dict[int, str], states: dict[str, str], categories: dict[str, str]
) -> list[tuple[str, str]]:
    """Each filter that is on, with the address that takes it off."""
    words = {
        "view": VIEWS.get(filters.view, ""),
        "q": f"Text: {filters.text}",
        "state": f"State: {states.get(filters.state, '')}",
        "directorate": f"Directorate: {directorates.get(filters.directorate or 0, 'unknown')}",
        "ending": f"Ending within {counted(filters.ending or 0, 'month')}",
        "category": f"Category: {categories.get(filters.category, 'unknown')}",
        "ends_from": f"Ending from {day(filters.ends_from)}",
        "ends_to": f"Ending by {day(filters.ends_to)}",
        "decided": DECIDED.get(filters.decided, ""),
    }
    on = filters.as_query()
    return [(words[name], _address(filters, without=name)) for name in words if name in on]


def _views(filters: Filters) -> list[tuple[str, str, bool]]:
    """The ready views as links, all contracts first; each stands by itself, without the filters."""
    path = reverse("contracts:register")
    found = [("All contracts", path, not filters.view)]
    return [*found, *((words, f"{path}?view={key}", filters.view == key) for key, words in VIEWS.items())]


def _address(filters: Filters, without: str = "", **extra: str) -> str:
    held = {name: value for name, value in filters.as_query().items() if name != without} | extra
    path = reverse("contracts:register")
    return f"{path}?{urlencode(held)}" if held else path
