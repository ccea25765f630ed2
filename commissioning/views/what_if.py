"""What another value or risk would ask, and what adds up with a commission."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from commissioning.forms.what_if import SeenForm, WhatIfForm
from commissioning.selectors import aggregation as adding
from commissioning.selectors import what_if as reading
from commissioning.services import aggregation
from commissioning.views.base import CommissionAct, CommissionPage
from organisation.forms import PageForm


class WhatIfPage(CommissionPage):
    """A form with another value or risk; reading it changes nothing."""

    template_name = "commissioning/what_if.html"
    tab = "risk"
    page_title = "What if"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and what it came to once it was sent."""
        asked = self.request.GET if {"value", "risk"} & self.request.GET.keys() else None
        form = WhatIfForm(
            asked, criteria=reading.criteria_not_ticked(self.subject), cancel_url=self.subject.get_absolute_url()
        )
        answer = None
        if asked is not None and form.is_valid():
            answer = reading.what_if(self.subject, form.cleaned_data["value"], form.cleaned_data["risk"])
        return super().get_context_data(**kwargs) | {"form": form, "answer": answer}


class Aggregation(CommissionPage):
    """What adds up with this commission, with the list behind each sum."""

    template_name = "commissioning/aggregation.html"
    tab = "risk"
    page_title = "What adds up"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The warnings."""
        return super().get_context_data(**kwargs) | {"warnings": adding.warnings_of(self.subject, self.person)}


class SeeAggregation(CommissionAct):
    """Say why they are not one purchase."""

    form_class = SeenForm
    act = "commission.edit"
    page_title = "Why these are not one purchase"

    @cached_property
    def warning(self) -> adding.AddsUp:
        """What adds up on the basis in the address."""
        found = adding.warnings_of(self.subject, self.person)
        for one in found:
            if one.basis == self.kwargs["basis"]:
                return one
        raise Http404("Nothing adds up on this basis")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the commissions."""
        named = ", ".join(part.reference for part in self.warning.added.parts)
        return super().get_context_data(**kwargs) | {"intro": f"{named} have {self.warning.words}."}

    def back_url(self) -> str:
        """The list."""
        return reverse("commissioning:aggregation", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Record it."""
        aggregation.see(self.subject, self.kwargs["basis"], by=self.person, **form.cleaned_data)
        return "Your reason is recorded."
