"""The pages that write the dated steps of a formal decision."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from commissioning.forms.governance import EntryForm, OnDayForm, SettleForm, TakenForm, WithdrawEntryForm
from commissioning.models import DecisionEntry
from commissioning.services import governance
from commissioning.views.base import CommissionAct
from organisation.forms import PageForm


class DecisionAct(CommissionAct):
    """A form about the decision that stands."""

    act = governance.ACT

    def back_url(self) -> str:
        """The authority page, where the timeline is."""
        return reverse("commissioning:authority", args=[self.subject.pk])

    @cached_property
    def entry(self) -> DecisionEntry:
        """The entry that stands."""
        entry = get_object_or_404(DecisionEntry.objects.filter(commission=self.subject, withdrawn_at=None))
        entry.commission = self.subject
        return entry


class EnterDecision(DecisionAct):
    """Enter a decision that is to be taken."""

    form_class = EntryForm
    page_title = "Enter a decision"
    intro = (
        "A key decision is published in the forward plan some clear days before it is taken. Where that cannot be, "
        "the general exception or special urgency says why."
    )

    def perform(self, form: PageForm) -> str:
        """Enter it."""
        given = dict(form.cleaned_data)
        governance.enter(self.subject, by=self.person, title=given.pop("what"), **given)
        return "Decision entered. Its timeline shows from when it may be taken."


class DecisionStep(DecisionAct):
    """One of the steps after the entry."""

    forms: ClassVar[dict[str, tuple[str, type[PageForm], str]]] = {
        "decide": ("Record the decision", TakenForm, "Decision recorded."),
        "publish": ("Record the publication of the decision", OnDayForm, "Publication recorded."),
        "call-in": ("Record a call-in", OnDayForm, "Call-in recorded. Award and signing wait until it is settled."),
        "settle": ("Settle the call-in", SettleForm, "Call-in settled."),
        "withdraw": ("Withdraw this entry", WithdrawEntryForm, "Entry withdrawn. It stays in the history."),
    }

    @property
    def step(self) -> str:
        """The step in the address."""
        if self.kwargs["step"] not in self.forms:
            raise Http404("No such step")
        return str(self.kwargs["step"])

    def get_form_class(self) -> type[PageForm]:
        """Its form."""
        return self.forms[self.step][1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the decision."""
        return super().get_context_data(**kwargs) | {
            "page_title": self.forms[self.step][0],
            "intro": self.entry.title,
        }

    def perform(self, form: PageForm) -> str:
        """Write it."""
        write = {
            "decide": governance.decide,
            "publish": governance.publish,
            "call-in": governance.call_in,
            "settle": governance.settle_call_in,
            "withdraw": governance.withdraw,
        }[self.step]
        write(self.entry, by=self.person, **form.cleaned_data)  # type: ignore[operator]
        return self.forms[self.step][2]
