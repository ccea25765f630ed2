"""Giving one's view of a submitted gate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import cached_property

from casework import door
from casework.blockers import Blocker
from casework.refusals import Refused
from commissioning import gate_words, open_work
from commissioning.forms.gates import DecideForm
from commissioning.models import Gate
from commissioning.selectors import activity_lines, gate_decisions, gate_pages, gate_rounds, inputs, people
from commissioning.selectors.figures import TOLERANCE
from commissioning.selectors.gate_comments import asked_outcomes, open_threads
from commissioning.services import gate_rounds as deciding
from commissioning.states import Outcome
from commissioning.views.base import CommissionAct
from commissioning.views.gate_base import GateMixin

DECISIONS = {
    "approve": "Approve",
    "approve_with_conditions": "Approve with conditions",
    "return_for_changes": "Return for changes",
    "defer": "Defer to a later day",
    "refuse": "Refuse, which stops the commission",
}


class Decide(GateMixin, CommissionAct):
    """Read the paper in short, and give one's view."""

    template_name = "commissioning/gate_decide.html"
    form_class = DecideForm
    reads_talk = True

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Name the gate."""
        return f"Decide gate {self.number}"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever is not asked is told why; a gate that was decided meanwhile says by whom."""
        if request.user.is_authenticated:
            gate = self.gate_or_404()
            if gate.state != "submitted":
                messages.info(request, door.already_words(gate))
                return HttpResponseRedirect(self.gate_url())
            found = gate_rounds.load(gate).round
            if found is not None and found.has_spoken(self.person.pk):
                messages.info(request, "You have given your view. It stands with this submission.")
                return HttpResponseRedirect(self.gate_url())
            why_not = gate_rounds.why_not(self.person, gate)
            if why_not:
                if request.method == "POST":
                    self._refuse_in_writing(gate)
                raise PermissionDenied(f"{why_not} {door.who_words('gate.decide', gate)}")
        return super().dispatch(request, *args, **kwargs)

    def _refuse_in_writing(self, gate: Gate) -> None:
        try:
            deciding.decide(gate, "approve", by=self.person)
        except Refused:
            return

    @cached_property
    def in_short(self) -> gate_decisions.InShort:
        """The paper in short."""
        gate = self.gate_or_404()
        found = gate_rounds.load(gate).round
        number = found.revision_number if found else 0
        return gate_decisions.in_short(gate, number, self.dossier.rules.amount(TOLERANCE))

    def still_open(self) -> list[Blocker]:
        """What of Plan is open while this is decided."""
        if self.number not in open_work.GATES:
            return []
        return open_work.still_open(self.number, self.dossier, activity_lines.activities_of(self.subject))

    def get_form_kwargs(self) -> dict[str, Any]:
        """What can be decided at this gate, and who may own a condition."""
        choices = [(key, words) for key, words in DECISIONS.items() if key != "defer" or self.number != 1]
        wanted = self.request.GET.get("decision", "")
        return super().get_form_kwargs() | {
            "initial": {"decision": wanted} if wanted in dict(choices) else {},
            "number": self.number,
            "decisions": choices,
            "people": people.choosable(self.subject),
            "sections": self.in_short.sections,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything a decision is weighed by."""
        gate = self.gate_or_404()
        case = self.subject.case_file
        found = gate_rounds.load(gate).round
        return super().get_context_data(**kwargs) | {
            "gate": gate,
            "round": found,
            "step": found.open_step if found else None,
            "words": gate_words.WORDS[self.number],
            "line": self.dossier.gates[self.number],
            "short": self.in_short,
            "inputs": [line for line in inputs.inputs_of(gate) if found is None or line.submission == found.number],
            "why": gate_pages.why_asked(self.dossier, self.number),
            "band": self.dossier.needs.band.name if self.dossier.needs else "Not known",
            "criteria": [line for line in self.dossier.criteria if line.applies],
            "impact": gate_pages.impact_words(self.dossier),
            "effects": gate_pages.effect_lines(self.dossier),
            "still_open": self.still_open(),
            "conflicts": self.dossier.conflicts,
            "authority": gate_pages.authority_lines(self.dossier),
            "value": case.value_ex_vat,
            "threads": open_threads(gate, self.person),
            "asked_outcomes": asked_outcomes(gate),
        }

    def perform(self, form: Any) -> str:
        """Give it."""
        given = form.cleaned_data
        outcome = deciding.decide(
            self.gate_or_404(),
            given["decision"],
            by=self.person,
            note=given["note"],
            act_id=given["act_id"],
            **form.inputs(),
        )
        return said_of(outcome.subject, given["decision"])


def said_of(gate: Gate, decision: str) -> str:
    """The banner after a decision: what happened, and what happens next."""
    name = f"Gate {gate.number}"
    if decision in ("approve", "approve_with_conditions"):
        if gate.state == "approved":
            # One condition by anybody is a condition of the gate, whoever's approval came last.
            outcome = str(Outcome(gate.rounds.latest("number").outcome).label).lower()
            return f"{name} {outcome}. The author has been told."
        return f"Your approval of gate {gate.number} is recorded. Others are still asked."
    if decision == "return_for_changes":
        return f"{name} returned for changes. The author has your comments."
    if decision == "defer":
        return f"{name} deferred. The author has been told."
    return f"{name} refused. The commission has stopped, and everyone who held something of it has been told."
