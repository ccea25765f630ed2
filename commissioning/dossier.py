"""Everything the guards of a commission read, as plain values. One selector fills it (selectors/dossiers.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from casework.blockers import Blocker
from commissioning.states import ACTIVITY_OUTSTANDING, GATE_SETTLED, GateState
from organisation.formatting import sentence_start

if TYPE_CHECKING:
    from casework.models import RulesVersion
    from casework.routing import Facts, Requirements, Rules
    from commissioning.market_contact import MarketContact
    from commissioning.models import Commission, CommissionActivity


@dataclass(frozen=True)
class CriterionLine:
    """One high-risk criterion and its answer; ``applies`` is None while it is unanswered.

    ``name`` is what it was called when it was answered, ``asks`` its name and question as they are put now;
    ``is_reworded`` says that the two differ.
    """

    pk: int
    key: str
    name: str
    applies: bool | None
    explanation: str = ""
    asks: tuple[str, str] = ("", "")
    is_reworded: bool = False
    measure: str = ""


@dataclass(frozen=True)
class ActivityLine:
    """One activity of the plan, as lists and guards need it."""

    pk: int
    key: str
    name: str
    stage: str
    group: str
    state: str
    state_words: str
    owner: str
    reason: str
    lead: str
    due_on: object
    done_at: object
    is_suggested: bool
    said: str = ""
    """How what came of it begins."""
    stands: str = ""
    """What another record says of it while nobody has marked it as completed: "gate 3 approved"."""

    @property
    def standing_words(self) -> str:
        """Its state, or what stands already where that says more."""
        if self.stands and self.state in ACTIVITY_OUTSTANDING:
            return f"{sentence_start(self.stands)}, not marked as completed"
        return self.state_words

    def is_hidden(self, *, may_buy: bool) -> bool:
        """Whether it is about buying (``Activity.is_buying``), where nothing is bought and nobody wanted it."""
        about_buying = self.stage == "secure" and self.owner == "ccps"
        return about_buying and not may_buy and self.state in ("proposed", "not_relevant")


@dataclass(frozen=True)
class QuestionLine:
    """One key question and whether it is settled."""

    pk: int
    stage: str
    number: int
    text: str
    hint: str
    answer: str
    does_not_apply: bool
    version: int
    key: str = ""
    links: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Answered, or marked as not applying (with the reason as its answer)."""
        return bool(self.answer)


@dataclass(frozen=True)
class DeliveryLine:
    """The standing delivery decision."""

    key: str
    name: str
    buys: bool
    is_confirmed: bool


@dataclass(frozen=True)
class SpecificationLine:
    """The standing specification."""

    pk: int
    number: int
    state: str
    paper_id: int

    @property
    def is_signed_off(self) -> bool:
        """Whether service leadership has agreed it."""
        return self.state == "signed_off"


@dataclass(frozen=True)
class ConditionLine:
    """A condition of a gate's approval that is not met yet."""

    pk: int
    gate: int
    words: str
    owner: str
    due_on: date
    blocks_gate: int


@dataclass(frozen=True)
class GateLine:
    """How one gate stands: state, how firmly it is asked for, and what of it is still open.

    ``holding`` are the open conditions, set by this gate or an earlier one, that its stage cannot be left with;
    ``own_conditions`` those that its own approval set.
    """

    number: int
    name: str
    state: str
    state_words: str
    need: str
    url: str
    pk: int | None = None
    facts_changed_at: datetime | None = None
    facts_changed_because: str = ""
    paper_id: int | None = None
    since: datetime | None = None
    review_on: date | None = None
    note: str = ""
    own_conditions: tuple[ConditionLine, ...] = ()
    holding: tuple[ConditionLine, ...] = ()

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to say of it beside how firmly it is asked for."""
        return self.state != GateState.NOT_REQUIRED

    @property
    def facts_changed(self) -> bool:
        """Whether value, scope or risk moved after the approval."""
        return self.facts_changed_at is not None

    @property
    def is_passed(self) -> bool:
        """Approved, waived, or passed over on the urgent route."""
        return self.state in GATE_SETTLED

    @property
    def is_settled(self) -> bool:
        """Passed, with no open condition that its stage cannot be left with."""
        return self.is_passed and not self.holding


@dataclass(frozen=True)
class ConflictLine:
    """Two principles that pull apart, what was chosen, why, and who decided when."""

    principles: str
    choice: str
    reason: str
    decided_by: str
    decided_on: date | None


@dataclass(frozen=True)
class AskedLine:
    """Something an activity's answer had asked of a function, and nobody has answered yet."""

    pk: int
    title: str
    queue: str
    assignee: str
    asked_at: datetime


@dataclass(frozen=True)
class Dossier:
    """A commission with what its guards read. ``activities`` is filled from Analyse on, when there is a plan.

    ``is_engaged``: somebody was asked in the stage it is in, or it is written down why not.
    """

    commission: Commission
    rules_version: RulesVersion
    rules: Rules
    facts: Facts | None = None
    needs: Requirements | None = None
    criteria: tuple[CriterionLine, ...] = ()
    has_authority_to_commission: bool = False
    objectives: int = 0
    unsettled_duplicates: int = 0
    is_plan_agreed: bool = False
    activities: tuple[ActivityLine, ...] = ()
    open_questions: Mapping[str, int] = field(default_factory=dict)
    screening_needs_full: bool | None = None
    delivery: DeliveryLine | None = None
    specification: SpecificationLine | None = None
    is_outcome_assessed: bool = False
    end_choice: str = ""
    lessons: int = 0
    gates: Mapping[int, GateLine] = field(default_factory=dict)
    unanswered: tuple[AskedLine, ...] = ()
    impact_is_assessed: bool = False
    joint_is_considered: bool = False
    voluntary_is_answered: bool = False
    conflicts: tuple[ConflictLine, ...] = ()
    is_engaged: bool = False
    market_contact: MarketContact | None = None

    @property
    def is_buying(self) -> bool:
        """Whether the standing delivery decision leads to a purchase."""
        return self.delivery is not None and self.delivery.buys and self.commission.may_buy

    def need(self, gate: int) -> str:
        """How firmly a gate is asked for: nothing before there is a value, no request where nothing can be bought."""
        if gate == 2 and not self.commission.may_buy:
            return "not_required"
        return self.needs.gate(gate) if self.needs else "not_required"


@dataclass(frozen=True)
class ActivityDossier:
    """An activity, whether files, lines or its form show what came of it, and what its checks still miss.

    ``draft_form`` is the paper of its form while answers in it wait to be submitted.
    """

    subject: CommissionActivity
    has_evidence: bool
    open_points: tuple[Blocker, ...] = ()
    draft_form: int | None = None
