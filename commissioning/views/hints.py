"""What the page of a new commission says while it is filled in: what is like it, its tier, and the first day."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic.base import View

from casework.routing import Facts
from casework.services.rules import rules_of, version_in_force
from casework.views.base import SignedIn
from commissioning.forms.commission import areas_for
from commissioning.models import Level
from commissioning.selectors import timeline
from commissioning.selectors.alike import alike
from organisation.forms import MoneyField
from organisation.models import CommissioningFramework
from organisation.standing import standing_of


class _Typed(forms.Form):
    """What stands in the page's boxes; what makes no sense yet is left out."""

    title = forms.CharField(max_length=200, required=False)
    category = forms.IntegerField(min_value=1, max_value=10**9, required=False)
    service_area = forms.IntegerField(min_value=1, max_value=10**9, required=False)
    level = forms.IntegerField(min_value=1, max_value=10**9, required=False)
    amount_ex_vat = MoneyField(required=False)
    needed_by = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


class Hints(SignedIn, View):
    """A piece of a page, fetched by the page's script. Nothing is stored."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say what is known of what is typed so far."""
        areas = areas_for(self.person)
        if not areas.exists():
            raise PermissionDenied("You cannot register a commission, so nothing is looked up for one.")
        form = _Typed(request.GET)
        form.is_valid()
        given = form.cleaned_data
        area = areas.filter(pk=given.get("service_area") or 0).select_related("organisation__framework").first()
        framework = area.organisation.framework if area else None
        organisations = (
            [area.organisation_id] if area else {row.organisation_id for row in standing_of(self.person).roles_held}
        )
        found = []
        if len(given.get("title", "").strip()) > 2 or (given.get("category") and area):
            found = alike(
                self.person,
                given.get("title", ""),
                organisations=organisations,
                category=given.get("category"),
                area=area.pk if area else None,
            )
        value: Decimal | None = given.get("amount_ex_vat")
        known = self._outlook(framework, value, given) if framework and value is not None else {}
        return render(request, "commissioning/_hints.html", {"found": found, **known})

    def _outlook(self, framework: CommissioningFramework, value: Decimal, given: dict[str, Any]) -> dict[str, Any]:
        """The tier of a value at low risk, and the first day on which it can be in place."""
        level = Level.objects.filter(framework=framework, pk=given["level"]).first() if given.get("level") else None
        rules = rules_of(version_in_force(framework))
        seen = timeline.outlook(rules, Facts(value=value, criteria={}), buys=level is None or level.buys)
        earliest = timeline.earliest_for(framework.pk, seen)
        needed_by = given.get("needed_by")
        return {
            "band": seen.needs.band.name,
            "earliest": earliest,
            "needed_by": needed_by,
            "is_too_soon": needed_by is not None and needed_by < earliest,
        }
