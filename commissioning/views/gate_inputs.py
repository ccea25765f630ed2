"""Asking functions what they say to a gate's paper."""

from __future__ import annotations

from typing import Any

from casework.lead_times import lead_time, lead_warning
from casework.models import Queue
from casework.routing import route
from commissioning.dossier import Dossier
from commissioning.forms.gates import AskInputForm
from commissioning.selectors import gate_rounds, inputs
from commissioning.services import gates
from commissioning.views.base import CommissionAct
from commissioning.views.gate_base import GateMixin
from organisation import clock
from organisation.forms import PageForm

#: What happens when CCPS accepts a request, as the rules call it: from then on the tier's functions work on it.
ACCEPTED = "request_accepted"
#: The gates whose papers say how it is bought.
BEFORE_BUYING = (3, 4)


class AskInput(GateMixin, CommissionAct):
    """Ask functions what they say to the paper, before it is submitted."""

    form_class = AskInputForm
    act = "commission.edit"
    page_title = "Ask for input"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the functions that the rules can reach and that were not asked for this submission."""
        offered = functions_of(self.dossier, gates.INPUT_ASKED)
        gate = self.gate_or_404()
        coming = gate_rounds.load(gate).round is None and gate.rounds.count() + 1
        asked = {line.function for line in inputs.inputs_of(gate) if line.submission == coming}
        left = [(key, name) for key, name in offered if name not in asked]
        usual = {"ccps", "finance"} if self.dossier.need(self.number) in ("required", "expected") else set()
        if self.number in BEFORE_BUYING:
            usual |= asked_by_tier(self.dossier)
        return super().get_form_kwargs() | {"offered": left, "ticked": [key for key, _ in left if key in usual]}

    def perform(self, form: PageForm) -> str:
        """Ask them."""
        opened = gates.ask_input(self.gate_or_404(), by=self.person, **form.cleaned_data)
        told = ", ".join(item.queue.name for item in opened if item.queue)
        warned = [
            short_lead(self.dossier, item.queue.key, form.cleaned_data["needed_by"]) for item in opened if item.queue
        ]
        return " ".join([f"Input asked for from {told}.", *[words for words in warned if words]])


def asked_by_tier(dossier: Dossier) -> set[str]:
    """The functions that value and risk bring into a purchase as a rule: Legal in the highest tier or at high risk."""
    return {found.queue for found in route(ACCEPTED, dossier.facts, dossier.rules)} if dossier.facts else set()


def functions_of(dossier: Dossier, trigger: str) -> list[tuple[str, str]]:
    """The functions that a rule of ``trigger`` asks when they are chosen: key and name, in the rules' order."""
    keys = [
        rule.queue
        for rule in dossier.rules.routes
        if rule.trigger == trigger and rule.needed_flag == f"asked_{rule.queue}"
    ]
    framework_id = dossier.commission.case_file.organisation.framework_id
    names = dict(Queue.objects.filter(framework_id=framework_id, key__in=keys).values_list("key", "name"))
    return [(key, names[key]) for key in keys if key in names]


def short_lead(dossier: Dossier, queue: str, needed_by: Any) -> str:
    """A warning where a queue was given less time than is comfortable (reading R6); nothing otherwise."""
    words = lead_warning(lead_time(queue, needed_by, clock.today(), dossier.rules))
    return f"{queue.capitalize()}: {words}." if words else ""
