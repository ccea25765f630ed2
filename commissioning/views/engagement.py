"""The engagement log of a commission by stage, and the reason why nobody is asked at one."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from commissioning.forms.engagement import NoEngagementForm
from commissioning.market_contact import read_market_contact
from commissioning.models import Engagement
from commissioning.selectors import engagement as selector
from commissioning.selectors.outreach import findings_of
from commissioning.services import engagement as service
from commissioning.services.outreach import PRICES
from commissioning.views.base import CommissionAct, CommissionPage
from organisation.forms import PageForm
from organisation.permissions import may

WRITE = "activity.write"


class EngagementPage(CommissionPage):
    """Who was asked at each stage, and who was not."""

    template_name = "commissioning/engagement.html"
    page_title = "Engagement"
    tab = "engagement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The log."""
        may_write = self.may_now(WRITE)
        return super().get_context_data(**kwargs) | {
            "log": selector.log_of(
                self.subject, may_write=may_write, sees_prices=may(self.person, PRICES, self.subject)
            ),
            "findings": findings_of(self.subject, self.person),
            "may_write": may_write,
            "contact": read_market_contact(self.subject),
            "add_url": reverse("commissioning:add_sheet_row", args=[self.subject.pk, "engagement"]),
        }


class NoEngagementAt(CommissionAct):
    """Say why nobody is asked at a stage."""

    form_class = NoEngagementForm
    act = WRITE

    @property
    def stage(self) -> Engagement.Stage:
        """The stage in the address."""
        try:
            return Engagement.Stage(self.kwargs["stage"])
        except ValueError as fault:
            raise Http404("No such stage") from fault

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Name the stage."""
        return f"Nobody is asked in {self.stage.label}"

    def back_url(self) -> str:
        """The log."""
        return reverse("commissioning:engagement", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Keep the reason."""
        service.give_reason(self.subject, stage=self.stage, by=self.person, **form.cleaned_data)
        return "Reason saved."
