"""What a contract is measured by, and recording results by period."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from casework.views.base import ActPage, RecordPage
from contracts.forms.indicators import IndicatorForm, ReadingsForm
from contracts.models import Contract, Indicator
from contracts.selectors.readings import Sheet, indicators_of, measure_lines, sheet_of, wanted_periods
from contracts.selectors.safeguarding import safeguarding_of
from contracts.services import indicators, readings
from contracts.states import BEFORE_SIGNING, OVER, Interval
from contracts.views.contracts import pages_of
from organisation import clock
from organisation.permissions import may

RELATED = (
    "case_file__service_area",
    "case_file__holder",
    "case_file__root",
    "case_file__organisation__framework",
    "commission__rules_version",
)


class IndicatorsPage(RecordPage):
    """What is measured, against what, and the last results."""

    model = Contract
    template_name = "contracts/indicators.html"
    page_title = "Indicators"
    related = RELATED

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The measures, the periods that are wanted, and what this person may do."""
        contract: Contract = self.subject
        measures = indicators_of(contract)
        may_edit = contract.state not in OVER and may(self.person, "indicator.edit", contract)
        return super().get_context_data(**kwargs) | {
            "measures": measure_lines(measures),
            "wanted": wanted_periods(contract, measures, clock.today()),
            "add_url": reverse("contracts:add_indicator", args=[contract.pk]) if may_edit else "",
            "safeguarding": safeguarding_of(contract, measures),
            "may_change": may_edit and contract.state in BEFORE_SIGNING,
            "pages": pages_of(contract.pk, contract.case_file_id, "indicators"),
        }


class AddIndicatorPage(ActPage):
    """Set a further indicator."""

    model = Contract
    act = "indicator.edit"
    page_title = "Add an indicator"
    form_class = IndicatorForm
    related = RELATED

    def back_url(self) -> str:
        """The list of indicators."""
        return reverse("contracts:indicators", args=[self.subject.pk])

    def get_form_kwargs(self) -> dict[str, Any]:
        """The link of the safeguarding section ticks what the indicator is for."""
        return super().get_form_kwargs() | {"initial": {"is_safeguarding": "is_safeguarding" in self.request.GET}}

    def perform(self, form: Any) -> str:
        """Set it."""
        given = dict(form.cleaned_data)
        given.pop("version")
        made = indicators.add(self.subject, by=self.person, **given)
        return f"Indicator added: {made.name}."


class ChangeIndicatorPage(ActPage):
    """Change an indicator of a contract that nobody has signed."""

    model = Indicator
    act = "indicator.edit"
    page_title = "Change this indicator"
    form_class = IndicatorForm
    related = ("case_file__service_area", "case_file__holder", "case_file__root", "contract")
    template_name = "contracts/facts.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show what it says, with the version it was read at."""
        return super().get_form_kwargs() | {
            "initial": {name: getattr(self.subject, name) for name in indicators.ALL_LABELS},
            "version": self.subject.version,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say when it is too late."""
        context = super().get_context_data(**kwargs)
        if self.refusal is None and self.subject.contract.state not in BEFORE_SIGNING:
            context["closed_words"] = indicators.FROZEN
        return context

    def perform(self, form: Any) -> str:
        """Change it."""
        indicators.change(self.subject, by=self.person, **form.cleaned_data)
        return "Indicator changed."


class ReadingsPage(ActPage):
    """The results of one period: read by all who see the contract, recorded by its manager."""

    model = Contract
    form_class = ReadingsForm
    template_name = "contracts/readings.html"
    related = RELATED
    sheet: Sheet

    def load(self) -> Any:
        """The contract, and the period in the address; 404 where it has not begun."""
        contract = super().load()
        interval = self.kwargs["interval"]
        found = None
        if interval in Interval.values:
            found = sheet_of(contract, interval, self.kwargs["number"], clock.today())
        if found is None:
            raise Http404("Nothing is measured for this period")
        self.sheet = found
        return contract

    @property
    def may_record(self) -> bool:
        """Whether this person can record something here."""
        return any(row.is_open for row in self.sheet.rows) and may(self.person, "indicator.record", self.subject)

    def back_url(self) -> str:
        """The list of indicators."""
        return reverse("contracts:indicators", args=[self.subject.pk])

    def get_success_url(self) -> str:
        """Stay here: the ratings have been worked out."""
        return self.request.path

    def get_form_kwargs(self) -> dict[str, Any]:
        """The rows, with the version they were read at."""
        return super().get_form_kwargs() | {"rows": self.sheet.rows, "version": self.sheet.version}

    def current_version(self) -> int:
        """The version the results have now."""
        found = sheet_of(self.subject, self.kwargs["interval"], self.kwargs["number"], clock.today())
        return found.version if found else 0

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sheet, as a form or to read."""
        context = super().get_context_data(**kwargs)
        title = f"Results for {self.sheet.period}"
        missing = sum(row.reading is None or row.reading.value is None for row in self.sheet.rows)
        return context | {
            "page_title": title,
            "crumbs": [*self.crumbs(), ("Indicators", self.back_url()), (title, "")],
            "sheet": self.sheet,
            "missing": missing,
            "interval": str(Interval(self.kwargs["interval"]).label),
            "may_record": self.may_record,
            "pages": pages_of(self.subject.pk, self.subject.case_file_id, "indicators"),
        }

    def perform(self, form: Any) -> str:
        """Keep what was typed."""
        given = form.cleaned_data
        saved = readings.record_results(
            self.subject,
            self.kwargs["interval"],
            self.kwargs["number"],
            form.entries,
            version=given["version"],
            by=self.person,
            act_id=given["act_id"],
        )
        return "Results saved." if saved else "Nothing was changed."
