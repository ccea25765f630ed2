"""The urgent route of a commission, and how often each ground was used."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from casework.lists import list_of
from casework.views.base import SignedIn
from commissioning.forms.confirm import ConfirmForm
from commissioning.forms.urgent import AdviceForm, EndUrgentForm, OwedDoneForm, UrgentForm
from commissioning.models import OwedPaper, UrgentAdvice, UrgentRoute
from commissioning.selectors import urgent as reading
from commissioning.services import urgent as service
from commissioning.views.base import CommissionAct, CommissionPage
from documents.services import papers
from organisation.formatting import in_sentence
from organisation.forms import PageForm


class Urgent(CommissionPage):
    """Why the commission is urgent, both sides' advice, what is passed over and what is owed."""

    template_name = "commissioning/urgent.html"
    tab = "risk"
    page_title = "Urgent route"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The route that stands, or the last one."""
        context = super().get_context_data(**kwargs)
        route = reading.route_of(self.subject)
        context |= {"route": route, "may_mark": self.may_now("commission.urgent") and self.subject.has_started}
        if route is None:
            return context
        is_on = route.ended_at is None
        skipped = self.subject.activities.filter(state="skipped_urgent").select_related("activity")
        return context | {
            "boxes": [
                (box, is_on and self.may_now(service.ADVISE[UrgentAdvice.Side(box.side)]))
                for box in reading.boxes_of(route)
            ],
            "owed": reading.owed_of(route),
            "skipped": [row.activity.name for row in skipped.order_by("activity__order")],
            "gates": self.subject.gates.filter(state="skipped_urgent").order_by("number"),
            "may_end": is_on and context["may_mark"],
            "may_mark": context["may_mark"] and not is_on,
        }


class UrgentActMixin:
    """Where the forms about the urgent route lead back to."""

    subject: Any

    def back_url(self) -> str:
        """The urgent route's page."""
        return reverse("commissioning:urgent", args=[self.subject.pk])

    @cached_property
    def route(self) -> UrgentRoute:
        """The route that stands."""
        rows = UrgentRoute.objects.filter(commission=self.subject, ended_at=None).select_related("ground", "marked_by")
        route: UrgentRoute = get_object_or_404(rows)
        route.commission = self.subject
        return route


class MarkUrgent(UrgentActMixin, CommissionAct):
    """Take the urgent route."""

    form_class = UrgentForm
    act = "commission.urgent"
    page_title = "Take the urgent route"
    intro = (
        "Only for what could not be foreseen and cannot wait. CCPS is asked for advice at once. Whatever is passed "
        "over stays on the record, and what is owed gets a date."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """The council's grounds and leaders."""
        return super().get_form_kwargs() | {
            "commission": self.subject,
            "leaders": reading.leaders_of(self.subject),
        }

    def perform(self, form: Any) -> str:
        """Take it."""
        given = form.cleaned_data
        service.mark(
            self.subject,
            ground=given["ground"],
            explanation=given["explanation"],
            unforeseen=given["unforeseen"],
            fairness=given["fairness"],
            accepted_risks=given["accepted_risks"],
            allowed_by=given["allowed_by"],
            activities=[row.pk for row in given["activities"]],
            gates=given["gates"],
            skips_request=given["skips_request"],
            owed=form.owed(),
            by=self.person,
            act_id=given["act_id"],
        )
        return "This commission is on the urgent route. CCPS was asked for advice."


class Advise(UrgentActMixin, CommissionAct):
    """Give CCPS's or leadership's advice."""

    form_class = AdviceForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A side that does not exist is not found."""
        if self.kwargs["side"] not in UrgentAdvice.Side.values:
            raise Http404("No such side")
        self.act = service.ADVISE[UrgentAdvice.Side(self.kwargs["side"])]  # type: ignore[misc]
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whose advice it is, and on what."""
        side = UrgentAdvice.Side(self.kwargs["side"])
        return super().get_context_data(**kwargs) | {
            "page_title": f"Advice of {in_sentence(side.label)}",
            "intro": self.route.explanation,
        }

    def perform(self, form: PageForm) -> str:
        """Give it."""
        given = form.cleaned_data
        service.advise(self.route, self.kwargs["side"], by=self.person, **given)
        return "Advice given."


class EndUrgent(UrgentActMixin, CommissionAct):
    """Say that it is urgent no longer."""

    form_class = EndUrgentForm
    act = "commission.urgent"
    page_title = "End the urgent route"
    intro = "From now on nothing more is passed over. What was skipped stays listed, and what is owed stays owed."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Only where there is one."""
        assert self.route
        return super().get_context_data(**kwargs)

    def perform(self, form: PageForm) -> str:
        """End it."""
        service.end(self.route, by=self.person, **form.cleaned_data)
        return "The urgent route has ended."


class OwedMixin(UrgentActMixin):
    """A page about one thing that is owed."""

    kwargs: dict[str, Any]

    @cached_property
    def owed(self) -> OwedPaper:
        """It, within this commission."""
        rows = OwedPaper.objects.filter(route__commission=self.subject).select_related("route__commission__case_file")
        return get_object_or_404(rows, pk=self.kwargs["owed"])


class FinishOwed(OwedMixin, CommissionAct):
    """Say what came of a task."""

    form_class = OwedDoneForm
    act = "commission.edit"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name it."""
        return super().get_context_data(**kwargs) | {"page_title": self.owed.title}

    def perform(self, form: PageForm) -> str:
        """Say it."""
        service.finish_owed(self.owed, by=self.person, **form.cleaned_data)
        return f"{self.owed.title}: done."


class WriteOwed(OwedMixin, CommissionAct):
    """Begin a paper that is owed, or go on with it."""

    form_class = ConfirmForm
    act = "commission.edit"
    paper_url = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name it; a task has no paper."""
        if not self.owed.template_key:
            raise Http404("A task has no paper")
        return super().get_context_data(**kwargs) | {
            "page_title": self.owed.title,
            "intro": "It is owed after the urgent route. Once it is submitted, it is no longer owed.",
        }

    def perform(self, form: PageForm) -> str:
        """Begin it."""
        paper = papers.begin(self.subject.case_file, self.owed.template_key, by=self.person)
        self.paper_url = paper.get_absolute_url()
        return ""

    def get_success_url(self) -> str:
        """On to the paper."""
        return self.paper_url


class UrgentReport(SignedIn, TemplateView):
    """How often each ground was used, and the commissions behind each count."""

    template_name = "commissioning/urgent_report.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts and rows, as far as the person may see."""
        ground = self.request.GET.get("ground", "")[:60]
        top = list_of("commission")
        return super().get_context_data(**kwargs) | {
            "grounds": reading.grounds_counted(self.person),
            "routes": reading.routes_seen(self.person, ground),
            "chosen": ground,
            "crumbs": [*([top] if top else []), ("Urgent commissions", "")],
        }
