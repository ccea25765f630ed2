"""Plan at a glance, the needs that become gaps, and the actions in the market by area."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView

from casework import door
from casework.views.base import SignedIn
from commissioning.forms.confirm import ConfirmForm
from commissioning.selectors.market_actions import by_area, of_area
from commissioning.selectors.open_needs import open_needs
from commissioning.selectors.plan_stage import plan_stage
from commissioning.services import gaps
from commissioning.views.base import CommissionAct, CommissionPage
from organisation.formatting import counted
from organisation.forms import PageForm
from organisation.permissions import may


class PlanStage(CommissionPage):
    """How far Plan is: its groups of activities, its key decisions, and what its questions can be answered with."""

    template_name = "commissioning/plan_stage.html"
    page_title = "Plan at a glance"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything in a handful of statements."""
        may_write = self.may_now("commission.edit")
        return super().get_context_data(**kwargs) | {"plan": plan_stage(self.subject), "may_write": may_write}


class TakeOverNeeds(CommissionAct):
    """Take the needs that are not met over into the gap analysis."""

    form_class = ConfirmForm
    page_title = "Take over needs that are not met"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Writing is asked for before anything is shown."""
        if request.user.is_authenticated and not may(self.person, gaps.ACT, self.subject):
            raise PermissionDenied(door.who_words(gaps.ACT, self.subject))
        return super().dispatch(request, *args, **kwargs)

    def back_url(self) -> str:
        """The gaps."""
        return reverse("commissioning:sheet", args=[self.subject.pk, "gaps"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name them."""
        names = [need.nature for need in open_needs(self.subject)[:50]]
        intro = f"Each becomes a gap: {'; '.join(names)}." if names else "Every need that is not met is a gap already."
        return super().get_context_data(**kwargs) | {"intro": intro}

    def perform(self, form: PageForm) -> str:
        """Take them over."""
        made = gaps.take_over_needs(self.subject, by=self.person, act_id=form.cleaned_data["act_id"])
        if not made:
            return "Every need that is not met is a gap already."
        return f"{counted(made, 'gap').capitalize()} taken over from the needs. Say what you will do about each."


class MarketActions(SignedIn, TemplateView):
    """How many actions are taken in the market, by area, with rural areas by themselves."""

    template_name = "commissioning/market_actions.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The counts of what the person may see, or the actions of one area."""
        context = super().get_context_data(**kwargs)
        area = self.request.GET.get("area", "").replace("\x00", "")[:100]
        if area:
            is_rural = self.request.GET.get("rural") == "1"
            rows = of_area(self.person, area, is_rural=is_rural)
            return context | {"area": area, "is_rural": is_rural, "actions": rows}
        return context | {"report": by_area(self.person)}
