"""The pages of a gate: how it stands, its input, the decision on it, its conditions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from casework import door, lifecycle
from casework.lead_times import lead_time, lead_warning
from casework.models import Queue
from casework.refusals import Refused
from casework.views.base import VerbPage
from commissioning import gate_words
from commissioning.dossier import Dossier
from commissioning.forms.gates import AskInputForm, ConditionMetForm, DecideForm, WaiveForm
from commissioning.gate_guards import STAGE_OF
from commissioning.models import Commission, Gate, GateCondition
from commissioning.selectors import dossiers, gate_decisions, gate_pages, gate_rounds, inputs, people
from commissioning.selectors.figures import TOLERANCE
from commissioning.selectors.overview import Link
from commissioning.services import gate_rounds as deciding
from commissioning.services import gates
from commissioning.views.base import CommissionAct, CommissionMixin, CommissionPage
from commissioning.views.decisions import ConfirmForm
from organisation import clock
from organisation.forms import PageForm
from organisation.permissions import may

BY_ITSELF = ("take_back", "take_up")
DECISIONS = {
    "approve": "Approve",
    "approve_with_conditions": "Approve with conditions",
    "return_for_changes": "Return for changes",
    "defer": "Defer to a later day",
    "refuse": "Refuse, which stops the commission",
}


class GateMixin(CommissionMixin):
    """A page of one gate of a commission."""

    kwargs: dict[str, Any]

    def load(self) -> Commission:
        """The commission with every single fact its guards read, in one statement."""
        if self.kwargs["number"] not in gate_words.WORDS:
            raise Http404("No gate of this number is kept here")
        rows = dossiers.with_standing(Commission.objects.visible_to(self.person).filter(pk=self.kwargs["pk"]))
        found: Commission = get_object_or_404(
            dossiers.with_criteria(rows, self.kwargs["pk"]).select_related(*self.related)
        )
        return found

    @property
    def number(self) -> int:
        """Which gate."""
        return int(self.kwargs["number"])

    @cached_property
    def dossier(self) -> Dossier:
        """What the guards of the commission read; gates look at no activity."""
        return dossiers.load_without_activities(self.subject)

    @cached_property
    def gate(self) -> Gate | None:
        """The gate, once its paper was begun or it was waived."""
        found = (
            Gate.objects.filter(commission=self.subject, number=self.number).select_related("paper__template").first()
        )
        if found is not None:
            found.commission = self.subject
        return found

    def gate_or_404(self) -> Gate:
        """The gate, for pages that make no sense before it is begun."""
        if self.gate is None:
            raise Http404("This gate is not begun")
        return self.gate

    def gate_url(self, name: str = "gate") -> str:
        """One of the pages of this gate."""
        return reverse(f"commissioning:{name}", args=[self.subject.pk, self.number])

    def back_url(self) -> str:
        """Cancel and success lead to the gate."""
        return self.gate_url()

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission, through the gate."""
        case = self.subject.case_file
        way = [(case.reference, case.path), (f"Gate {self.number}", self.gate_url())]
        title = getattr(self, "page_title", "")
        return (
            [*way, (title, "")] if title and not isinstance(self, GatePage) else [way[0], (f"Gate {self.number}", "")]
        )

    def open_verb(self, name: str) -> str:
        """The address of a verb that would be carried out if it were asked for now; empty otherwise."""
        gate = self.gate
        if gate is None or not gate.can_go(name):
            return ""
        rules = door.rules_of(Gate, name)
        found = gate_rounds.load(gate)
        found.__dict__["commission"] = self.dossier
        if not may(self.person, rules.act, gate) or lifecycle.blockers_of(gate, rules, found, {}):
            return ""
        return reverse("commissioning:gate_verb", args=[gate.pk, name])


class GatePage(GateMixin, CommissionPage):
    """What the gate is for, how firmly it is asked, and everything that has happened at it."""

    template_name = "commissioning/gate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything on the page."""
        gate = self.gate
        line = self.dossier.gates[self.number]
        context = super().get_context_data(**kwargs)
        return context | {
            "page_title": gate_words.title_of(self.number),
            "words": gate_words.WORDS[self.number],
            "line": line,
            "tone": gate_pages.STATE_TONES.get(line.state, "outline"),
            "need": gate_words.NEEDS[line.need],
            "why": gate_pages.why_asked(self.dossier, self.number),
            "gate": gate,
            "paper": gate_pages.paper_link(gate),
            "primary": self.primary(),
            "actions": self.actions(),
            "inputs": inputs.inputs_of(gate) if gate else [],
            "rounds": gate_pages.rounds_of(gate) if gate else [],
            "conditions": gate_pages.conditions_of(gate) if gate else [],
            "impact": gate_pages.impact_words(self.dossier),
        }

    @property
    def is_in_stage(self) -> bool:
        """Whether the commission is where this gate is prepared."""
        return bool(self.subject.state == STAGE_OF[self.number])

    def primary(self) -> Link | None:
        """The one thing to do next, for this person."""
        gate, number = self.gate, self.number
        if gate is not None and gate.state == "submitted" and gate_rounds.decides(self.person, gate):
            return Link(f"Decide gate {number}", self.gate_url("gate_decide"))
        if not self.may_now("commission.edit") or not self.is_in_stage:
            return None
        if gate is None or gate.state == "not_required":
            needed = self.dossier.need(number) != "not_required"
            return Link(f"Begin the {gate_words.WORDS[number].paper}", self.gate_url("gate_begin")) if needed else None
        if gate.paper is not None and gate.paper.is_draft and gate.state in ("drafting", "input_asked"):
            return Link(f"Continue the {gate_words.WORDS[number].paper}", gate.paper.get_absolute_url())
        return None

    def actions(self) -> list[Link]:
        """What else this person may do now."""
        links = []
        gate = self.gate
        in_hand = gate is not None and gate.state in ("drafting", "input_asked")
        if in_hand and self.is_in_stage and self.may_now("commission.edit"):
            links.append(Link("Ask for input", self.gate_url("gate_inputs")))
        for name in BY_ITSELF:
            url = self.open_verb(name)
            if url:
                links.append(Link(door.rules_of(Gate, name).label, url))
        may_waive = self.may_now("gate.waive") and self.dossier.need(self.number) == "expected"
        prepared = gate is not None and self.person.pk in gate_rounds.authors_of(gate)
        if may_waive and not prepared and (gate is None or gate.can_go("waive")):
            links.append(Link("Waive this gate", self.gate_url("gate_waive")))
        return links


class BeginGate(GateMixin, CommissionAct):
    """Begin the gate's paper."""

    form_class = ConfirmForm
    act = "commission.edit"

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Name the paper."""
        return f"Begin the {gate_words.WORDS[self.number].paper}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the paper is for."""
        return super().get_context_data(**kwargs) | {"intro": gate_words.WORDS[self.number].asks}

    def perform(self, form: PageForm) -> str:
        """Begin it."""
        begun = gates.begin(self.subject, self.number, by=self.person, act_id=form.cleaned_data["act_id"])
        self.gate = begun
        return ""

    def get_success_url(self) -> str:
        """On to the paper."""
        paper = self.gate.paper if self.gate else None
        return paper.get_absolute_url() if paper else self.gate_url()


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
        usual = ("ccps", "finance") if self.dossier.need(self.number) in ("required", "expected") else ()
        return super().get_form_kwargs() | {"offered": left, "ticked": [key for key, _ in left if key in usual]}

    def perform(self, form: PageForm) -> str:
        """Ask them."""
        opened = gates.ask_input(self.gate_or_404(), by=self.person, **form.cleaned_data)
        told = ", ".join(item.queue.name for item in opened if item.queue)
        warned = [
            short_lead(self.dossier, item.queue.key, form.cleaned_data["needed_by"]) for item in opened if item.queue
        ]
        return " ".join([f"Input asked for from {told}.", *[words for words in warned if words]])


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


class Decide(GateMixin, CommissionAct):
    """Read the paper in short, and give one's view."""

    template_name = "commissioning/gate_decide.html"
    form_class = DecideForm

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

    def get_form_kwargs(self) -> dict[str, Any]:
        """What can be decided at this gate, and who may own a condition."""
        choices = [(key, words) for key, words in DECISIONS.items() if key != "defer" or self.number != 1]
        return super().get_form_kwargs() | {
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
            "authority": gate_pages.authority_lines(self.dossier),
            "value": case.value_ex_vat,
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
            return f"{name} approved. The author has been told."
        return f"Your approval of gate {gate.number} is recorded. Others are still asked."
    if decision == "return_for_changes":
        return f"{name} returned for changes. The author has your comments."
    if decision == "defer":
        return f"{name} deferred. The author has been told."
    return f"{name} refused. The commission has stopped, and everyone who held something of it has been told."


class WaiveGate(GateMixin, CommissionAct):
    """Let the commission go on without an expected gate."""

    form_class = WaiveForm
    page_title = "Waive this gate"
    act = "gate.waive"
    intro = "The commission goes on without this gate's paper. Your reason stays on the record."

    def perform(self, form: PageForm) -> str:
        """Waive it."""
        gates.waive(
            self.subject,
            self.number,
            by=self.person,
            note=form.cleaned_data["note"],
            act_id=form.cleaned_data["act_id"],
        )
        return f"Gate {self.number} waived."


class MeetCondition(GateMixin, CommissionAct):
    """Say that a condition of the approval is met."""

    form_class = ConditionMetForm
    page_title = "Say that a condition is met"

    @cached_property
    def condition(self) -> GateCondition:
        """The condition, within this gate."""
        rows = GateCondition.objects.filter(gate=self.gate_or_404()).select_related("owner")
        found: GateCondition = get_object_or_404(rows, pk=self.kwargs["condition"])
        found.gate = self.gate_or_404()
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only its owner, or a commissioner of the area."""
        reads = request.user.is_authenticated and request.method != "POST"
        if reads and not may(self.person, "gate.meet_condition", self.condition):
            raise PermissionDenied(f"Only {self.condition.owner.name} or a commissioner can say that it is met.")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Quote the condition."""
        return super().get_context_data(**kwargs) | {"intro": self.condition.words}

    def perform(self, form: PageForm) -> str:
        """Say so."""
        deciding.meet_condition(
            self.condition, how=form.cleaned_data["how"], by=self.person, act_id=form.cleaned_data["act_id"]
        )
        return "Condition met."


class GateVerb(VerbPage):
    """The verbs of a gate that need no page of their own."""

    model = Gate
    related = (*Gate.door_reads, "commission__case_file__service_area", "paper__template")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Deciding, submitting and asking have pages that show what they are about."""
        if self.kwargs["verb"] not in BY_ITSELF:
            raise Http404("Not a verb of a gate by itself")
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission, through the gate."""
        case = self.subject.case_file
        gate = (f"Gate {self.subject.number}", self.subject.get_absolute_url())
        return [(case.reference, case.path), gate, (self.rules.label, "")]
