"""The specification: its paper, its sign-off, its versions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from casework import door
from casework.views.base import VerbPage
from commissioning.forms.confirm import ConfirmForm
from commissioning.models import (
    Commission,
    Specification,
)
from commissioning.selectors.sheets import shown_sheet
from commissioning.selectors.specification_warnings import warnings_of
from commissioning.services import specifications
from commissioning.specification_sheets import ROUNDS
from commissioning.views.base import CommissionAct
from organisation.forms import PageForm
from organisation.permissions import may


class SpecificationPage(CommissionAct):
    """The specification's versions and where the standing one is."""

    template_name = "commissioning/specification.html"
    form_class = ConfirmForm
    page_title = "Specification"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Reading is for everyone who sees the commission; beginning is for its commissioner."""
        if request.method == "POST":
            self.act = "commission.edit"  # type: ignore[misc]
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every version, with the verbs of the standing one."""
        versions = list(
            self.subject.specifications.select_related("paper__template", "signed_off_by").order_by("-number")
        )
        standing = next((row for row in versions if row.state != "superseded"), None)
        if standing is not None:
            standing.commission = self.subject
        return super().get_context_data(**kwargs) | {
            "versions": versions,
            "standing": standing,
            "offers": door.offers(standing, self.person) if standing else [],
            "may_begin": may(self.person, "commission.edit", self.subject),
            "may_ask_legal": standing is not None and self.may_now("specification.legal_review"),
            "rounds": shown_sheet(ROUNDS, self.subject, may_write=self.may_now(ROUNDS.act)) if standing else None,
            "warnings": warnings_of(standing) if standing is not None and standing.state != "signed_off" else [],
        }

    def perform(self, form: PageForm) -> str:
        """Begin it."""
        specifications.open_specification(self.subject, by=self.person, act_id=form.cleaned_data["act_id"])
        return "Specification begun. Write it, submit it, then send it for sign-off."

    def get_success_url(self) -> str:
        """Stay here."""
        return reverse("commissioning:specification", args=[self.subject.pk])


class SpecificationVerb(VerbPage):
    """Every verb of a specification; whoever sends or signs it sees what is missing and does not stop them."""

    template_name = "commissioning/specification_verb.html"
    model = Specification
    related = ("commission__case_file__organisation", "commission__case_file__service_area", "paper")

    def load(self) -> Any:
        """Within the scope of the commission."""
        visible = Commission.objects.visible_to(self.person)
        rows = Specification.objects.filter(commission__in=visible).select_related(*self.related)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission."""
        case = self.subject.case_file
        return [(case.reference, case.path), ("Specification", self.subject.get_absolute_url()), (self.rules.label, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The warnings."""
        is_signing = self.rules.name in ("send_for_sign_off", "sign_off")
        return super().get_context_data(**kwargs) | {"warnings": warnings_of(self.subject) if is_signing else []}
