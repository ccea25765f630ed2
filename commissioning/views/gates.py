"""The pages of a gate: how it stands, its paper begun, its waiver, its conditions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from casework import door
from casework.blockers import Blocker
from casework.views.base import VerbPage
from commissioning import gate_words, open_work
from commissioning.forms.confirm import ConfirmForm
from commissioning.forms.gates import ConditionMetForm, VersionForm, WaiveForm
from commissioning.gate_guards import STAGE_OF
from commissioning.models import Gate, GateCondition
from commissioning.paper_facts import is_short_enough
from commissioning.selectors import activity_lines, gate_decisions, gate_pages, gate_rounds, inputs
from commissioning.selectors.figures import TOLERANCE
from commissioning.selectors.gate_comments import asked_outcomes, open_threads
from commissioning.selectors.overview import Link
from commissioning.services import gate_rounds as deciding
from commissioning.services import gates
from commissioning.states import GATE_IN_HAND
from commissioning.views.base import CommissionAct, CommissionPage
from commissioning.views.gate_base import GateMixin
from documents.changes import Comparison
from organisation.forms import PageForm
from organisation.permissions import may

BY_ITSELF = ("take_back", "take_up")


class GatePage(GateMixin, CommissionPage):
    """What the gate is for, how firmly it is asked, and everything that has happened at it."""

    template_name = "commissioning/gate.html"
    is_own_page = True
    reads_talk = True

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
            "effects": gate_pages.effect_lines(self.dossier),
            "threads": open_threads(gate, self.person),
            "compared": self.compared(),
            "drafted_url": self.drafted_url(),
            "will_decide": self.will_decide(),
            "asked_outcomes": asked_outcomes(gate),
            "conflicts": self.dossier.conflicts,
            "still_open": self.still_open(),
        }

    def compared(self) -> list[Comparison]:
        """What the paper as it was last submitted changed; a draft is compared on a page of its own."""
        gate = self.gate
        if gate is None or gate.paper is None or gate.paper.is_draft:
            return []
        tolerance = self.dossier.rules.amount(TOLERANCE)
        return gate_decisions.in_short(gate, gate.paper.revision_number, tolerance).compared

    def will_decide(self) -> list[str]:
        """Who would be asked, in order, while the paper is being written."""
        gate = self.gate
        return gate_rounds.who_will_decide(gate) if gate is not None and gate.state in GATE_IN_HAND else []

    def still_open(self) -> list[Blocker]:
        """What the author should know is open before the paper is submitted; one statement more."""
        gate = self.gate
        if gate is None or gate.state not in GATE_IN_HAND or self.number not in open_work.GATES:
            return []
        return open_work.still_open(self.number, self.dossier, activity_lines.activities_of(self.subject))

    def drafted_url(self) -> str:
        """Where a draft is compared with what was submitted."""
        paper = self.gate.paper if self.gate else None
        return (
            reverse("documents:compare", args=[paper.pk]) if paper and paper.is_draft and paper.revision_number else ""
        )

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
        may_choose = in_hand and self.number == 3 and self.is_in_stage and self.may_now("commission.edit")
        if may_choose and is_short_enough(self.subject):
            links.append(Link("Choose the short or full version", self.gate_url("gate_version")))
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


class ChooseVersion(GateMixin, CommissionAct):
    """The short or the full outline business case; the rules say which is the least."""

    form_class = VersionForm
    act = "commission.edit"
    page_title = "Version of the business case"

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it stands."""
        short = is_short_enough(self.subject) and not self.gate_or_404().wants_full
        return super().get_form_kwargs() | {"initial": {"version": "short" if short else "full"}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which one the rules ask for."""
        enough = is_short_enough(self.subject)
        words = "The short version is enough at this value and risk. The full one asks more, and loses nothing."
        needed = "At this value and risk the full version is needed."
        return super().get_context_data(**kwargs) | {"intro": words if enough else needed}

    def perform(self, form: PageForm) -> str:
        """Choose it."""
        full = form.cleaned_data["version"] == "full"
        gates.choose_version(self.gate_or_404(), full=full, by=self.person, act_id=form.cleaned_data["act_id"])
        return f"The {'full' if full else 'short'} version is used. What you wrote stays."


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
