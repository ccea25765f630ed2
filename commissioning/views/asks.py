"""Asking a function for help: on an activity, and Legal directly."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from casework import door
from casework.models import WorkItem
from casework.views.base import ActPage
from commissioning.forms.gates import AskFunctionForm, AskLegalForm
from commissioning.models import CommissionActivity, Specification
from commissioning.selectors import dossiers
from commissioning.services import asks, specifications
from commissioning.views.base import CommissionAct
from commissioning.views.gate_inputs import functions_of, short_lead
from organisation.formatting import in_sentence
from organisation.forms import PageForm
from organisation.permissions import may

ALWAYS = ("ccps", "legal")


class AskAboutActivity(ActPage):
    """Ask one of the activity's functions, or CCPS, or Legal."""

    model = CommissionActivity
    related = (
        "activity",
        "commission__case_file__organisation__framework",
        "commission__case_file__holder",
        "commission__rules_version",
    )
    form_class = AskFunctionForm
    page_title = "Ask for help"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only whoever works on the commission asks for it."""
        if request.user.is_authenticated and not may(self.person, "commission.ask", self.subject.commission):
            raise PermissionDenied(door.who_words("commission.ask", self.subject.commission))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the functions of the activity, and those that can always be asked."""
        self.dossier = dossiers.load_without_activities(self.subject.commission)
        wanted = {*self.subject.activity.others, *ALWAYS}
        offered = [row for row in functions_of(self.dossier, asks.ACTIVITY_ASKED) if row[0] in wanted]
        # The link beside each function of the activity chooses it.
        asked = self.request.GET.get("function", "")
        initial = {"function": asked} if asked in dict(offered) else {}
        return super().get_form_kwargs() | {"offered": offered, "initial": initial}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the activity."""
        name = self.subject.activity.name
        return super().get_context_data(**kwargs) | {"page_title": f"Ask for help with {in_sentence(name)}"}

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission, through the activity."""
        case = self.subject.case_file
        activity = (self.subject.activity.name, self.subject.get_absolute_url())
        return [(case.reference, case.path), activity, (self.page_title, "")]

    def perform(self, form: PageForm) -> str:
        """Ask."""
        return _said(self.dossier, asks.ask_about(self.subject, by=self.person, **form.cleaned_data), form)


class AskLegal(CommissionAct):
    """Put a question to Legal directly. CCPS sees a copy."""

    form_class = AskLegalForm
    act = "commission.ask"
    page_title = "Ask Legal"
    intro = "CCPS normally says when Legal is needed. You can also ask yourself: CCPS then gets a copy."

    def perform(self, form: PageForm) -> str:
        """Ask."""
        opened = asks.ask_legal(self.subject, by=self.person, **form.cleaned_data)
        return _said(dossiers.load_without_activities(self.subject), opened, form)


class AskLegalReview(CommissionAct):
    """CCPS says that Legal has to look at the specification."""

    form_class = AskLegalForm
    act = "specification.legal_review"
    page_title = "Legal review of the specification"
    intro = "The specification is signed off once Legal has answered, or you withdraw the request."

    @cached_property
    def specification(self) -> Specification:
        """The version that stands."""
        rows = self.subject.specifications.exclude(state="superseded").select_related("commission__case_file")
        return get_object_or_404(rows)

    def back_url(self) -> str:
        """The specification."""
        return self.specification.get_absolute_url()

    def perform(self, form: PageForm) -> str:
        """Ask."""
        opened = specifications.ask_legal_review(self.specification, by=self.person, **form.cleaned_data)
        return _said(dossiers.load_without_activities(self.subject), opened, form)


def _said(dossier: Any, opened: list[WorkItem], form: PageForm) -> str:
    told = [item.queue for item in opened if item.queue]
    names = " and ".join(queue.name for queue in told)
    warned = [short_lead(dossier, queue.key, form.cleaned_data["needed_by"]) for queue in told]
    return " ".join([f"Asked: {names}.", *[words for words in warned if words]])
