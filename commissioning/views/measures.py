"""Success measures and planned indicators: their lists, and the pages that write them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from commissioning.forms.confirm import ConfirmForm
from commissioning.forms.measures import IndicatorForm, MeasureForm, ReplaceMeasureForm
from commissioning.models import PlannedIndicator, SuccessMeasure
from commissioning.selectors.measure_results import measures_with_results
from commissioning.selectors.measures_as_indicators import initial_from, offered_measures
from commissioning.services import measures
from commissioning.services.measures import INDICATOR_FIELDS, MEASURE_FIELDS
from commissioning.states import CommissionState
from commissioning.views.base import CommissionAct, ReadableAct
from organisation.forms import PageForm


class SuccessMeasures(ReadableAct):
    """How success will be measured, and the form for one more."""

    template_name = "commissioning/success_measures.html"
    form_class = MeasureForm
    write_act = "commission.edit"
    page_title = "Success measures"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those that stand, each with what it took the place of and, from Review on, what came of it."""
        lines = measures_with_results(self.subject)
        in_review = self.subject.state == CommissionState.REVIEW
        return super().get_context_data(**kwargs) | {
            "measures": lines,
            "shows_results": in_review or any(line.results for line in lines),
            "may_record": in_review and self.may_now("activity.write"),
        }

    def get_success_url(self) -> str:
        """Stay here: there may be another."""
        return reverse("commissioning:success_measures", args=[self.subject.pk])

    def current_version(self) -> int:
        """A new measure has no version yet."""
        return 0

    def perform(self, form: PageForm) -> str:
        """Write it down."""
        given = {name: form.cleaned_data[name] for name in MEASURE_FIELDS}
        made = measures.add_measure(self.subject, by=self.person, act_id=form.cleaned_data["act_id"], **given)
        return f"“{made.measure}” saved."


class MeasureAct(CommissionAct):
    """A page about one measure of the commission."""

    act = "commission.edit"

    @cached_property
    def measure(self) -> SuccessMeasure:
        """The measure, within this commission."""
        rows = SuccessMeasure.objects.filter(commission=self.subject, removed_at__isnull=True)
        found: SuccessMeasure = get_object_or_404(rows, pk=self.kwargs["row"])
        found.commission = self.subject
        return found

    def back_url(self) -> str:
        """The list."""
        return reverse("commissioning:success_measures", args=[self.subject.pk])

    def current_version(self) -> int:
        """The version of the measure, not of the commission."""
        return SuccessMeasure.objects.values_list("version", flat=True).get(pk=self.measure.pk)


class ChangeMeasure(MeasureAct):
    """Change a measure; a frozen one is replaced, with a reason."""

    page_title = "Change a success measure"

    def get_form_class(self) -> type[MeasureForm]:
        """A frozen measure asks why."""
        return ReplaceMeasureForm if self.measure.frozen_at else MeasureForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill the form with what stands."""
        row = self.measure
        initial = {name: getattr(row, name) for name in MEASURE_FIELDS}
        return super().get_form_kwargs() | {"version": row.version, "initial": initial}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what a freeze means."""
        frozen = "Gate 1 froze this measure. What you write takes its place from today, and the old one stays readable."
        return super().get_context_data(**kwargs) | {"intro": frozen if self.measure.frozen_at else ""}

    def perform(self, form: Any) -> str:
        """Change or replace it."""
        given = dict(form.cleaned_data)
        if isinstance(form, ReplaceMeasureForm):
            given.pop("version")
            measures.replace_measure(self.measure, by=self.person, **given)
            return "The changed measure is in place."
        measures.edit_measure(self.measure, by=self.person, **given)
        return "Measure saved."


class RemoveMeasure(MeasureAct):
    """Take away a measure that is not frozen."""

    form_class = ConfirmForm
    page_title = "Remove a success measure"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Quote it."""
        return super().get_context_data(**kwargs) | {"intro": str(self.measure)}

    def perform(self, form: PageForm) -> str:
        """Remove it."""
        measures.remove_measure(self.measure, by=self.person, act_id=form.cleaned_data["act_id"])
        return "Measure removed."


class Indicators(ReadableAct):
    """The indicators planned for the provider, and the form for one more."""

    template_name = "commissioning/indicators.html"
    form_class = IndicatorForm
    write_act = "commission.edit"
    page_title = "Planned indicators"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those planned so far."""
        rows = list(
            PlannedIndicator.objects.filter(commission=self.subject, removed_at__isnull=True).order_by("pk")[:100]
        )
        context = super().get_context_data(**kwargs)
        offered = offered_measures(self.subject, rows) if context["may_write"] else []
        return context | {"indicators": rows, "offered": offered}

    def get_form_kwargs(self) -> dict[str, Any]:
        """A link may begin it with a success measure."""
        return super().get_form_kwargs() | {"initial": initial_from(self.subject, self.request.GET.get("measure", ""))}

    def get_success_url(self) -> str:
        """Stay here: there may be another."""
        return reverse("commissioning:indicators", args=[self.subject.pk])

    def current_version(self) -> int:
        """A new indicator has no version yet."""
        return 0

    def perform(self, form: PageForm) -> str:
        """Plan it."""
        given = {name: form.cleaned_data[name] for name in INDICATOR_FIELDS}
        made = measures.save_indicator(self.subject, by=self.person, act_id=form.cleaned_data["act_id"], **given)
        return f"“{made.name}” saved."


class IndicatorAct(CommissionAct):
    """A page about one planned indicator of the commission."""

    act = "commission.edit"

    @cached_property
    def indicator(self) -> PlannedIndicator:
        """The indicator, within this commission."""
        rows = PlannedIndicator.objects.filter(commission=self.subject, removed_at__isnull=True)
        found: PlannedIndicator = get_object_or_404(rows, pk=self.kwargs["row"])
        found.commission = self.subject
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One that was taken away is not found."""
        if request.user.is_authenticated:
            self.indicator  # noqa: B018 - a number of another commission is 404 before anything is asked
        return super().dispatch(request, *args, **kwargs)

    def back_url(self) -> str:
        """The list."""
        return reverse("commissioning:indicators", args=[self.subject.pk])

    def current_version(self) -> int:
        """The version of the indicator, not of the commission."""
        return PlannedIndicator.objects.values_list("version", flat=True).get(pk=self.indicator.pk)


class ChangeIndicator(IndicatorAct):
    """Change a planned indicator."""

    form_class = IndicatorForm
    page_title = "Change a planned indicator"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill the form with what stands."""
        row = self.indicator
        initial = {name: getattr(row, name) for name in INDICATOR_FIELDS}
        return super().get_form_kwargs() | {"version": row.version, "initial": initial}

    def perform(self, form: PageForm) -> str:
        """Change it."""
        measures.save_indicator(self.subject, by=self.person, row=self.indicator, **form.cleaned_data)
        return "Indicator saved."


class RemoveIndicator(IndicatorAct):
    """Take a planned indicator away."""

    form_class = ConfirmForm
    page_title = "Remove a planned indicator"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Quote it."""
        return super().get_context_data(**kwargs) | {"intro": str(self.indicator)}

    def perform(self, form: PageForm) -> str:
        """Remove it."""
        measures.remove_indicator(self.indicator, by=self.person, act_id=form.cleaned_data["act_id"])
        return "Indicator removed."
