"""Prices that only the sourcing team reads, and findings that are passed on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from casework import door
from casework.views.base import ActPage, CasePage
from commissioning.forms.outreach import PassFindingForm, PriceFeedbackForm, UsedForm
from commissioning.models import Engagement, PassedFinding, PriceFeedback
from commissioning.services import outreach
from commissioning.views.base import CommissionAct
from organisation.forms import PageForm
from organisation.permissions import may


class EntryAct(CommissionAct):
    """A form about one entry of the log."""

    @cached_property
    def entry(self) -> Engagement:
        """The entry in the address, of this commission."""
        found: Engagement = get_object_or_404(
            Engagement.objects.standing().filter(commission=self.subject), pk=self.kwargs["row"]
        )
        found.commission = self.subject
        return found

    def back_url(self) -> str:
        """The log."""
        return reverse("commissioning:engagement", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here, over the log."""
        return [*super().crumbs()[:-1], ("Engagement", self.back_url()), (self.page_title, "")]


class Prices(EntryAct):
    """What a talk told of prices. Read and written by CCPS alone."""

    form_class = PriceFeedbackForm
    act = outreach.PRICES
    page_title = "Prices"

    @cached_property
    def prices(self) -> PriceFeedback | None:
        """What is written so far."""
        return PriceFeedback.objects.filter(engagement=self.entry).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill the form with what is written."""
        kwargs = super().get_form_kwargs()
        if self.prices is not None:
            kwargs |= {"initial": {"words": self.prices.words}}
        return kwargs | {"version": self.prices.version if self.prices else 0}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the talk."""
        return super().get_context_data(**kwargs) | {"intro": str(self.entry)}

    def current_version(self) -> int:
        """The version of the prices, not of the commission."""
        return PriceFeedback.objects.values_list("version", flat=True).filter(engagement=self.entry).first() or 0

    def perform(self, form: PageForm) -> str:
        """Keep it."""
        outreach.write_prices(self.entry, by=self.person, **form.cleaned_data)
        return "Prices saved. Only CCPS can read them."


class PassFinding(EntryAct):
    """Pass something that was heard on to another area or commission."""

    form_class = PassFindingForm
    act = outreach.PASS_ON
    page_title = "Pass a finding on"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with what was heard."""
        return super().get_form_kwargs() | {
            "commission": self.subject,
            "initial": {"words": self.entry.heard[:1000]},
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the talk."""
        return super().get_context_data(**kwargs) | {"intro": f"From: {self.entry}"}

    def perform(self, form: Any) -> str:
        """Send it."""
        outreach.pass_on(
            self.entry,
            words=form.cleaned_data["words"],
            area=form.cleaned_data["area"],
            to_commission=form.found,
            by=self.person,
            act_id=form.cleaned_data["act_id"],
        )
        return "Passed on. You are told when they say what they did with it."


class Finding(ActPage):
    """A finding as its receiver reads it, and says whether it was used."""

    model = PassedFinding
    related = (
        "engagement__commission__case_file__organisation",
        "to_commission__case_file",
        "service_area",
        "sent_by",
        "read_by",
    )
    template_name = "commissioning/finding.html"
    form_class = UsedForm
    page_title = "Finding"

    @property
    def may_answer(self) -> bool:
        """Whether the person answers for the receiver, and nobody has yet."""
        return self.subject.answered_at is None and may(self.person, outreach.ANSWER, self.subject)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only the receiver says what became of it; one button marks it as read."""
        if not may(self.person, outreach.ANSWER, self.subject):
            raise PermissionDenied(door.who_words(outreach.ANSWER, self.subject))
        if "read" in request.POST:
            outreach.mark_read(self.subject, by=self.person)
            return HttpResponseRedirect(self.back_url())
        return super().post(request, *args, **kwargs)

    def back_url(self) -> str:
        """This page."""
        return reverse("commissioning:finding", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission it came from."""
        case = self.subject.engagement.commission.case_file
        return [(case.reference, case.path), (self.page_title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where it comes from, where it went, and whether the form is shown."""
        # The frame would ask a finding for its file: it has none, it stands between two.
        context = super(CasePage, self).get_context_data(**kwargs)
        return context | {
            "subject": self.subject,
            "case": self.subject.engagement.commission.case_file,
            "crumbs": self.crumbs(),
            "page_title": self.page_title,
            "may_answer": self.may_answer or self.refusal is not None,
        }

    def perform(self, form: PageForm) -> str:
        """Keep the answer."""
        outreach.say_used(self.subject, by=self.person, **form.cleaned_data)
        return "Saved. Whoever passed it on is told."
