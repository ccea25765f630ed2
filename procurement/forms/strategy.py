"""The forms of the sourcing strategy and of the steps that deliver it."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.chosen import ChosenField
from commissioning.forms.sheets import SheetForm
from commissioning.selectors import people
from organisation import clock
from organisation.forms import DayField, LineField, TextField
from procurement.models import RouteToMarket


class SourcingStrategyForm(SheetForm):
    """By which route and on which terms CCPS buys."""

    route = ChosenField(
        label="Which route to market?",
        help_text="A route that the council rarely uses brings Legal in.",
        empty="Not chosen yet",
        required=False,
        error_messages={"invalid_choice": "Choose a route from the list"},
    )
    has_special_terms = forms.BooleanField(
        label="Special terms and conditions",
        help_text="Tick this if the council's standard terms do not fit. Legal is then asked to advise.",
        required=False,
    )
    special_terms = TextField(
        label="Which special terms, and why?",
        help_text="Legal reads this. Leave it blank if you use the standard terms.",
        max_length=500,
        rows=3,
        required=False,
        called="which special terms",
    )
    lots = TextField(label="How is it split into lots?", max_length=2_000, rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the framework's routes."""
        super().__init__(*args, **kwargs)
        rows = RouteToMarket.objects.in_force().filter(framework_id=self.commission.case_file.organisation.framework_id)
        self.fields["route"].offer(rows.order_by("order", "pk"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Special terms say which; standard ones need no words."""
        cleaned = super().clean()
        if "special_terms" in self.errors:
            return cleaned
        is_special, words = self.cleaned_data.get("has_special_terms"), self.cleaned_data.get("special_terms")
        if is_special and not words:
            self.add_error("special_terms", "Say which special terms, and why")
        elif words and not is_special:
            self.add_error("has_special_terms", "Tick special terms and conditions, or leave the words about them out")
        return cleaned


class SourcingStepForm(SheetForm):
    """One step, with its days."""

    what = LineField(label="What is done?", max_length=200, called="what is done")
    owner = ChosenField(
        label="Who sees to it?",
        empty="Nobody yet",
        required=False,
        error_messages={"invalid_choice": "Choose a person from the list"},
    )
    starts_on = DayField(label="When does it start?", required=False, called="first day")
    ends_on = DayField(label="By when is it done?", called="last day")
    done_on = DayField(label="When was it done?", required=False, called="day it was done")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the people of the council."""
        super().__init__(*args, **kwargs)
        owners = people.choosable(self.commission, with_lead=getattr(self.row, "owner_id", None))
        self.fields["owner"].offer(owners, lambda person: person.label)  # type: ignore[attr-defined]
        self.fields["done_on"].latest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """A step starts before it ends."""
        cleaned = super().clean()
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and starts > ends:
            self.add_error("ends_on", "The last day must be on or after the first")
        return cleaned
