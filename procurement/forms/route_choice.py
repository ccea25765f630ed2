"""The forms of the routes to market that could work, and of the one that is agreed."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.chosen import ChosenField
from commissioning.forms.sheets import SheetForm
from organisation import clock
from organisation.forms import DayField, LineField, NumberField, TextField
from procurement.models import CandidateRoute, RouteChoice, RouteToMarket

FAIR = "why it is fair to everyone who could bid"
WAS_AGREED = "This route was agreed, so what was weighed stays as it was"
STANDS = "This route was agreed, so the decision stays as it was. Remove it and write the new one: both are kept"


class CandidateRouteForm(SheetForm):
    """One route that could work, out of the framework's list."""

    route = ChosenField(
        label="Which route could work?",
        empty="Choose a route",
        error_messages={"required": "Choose a route", "invalid_choice": "Choose a route from the list"},
    )
    weeks = NumberField(
        label="How many weeks would it take?",
        help_text="From the request to an award. Leave blank to take the usual time of the route.",
        min_value=1,
        max_value=520,
        suffix="weeks",
        required=False,
    )
    reasons_for = TextField(label="What speaks for it?", max_length=2_000, rows=3, called="what speaks for it")
    reasons_against = TextField(label="What speaks against it?", max_length=2_000, rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The routes in force, and the one chosen before."""
        super().__init__(*args, **kwargs)
        rows = RouteToMarket.objects.in_force().filter(framework_id=self.commission.case_file.organisation.framework_id)
        self.fields["route"].offer(rows.order_by("order", "pk"), _route_words)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """A route is listed once; it takes the route's usual time unless told otherwise."""
        cleaned = super().clean()
        route = self.cleaned_data.get("route")
        rows = CandidateRoute.objects.filter(commission=self.commission, removed_at__isnull=True, route=route)
        if self.row is not None:
            rows = rows.exclude(pk=self.row.pk)
        if self.row is not None and RouteChoice.objects.filter(agreed=self.row.pk).exists():
            self.add_error("route", WAS_AGREED)
        if route and rows.exists():
            self.add_error("route", "This route is listed already. Change that line instead")
        if route and not self.cleaned_data.get("weeks") and "weeks" not in self.errors:
            self.cleaned_data["weeks"] = route.weeks
        return cleaned


class RouteChoiceForm(SheetForm):
    """What is known of the requirements, and which route is agreed."""

    requirements = forms.ChoiceField(
        label="Are the requirements clear, or do you need the market's help with them?",
        help_text="If they need work with the market, market warming becomes relevant.",
        choices=RouteChoice.Requirements.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the requirements are clear"},
    )
    agreed = ChosenField(
        label="Which route is agreed?",
        empty="Not agreed yet",
        required=False,
        error_messages={"invalid_choice": "Choose a route from the list"},
    )
    agreed_on = DayField(label="When was it agreed?", required=False, called="date it was agreed")
    participants = LineField(label="Who took part?", max_length=500, required=False)
    fairness = TextField(
        label="Why is it fair to everyone who could bid?",
        help_text="Where only one supplier is asked, say how fairness, transparency and competition were considered.",
        max_length=2_000,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The routes that could work."""
        super().__init__(*args, **kwargs)
        rows = CandidateRoute.objects.filter(commission=self.commission, removed_at__isnull=True)
        self.fields["agreed"].offer(rows.select_related("route").order_by("pk"))  # type: ignore[attr-defined]
        self.fields["agreed_on"].latest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """An agreed route says when, who took part and why it is fair."""
        cleaned = super().clean()
        standing: Any = self.row
        if standing is not None and standing.agreed_id:
            self.add_error("agreed", STANDS)
        agreed = self.cleaned_data.get("agreed")
        if agreed:
            alone = agreed.route.is_without_competition
            fair = "how fairness, transparency and competition were considered" if alone else FAIR
            for name, words in (
                ("agreed_on", "Enter the date it was agreed"),
                ("participants", "Say who took part"),
                ("fairness", f"Say {fair}"),
            ):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned


def _route_words(route: RouteToMarket) -> str:
    usual = f", usually {route.weeks} weeks" if route.weeks else ""
    return f"{route.name}{usual}"
