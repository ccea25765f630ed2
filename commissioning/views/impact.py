"""The impact of a commission: what the assessments found, its effects, and the actions that follow."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from casework import door
from commissioning.forms.impact import DoneForm
from commissioning.models import ImpactEffect
from commissioning.record_facts import load_impact
from commissioning.selectors import impact as selector
from commissioning.services import impact as service
from commissioning.views.base import CommissionAct, CommissionPage
from organisation.forms import PageForm
from organisation.permissions import ANYWHERE, may


class ImpactPage(CommissionPage):
    """Screening, full assessment, effects and actions."""

    template_name = "commissioning/impact.html"
    page_title = "Impact"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was found, and where each part is written."""
        may_write = self.may_now("activity.write")
        found = load_impact([self.subject.case_file]).get(self.subject.case_file_id)
        return super().get_context_data(**kwargs) | {
            "effects": selector.effects_of(self.subject, self.person, may_write=may_write),
            "result": found,
            "may_write": may_write,
            "sees_feedback": may(self.person, "impact.read_form_feedback", ANYWHERE),
            "add_url": reverse("commissioning:add_sheet_row", args=[self.subject.pk, "impact_effects"]),
        }


class FinishAction(CommissionAct):
    """Say that an action is done: its owner, or a commissioner."""

    form_class = DoneForm
    page_title = "Mark an action as done"

    @cached_property
    def effect(self) -> ImpactEffect:
        """The effect in the address, of this commission."""
        rows = ImpactEffect.objects.standing().filter(commission=self.subject).select_related("owner")
        found: ImpactEffect = get_object_or_404(rows, pk=self.kwargs["row"])
        found.commission = self.subject
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever neither owns it nor commissions."""
        if request.user.is_authenticated and not may(self.person, service.FINISH, self.effect):
            raise PermissionDenied(door.who_words(service.FINISH, self.effect))
        return super().dispatch(request, *args, **kwargs)

    def back_url(self) -> str:
        """The page of the impact."""
        return reverse("commissioning:impact", args=[self.subject.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Quote the action."""
        return super().get_context_data(**kwargs) | {"intro": f"{self.effect}. {self.effect.action}"}

    def perform(self, form: PageForm) -> str:
        """Finish it."""
        service.finish_action(self.effect, by=self.person, **form.cleaned_data)
        return "Action done."
