"""The pages of one contract."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse

from casework import door
from casework.audit.sentences import history_of
from casework.views.base import ActPage, RecordPage, VerbPage
from contracts.forms.contracts import FactsForm
from contracts.models import Contract
from contracts.selectors.dossiers import load_whole
from contracts.selectors.endings import ending_of, with_end_decision
from contracts.selectors.key_dates import key_dates_of
from contracts.selectors.pages import contract_view, options_of, task_groups, values_of
from contracts.selectors.readings import indicators_of, measure_lines, wanted_periods
from contracts.services import facts
from contracts.states import BEFORE_SIGNING, READ_IN, ContractState
from organisation import clock
from procurement.selectors.exercises import contract_managers

MOST_EVENTS = 8
MOST_HISTORY = 100
# Before that the page is about signing; what is measured stands on a page of its own.
MEASURED_IN = (ContractState.MOBILISING, *READ_IN)


def pages_of(contract_pk: int, case_file_pk: int, current: str) -> list[tuple[str, str, bool]]:
    """The pages of one contract, for the navigation under its identity."""
    return [
        ("Summary", reverse("contracts:contract", args=[contract_pk]), current == "summary"),
        ("Mobilisation", reverse("contracts:mobilisation", args=[case_file_pk]), current == "mobilisation"),
        ("Indicators", reverse("contracts:indicators", args=[contract_pk]), current == "indicators"),
        ("Handover", reverse("contracts:handover", args=[contract_pk]), current == "handover"),
        ("History", reverse("contracts:history", args=[contract_pk]), current == "history"),
    ]


class ContractPage(RecordPage):
    """What was agreed, when something must be done next, and what stands in its way."""

    model = Contract
    template_name = "contracts/contract.html"
    related = (
        "case_file__service_area__directorate",
        "case_file__holder",
        "case_file__root",
        "supplier",
        "category",
        "exercise__case_file",
        "commission__case_file",
        "commission__rules_version",
        "case_file__organisation__framework",
        "handover",
    )

    def load(self) -> Any:
        """The contract with what stands decided about its end."""
        rows = with_end_decision(Contract.objects.visible_to(self.person).select_related(*self.related))
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load once what the guards and the page both read."""
        context = super().get_context_data(**kwargs)
        contract: Contract = self.subject
        dossier = load_whole(contract)
        offers = door.offers(contract, self.person, dossier=dossier, with_closed=True)
        options = options_of(contract)
        values = values_of(contract) if contract.signed_at else []
        dates = key_dates_of(contract, options, clock.today())
        is_mobilising = contract.state in (ContractState.MOBILISING, ContractState.LIVE)
        measures = indicators_of(contract) if contract.state in MEASURED_IN else []
        return context | {
            "view": contract_view(dossier, offers, values, options, self.person),
            "dates": dates,
            "drawing": render_to_string("contracts/_term.html", {"drawing": dates.drawing}) if dates.drawing else "",
            "tasks": task_groups(dossier.tasks, self.person, contract.case_file) if is_mobilising else [],
            "ending": ending_of(contract, options, self.person, clock.today()),
            "measures": measure_lines(measures),
            "wanted": wanted_periods(contract, measures, clock.today()),
            "events": history_of(contract.case_file, limit=MOST_EVENTS, viewer=self.person),
            "pages": pages_of(contract.pk, contract.case_file_id, "summary"),
        }


class HistoryPage(RecordPage):
    """Who did what, when and why, newest first."""

    model = Contract
    template_name = "contracts/history.html"
    page_title = "History"
    related = ("case_file__holder", "case_file__root")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The last hundred events."""
        return super().get_context_data(**kwargs) | {
            "events": history_of(self.subject.case_file, limit=MOST_HISTORY, viewer=self.person),
            "pages": pages_of(self.subject.pk, self.subject.case_file_id, "history"),
        }


class ContractVerbPage(VerbPage):
    """Confirm one verb of a contract."""

    model = Contract
    related = ("case_file__service_area", "case_file__holder", "case_file__root", "supplier", "exercise")


class FactsPage(ActPage):
    """Change what the contract will say, until somebody has signed it."""

    model = Contract
    act = "contract.edit"
    page_title = "Change term, manager and options"
    intro = "Once either side has signed, value and dates change only by a variation."
    form_class = FactsForm
    template_name = "contracts/facts.html"
    related = ("case_file__service_area", "case_file__holder", "case_file__root")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show what is known, with the version it was read at."""
        contract: Contract = self.subject
        initial = {name: getattr(contract, name) for name in ("starts_on", "ends_on", "review_on", "execution")}
        return super().get_form_kwargs() | {
            "initial": initial | {"manager": contract.case_file.holder_id},
            "version": contract.version,
            "managers": contract_managers(contract.case_file),
            "options": options_of(contract),
        }

    def perform(self, form: Any) -> str:
        """Keep it."""
        given = form.cleaned_data
        facts.edit(
            self.subject,
            version=given["version"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            manager=given["manager"],
            review_on=given["review_on"],
            execution=given["execution"],
            options=form.options,
            by=self.person,
            act_id=given["act_id"],
        )
        return "Saved."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say when it is too late."""
        context = super().get_context_data(**kwargs)
        if self.refusal is None and (self.subject.state not in BEFORE_SIGNING or self.subject.signatures.exists()):
            context["closed_words"] = "This contract is signed. Its value and dates change only by a variation."
        return context
