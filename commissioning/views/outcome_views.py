"""The target outcomes of gate 1: who agrees with them, and one's own view."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from casework import door
from commissioning.forms.confirm import ConfirmForm
from commissioning.forms.stakeholders import NameStakeholderForm, OutcomeViewsForm
from commissioning.models import Gate, GateStakeholder
from commissioning.selectors import people
from commissioning.selectors.outcome_views import OutcomesShown, outcomes_shown
from commissioning.services import stakeholders
from commissioning.views.base import CommissionAct
from commissioning.views.gate_base import GateMixin
from organisation.forms import PageForm
from organisation.permissions import may


class OutcomesMixin(GateMixin):
    """A page about the target outcomes, which gate 1 alone has."""

    def gate_or_404(self) -> Gate:
        """Gate 1, once it is begun."""
        gate = super().gate_or_404()
        if gate.number != 1 or gate.paper is None:
            raise Http404("This gate has no target outcomes")
        return gate

    @cached_property
    def shown(self) -> OutcomesShown:
        """The outcomes with what everyone says."""
        return outcomes_shown(self.gate_or_404())

    def back_url(self) -> str:
        """To the outcomes."""
        return self.gate_url("gate_outcomes")


class Outcomes(OutcomesMixin, CommissionAct):
    """Everyone's view of each outcome; whoever was named gives theirs here."""

    template_name = "commissioning/outcomes.html"
    form_class = OutcomeViewsForm
    page_title = "Target outcomes"

    @cached_property
    def own(self) -> GateStakeholder | None:
        """The row of this person, if they were named."""
        gate = self.gate_or_404()
        line = self.shown.of(self.person.pk)
        row = GateStakeholder.objects.get(pk=line.pk) if line else None
        if row is not None:
            row.gate = gate
        return row

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Everyone who sees the commission reads; only those named say anything."""
        if request.user.is_authenticated:
            gate = self.gate_or_404()
            if request.method == "POST" and self.own is None:
                raise PermissionDenied(door.who_words("gate.view_outcomes", gate))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """One choice an outcome, as it was given before."""
        line = self.shown.of(self.person.pk)
        initial = {}
        for place, (key, _) in enumerate(self.shown.outcomes, start=1):
            view = line.views.get(key) if line else None
            if view is not None and not view.is_stale:
                initial[f"view_{place}"] = "agree" if view.agrees else "comment"
        return super().get_form_kwargs() | {"outcomes": self.shown.outcomes, "initial": initial}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The outcomes in rows, each with everyone's view."""
        shown = self.shown
        rows = [
            (words, [(line.name, line.views.get(key)) for line in shown.stakeholders]) for key, words in shown.outcomes
        ]
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "lines": shown.lines,
            "gate": self.gate_or_404(),
            "gives_view": self.own is not None
            and bool(shown.outcomes)
            and may(self.person, "gate.view_outcomes", self.own),
            "may_name": self.may_now("commission.edit"),
        }

    def perform(self, form: Any) -> str:
        """Give it."""
        if self.own is None:
            raise Http404("Not named")
        stakeholders.give_views(self.own, form.views(), by=self.person, act_id=form.cleaned_data["act_id"])
        return "Your view is recorded. The author is told of your comments."


class NameStakeholder(OutcomesMixin, CommissionAct):
    """Ask one more person."""

    form_class = NameStakeholderForm
    act = "commission.edit"
    page_title = "Ask somebody about the target outcomes"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people who may see it."""
        return super().get_form_kwargs() | {"people": people.choosable(self.subject)}

    def perform(self, form: PageForm) -> str:
        """Ask them."""
        given = form.cleaned_data
        stakeholders.name_stakeholder(
            self.gate_or_404(), given["person"], stake=given["stake"], by=self.person, act_id=given["act_id"]
        )
        return f"{given['person'].name} is asked."


class RemoveStakeholder(OutcomesMixin, CommissionAct):
    """Ask somebody no more."""

    form_class = ConfirmForm
    act = "commission.edit"
    page_title = "Take somebody off the list"

    @cached_property
    def row(self) -> GateStakeholder:
        """Whom it is about."""
        rows = GateStakeholder.objects.filter(gate=self.gate_or_404(), removed_at__isnull=True)
        found: GateStakeholder = get_object_or_404(rows.select_related("person"), pk=self.kwargs["stakeholder"])
        found.gate = self.gate_or_404()
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name them."""
        words = f"{self.row.person.name} is not asked any more. What they said stays."
        return super().get_context_data(**kwargs) | {"intro": words}

    def perform(self, form: PageForm) -> str:
        """Take them off."""
        stakeholders.remove_stakeholder(self.row, by=self.person, act_id=form.cleaned_data["act_id"])
        return f"{self.row.person.name} is off the list."
