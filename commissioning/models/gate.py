"""The gates: papers that the council decides on before a commission goes further (framework 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django_fsm import RETURN_VALUE, FSMField

from casework.audit.decisions import DOCUMENT
from casework.lifecycle import Lifecycle, verb
from casework.querysets import CaseRecordQuerySet
from commissioning import gate_guards as guards
from commissioning.gate_words import WORDS
from commissioning.models.commission import Commission
from commissioning.states import GATE_IN_HAND, GateState, Outcome
from documents.models import Paper
from organisation import clock
from organisation.formatting import sentence_start
from organisation.models import Person
from organisation.standing import covered_by

if TYPE_CHECKING:
    from commissioning.gate_dossier import GateDossier

S = GateState
NUMBERS = [(1, "Gate 1"), (3, "Gate 3"), (4, "Gate 4")]


class GateQuerySet(CaseRecordQuerySet):
    """The scope runs through the commission's case file."""

    case_prefix = "commission__case_file__"


class Gate(Lifecycle):
    """Gate 1, 3 or 4 of one commission; gate 2 is the procurement request. Made when its paper is begun, or waived.

    ``facts_changed_at`` is set when value, scope or risk moved after the approval: nothing is undone by that.
    ``wants_full`` says that its authors write the full outline case where the rules ask only for the short one.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="gates")
    number = models.PositiveSmallIntegerField(choices=NUMBERS)
    state = FSMField(default=S.NOT_REQUIRED, choices=S.choices, protected=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    review_on = models.DateField(null=True, blank=True)
    facts_changed_at = models.DateTimeField(null=True, blank=True)
    facts_changed_because = models.CharField(max_length=300, blank=True)
    wants_full = models.BooleanField(default=False)

    objects = GateQuerySet.as_manager()

    #: Read with the row by the door, because permission, guards and the trail need them.
    door_reads = (
        "commission__case_file__organisation__framework",
        "commission__case_file__holder",
        "commission__rules_version",
        "paper",
    )
    #: What the verb in hand decided, for the audit trail.
    audited_changes: dict[str, Any] | None = None
    #: What was read of its open round: one page asks many times who may decide.
    dossier_read: GateDossier | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commission", "number"], name="one_gate_of_a_number"),
            models.CheckConstraint(condition=models.Q(number__in=[1, 3, 4]), name="gate_number_known"),
            models.CheckConstraint(condition=models.Q(state__in=GateState.values), name="gate_state_known"),
        ]

    def __str__(self) -> str:
        return f"Gate {self.number}, {self.commission.case_file.reference}"

    def get_absolute_url(self) -> str:
        """The gate's own page."""
        return reverse("commissioning:gate", args=[self.commission_id, self.number])

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file

    @verb(
        state,
        source=S.NOT_REQUIRED,
        target=S.DRAFTING,
        label="Begin the paper",
        done="began the gate's paper",
        act="commission.edit",
        guard=guards.begin,
    )
    def begin(self, *, paper: Paper | None = None, **_: Any) -> None:
        """Its paper is begun."""
        self.paper = paper

    @verb(
        state,
        source=list(GATE_IN_HAND),
        target=S.INPUT_ASKED,
        label="Ask for input",
        done="asked for input on the gate's paper",
        act="commission.edit",
        guard=guards.ask_input,
    )
    def ask_input(self, *, functions: Any = (), **_: Any) -> None:
        """Functions are asked what they say to it, before it is submitted."""
        self.audited_changes = {"asked": list(functions)}

    @verb(
        state,
        source=list(GATE_IN_HAND),
        target=S.SUBMITTED,
        label="Submit for approval",
        done="submitted the gate for approval",
        act="commission.edit",
        guard=guards.submit,
    )
    def submit(self, **_: Any) -> None:
        """The paper is frozen, and a round of approval begins."""
        self.reason, self.review_on = "", None

    @verb(
        state,
        source=S.SUBMITTED,
        target=S.DRAFTING,
        label="Take the paper back",
        done="took the gate's paper back before it was decided",
        act="commission.edit",
        guard=guards.take_back,
        asks_reason=True,
        explains="The paper becomes a draft again, and nobody is asked to decide on it any more.",
    )
    def take_back(self, **_: Any) -> None:
        """The author has something to mend before anybody decides."""

    @verb(
        state,
        source=S.SUBMITTED,
        target=RETURN_VALUE(S.SUBMITTED, S.APPROVED),
        label="Approve",
        done="approved the gate",
        act="gate.decide",
        guard=guards.approve,
        explains="Your approval is kept with the paper as it was submitted.",
    )
    def approve(self, *, by: Any, dossier: GateDossier, **_: Any) -> str:
        """One view in favour. The last one that is needed passes the gate."""
        return self._in_favour(by, dossier)

    @verb(
        state,
        source=S.SUBMITTED,
        target=RETURN_VALUE(S.SUBMITTED, S.APPROVED),
        label="Approve with conditions",
        done="approved the gate with conditions",
        act="gate.decide",
        guard=guards.approve_with_conditions,
        explains="Each condition has an owner, a date and the gate that it holds up until it is met.",
    )
    def approve_with_conditions(self, *, by: Any, dossier: GateDossier, **_: Any) -> str:
        """One view in favour, if something is done."""
        return self._in_favour(by, dossier)

    @verb(
        state,
        source=S.SUBMITTED,
        target=S.DRAFTING,
        label="Return for changes",
        done="returned the gate's paper for changes",
        act="gate.decide",
        guard=guards.decide,
        asks_reason=True,
        explains="The paper becomes a draft again. Your comments are shown to its author word for word.",
    )
    def return_for_changes(self, *, dossier: GateDossier, **_: Any) -> None:
        """Not yet: the paper goes back with comments."""
        self._decided_on(dossier)

    @verb(
        state,
        source=S.SUBMITTED,
        target=S.REFUSED,
        label="Refuse",
        done="refused the gate",
        act="gate.decide",
        guard=guards.decide,
        asks_reason=True,
        is_dangerous=True,
        explains="The commission stops and cannot be started again. Everyone who holds something of it is told.",
    )
    def refuse(self, *, dossier: GateDossier, note: str = "", **_: Any) -> None:
        """No, and the commission stops with it."""
        self._settle(note)
        self._decided_on(dossier)

    @verb(
        state,
        source=S.SUBMITTED,
        target=S.DEFERRED,
        label="Defer",
        done="deferred the gate",
        act="gate.decide",
        guard=guards.defer,
        asks_reason=True,
        explains="The commission stays in its stage. You say when it is looked at again.",
    )
    def defer(self, *, dossier: GateDossier, note: str = "", review_on: Any = None, **_: Any) -> None:
        """Not now: it is looked at again on a day."""
        self.reason, self.review_on = note[:2000], review_on
        self._decided_on(dossier, review_on=[None, review_on])

    @verb(
        state,
        source=S.DEFERRED,
        target=S.DRAFTING,
        label="Take the paper up again",
        done="took the deferred gate up again",
        act="commission.edit",
        guard=guards.take_up,
        asks_reason=True,
        explains="The paper becomes a draft again, to be brought up to date and submitted.",
    )
    def take_up(self, **_: Any) -> None:
        """Its time has come."""
        self.review_on = None

    @verb(
        state,
        source=[S.NOT_REQUIRED, *GATE_IN_HAND, S.DEFERRED],
        target=S.WAIVED,
        label="Waive this gate",
        done="waived the gate",
        act="gate.waive",
        guard=guards.waive,
        asks_reason=True,
        explains="The commission goes on without this gate's paper. Only an expected gate can be waived.",
    )
    def waive(self, *, dossier: GateDossier, note: str = "", **_: Any) -> None:
        """An expected gate is not asked for, for a reason."""
        self._settle(note)
        self._decided_on(dossier)

    @verb(
        state,
        source=[S.NOT_REQUIRED, *GATE_IN_HAND],
        target=S.SKIPPED_URGENT,
        label="Skip as urgent",
        done="passed over the gate on the urgent route",
        act="gate.waive",
        by_system_only=True,
        asks_reason=True,
    )
    def skip_as_urgent(self, *, note: str = "", **_: Any) -> None:
        """The urgent route passes over it; it is never shown as approved."""
        self._settle(note)

    def _decided_on(self, dossier: GateDossier, **more: Any) -> None:
        """Keep in the trail which version of the paper was decided on."""
        paper = WORDS[self.number].paper
        revision = dossier.round.revision_number if dossier.round else None
        words = f"{paper}, revision {revision}" if revision else f"{paper}, not submitted"
        self.audited_changes = {DOCUMENT: sentence_start(words), **more}

    def _in_favour(self, by: Any, dossier: GateDossier) -> str:
        self._decided_on(dossier)
        view = dossier.view_for(by, [absent.pk for absent in covered_by(by)]) if isinstance(by, Person) else None
        if not dossier.is_last_view(view):
            return S.SUBMITTED
        self._settle("")
        self.facts_changed_at, self.facts_changed_because = None, ""
        return S.APPROVED

    def _settle(self, note: str) -> None:
        self.settled_at, self.reason, self.review_on = clock.now(), note[:2000], None


class GateRound(models.Model):
    """One submission of a gate's paper: the revision that was frozen, and what came of it."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    revision_number = models.PositiveIntegerField()
    route_name = models.CharField(max_length=150, blank=True)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(default=clock.now)
    decide_by = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gate", "number"], name="one_gate_round_of_a_number"),
            models.UniqueConstraint(fields=["gate"], condition=models.Q(outcome=""), name="one_open_round_of_a_gate"),
        ]

    def __str__(self) -> str:
        return f"Round {self.number} of {self.gate}"


class GateCondition(models.Model):
    """What has to be done although the gate was approved, and which gate's exit waits for it."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="conditions")
    round = models.ForeignKey(GateRound, on_delete=models.PROTECT, related_name="conditions")
    words = models.CharField(max_length=500)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    blocks_gate = models.PositiveSmallIntegerField(choices=NUMBERS)
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    met_how = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(blocks_gate__in=[1, 3, 4]), name="condition_blocks_a_gate"),
        ]
        indexes = [models.Index(fields=["gate"], condition=models.Q(met_at=None), name="open_gate_conditions")]

    def __str__(self) -> str:
        return self.words

    @property
    def commission(self) -> Commission:
        """The commission it belongs to."""
        return self.gate.commission

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.gate.commission.case_file
