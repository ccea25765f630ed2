"""The exercise: one go at finding a supplier for a commission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django_fsm import FSMField

from casework.audit.decisions import DOCUMENT, REASONS
from casework.lifecycle import Lifecycle, verb
from casework.models import CaseFile
from casework.querysets import CaseRecordQuerySet
from commissioning.models import Commission
from organisation import clock
from organisation.formatting import money
from organisation.models import Person
from procurement import guards, tender_guards
from procurement.models.catalogue import RouteToMarket
from procurement.states import BEING_WEIGHED, ExerciseState, Path, RunBy, StandstillBasis

if TYPE_CHECKING:
    from procurement.dossier import ExerciseDossier

S = ExerciseState


class Exercise(Lifecycle):
    """Who was asked, what they quoted, which was chosen and why. Title and reference stand on its case file.

    ``specification_number`` is the signed-off version that suppliers were asked on. The term and the manager are what
    the contract will be made with; once it is made they are changed there. ``request`` is what CCPS accepted, empty
    where the service buys by itself. Of a sourcing exercise the bids are known by their number and the winner, whose
    price is the chosen quote. ``openness`` is what a route without competition says before it is confirmed, and stays
    as it was written. ``standstill_ends_on`` is the last day on which no contract may be entered.
    """

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="exercise")
    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="exercises")
    run_by = models.CharField(max_length=10, choices=RunBy.choices)
    path = models.CharField(max_length=20, choices=Path.choices, default=Path.QUOTATION)
    request = models.ForeignKey(
        "procurement.ProcurementRequest", on_delete=models.PROTECT, null=True, blank=True, related_name="exercises"
    )
    route = models.ForeignKey(RouteToMarket, on_delete=models.PROTECT, related_name="exercises")
    state = FSMField(default=S.PLANNED, choices=S.choices, protected=True)
    specification_number = models.PositiveSmallIntegerField()
    openness = models.TextField("how fairness, transparency and competition were considered", blank=True)
    fairness = models.TextField("why these suppliers", blank=True)
    value_for_money = models.TextField("value for money", blank=True)
    social_value = models.TextField("social value", blank=True)
    chosen = models.ForeignKey("procurement.Quote", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    contract_manager = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lots = models.CharField(max_length=1000, blank=True)
    publish_on = models.DateField(null=True, blank=True)
    deadline_on = models.DateField(null=True, blank=True)
    evaluate_by = models.DateField(null=True, blank=True)
    award_by = models.DateField(null=True, blank=True)
    had_engagement = models.BooleanField(null=True, blank=True)
    engagement_notice = models.CharField(max_length=100, blank=True)
    engagement_explanation = models.TextField(blank=True)
    notice_reference = models.CharField(max_length=100, blank=True)
    published_on = models.DateField(null=True, blank=True)
    bids = models.PositiveSmallIntegerField(null=True, blank=True)

    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    standstill_basis = models.CharField(max_length=10, choices=StandstillBasis.choices, blank=True)
    standstill_reason = models.CharField(max_length=500, blank=True)
    award_notice_on = models.DateField(null=True, blank=True)
    standstill_ends_on = models.DateField(null=True, blank=True)
    awarded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    #: Read with the row by the door: what was chosen cannot change between the decision and the award.
    door_reads = ("chosen__supplier",)
    audited_changes: dict[str, Any] | None = None

    objects = CaseRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"], condition=~models.Q(state="abandoned"), name="one_live_exercise_per_commission"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["decided", "awarded"])
                | (models.Q(chosen__isnull=False) & ~models.Q(value_for_money="") & ~models.Q(social_value="")),
                name="decided_exercise_has_choice_and_reasons",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="exercise_term_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(run_by="service") | models.Q(request__isnull=False),
                name="exercise_by_ccps_has_a_request",
            ),
            models.CheckConstraint(
                condition=~models.Q(standstill_basis__in=["mandatory", "voluntary"])
                | models.Q(award_notice_on__isnull=False, standstill_ends_on__isnull=False),
                name="standstill_has_its_dates",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_file)

    def get_absolute_url(self) -> str:
        """The exercise's own page."""
        return reverse("procurement:exercise", args=[self.pk])

    def _decided_on(self) -> None:
        """Keep in the trail whom the decision chose, why, and on which version of the specification."""
        chosen = self.chosen
        self.audited_changes = {
            "supplier": chosen.supplier.name if chosen else "",
            "price, excluding VAT": money(chosen.amount_ex_vat) if chosen else "",
            REASONS: "\n".join(words for words in (self.fairness, self.value_for_money) if words.strip()),
            DOCUMENT: f"Specification, version {self.specification_number}",
        }

    @property
    def is_being_weighed(self) -> bool:
        """Whether prices can be recorded now."""
        return self.state in BEING_WEIGHED

    @verb(
        state,
        source=S.PLANNED,
        target=S.OPEN,
        label="Ask for prices",
        done="asked for prices",
        act="exercise.run",
        guard=guards.invite,
        explains=(
            "The suppliers listed are asked on the specification as it is signed off now. "
            "Changing the specification later means starting again."
        ),
    )
    def invite(self, *, dossier: ExerciseDossier, **_: Any) -> None:
        """Suppliers are asked, on the version that is signed off at this moment."""
        number = dossier.standing.specification_number
        if number is not None:
            self.specification_number = number

    @verb(
        state,
        source=S.PLANNED,
        target=S.OPEN,
        label="Publish the tender",
        done="published the tender",
        act="exercise.run",
        guard=tender_guards.publish,
        explains=(
            "From now on nobody talks to a possible bidder about it outside the questions everyone reads. "
            "The award criteria cannot be changed any more."
        ),
    )
    def publish(self, *, dossier: ExerciseDossier, notice_reference: str = "", **_: Any) -> None:
        """The market is asked, on the version that is signed off at this moment."""
        number = dossier.standing.specification_number
        if number is not None:
            self.specification_number = number
        self.notice_reference, self.published_on = notice_reference, clock.today()

    @verb(
        state,
        source=S.OPEN,
        target=S.EVALUATING,
        label="Close the bids",
        done="closed the bids",
        act="exercise.run",
        guard=tender_guards.close_bids,
        explains="The bids that came in time are evaluated against the award criteria that were published.",
    )
    def close_bids(self, *, bids: int | None = None, **_: Any) -> None:
        """Bidding is over."""
        self.bids = bids
        self.audited_changes = {"bids": bids}

    @verb(
        state,
        source=list(BEING_WEIGHED),
        target=S.DECIDED,
        label="Record the decision",
        done="recorded the decision",
        act="exercise.run",
        guard=guards.decide,
        explains=(
            "The chosen price becomes the commission's value, and a draft contract is made from what is recorded here. "
            "Nothing is awarded yet."
        ),
    )
    def decide(self, **_: Any) -> None:
        """One price is chosen, with reasons."""
        self._decided_on()
        self.decided_at = clock.now()
        self.confirmed_by = self.confirmed_at = None

    @verb(
        state,
        source=S.DECIDED,
        target=None,
        label="Confirm the recommendation",
        done="confirmed what CCPS recommends",
        act="exercise.confirm",
        guard=guards.confirm,
        explains="You agree with the supplier that CCPS recommends, on quality and whole-life cost. It can be awarded.",
    )
    def confirm(self, *, by: Any, **_: Any) -> None:
        """The commissioner agrees with what CCPS recommends."""
        self._decided_on()
        self.confirmed_by = by if isinstance(by, Person) else None
        self.confirmed_at = clock.now()

    @verb(
        state,
        source=S.DECIDED,
        target=S.AWARDED,
        label="Award the contract",
        done="awarded the contract",
        act="exercise.award",
        asks_password=True,
        guard=guards.award,
        explains="The authority to award is checked now. Both sides can then sign.",
    )
    def award(self, **_: Any) -> None:
        """The council commits itself to the chosen supplier."""
        self._decided_on()
        self.awarded_at = clock.now()

    @verb(
        state,
        source=S.DECIDED,
        target=S.EVALUATING,
        label="Look at the decision again",
        done="opened the decision again",
        act="exercise.run",
        asks_reason=True,
        explains="The draft contract is withdrawn. Prices and reasons can be changed, and decided on again.",
    )
    def reconsider(self, **_: Any) -> None:
        """The decision did not hold."""
        self.decided_at = self.confirmed_by = self.confirmed_at = None

    @verb(
        state,
        source=[S.PLANNED, S.OPEN, S.EVALUATING, S.DECIDED, S.AWARDED],
        target=S.ABANDONED,
        label="Abandon this exercise",
        done="abandoned this exercise",
        act="exercise.run",
        asks_reason=True,
        is_dangerous=True,
        explains="Nothing is bought by it. What was recorded stays, and another exercise can be opened.",
    )
    def abandon(self, **_: Any) -> None:
        """Nothing comes of it."""

    @verb(
        state,
        source=list(BEING_WEIGHED),
        target=S.ABANDONED,
        label="Set the quotes aside",
        done="set the quotes aside",
        act="exercise.run",
        guard=guards.set_aside,
        asks_reason=True,
        is_dangerous=True,
        explains=(
            "The price is more than quotes may reach. It becomes the commission's value, the band is worked out again "
            "at once, and what that asks is queued. The quotes stay on record; nothing is bought on them."
        ),
    )
    def set_aside(self, **_: Any) -> None:
        """The market wants more than quotes may reach."""

    @verb(
        state,
        source=list(BEING_WEIGHED),
        target=S.ABANDONED,
        label="End it without an award",
        done="ended it without an award",
        act="exercise.run",
        guard=tender_guards.end_without_award,
        asks_reason=True,
        is_dangerous=True,
        explains=(
            "Nobody bid, or no bid passed. The commission goes back to the route to market: its value and risk are "
            "checked again before another exercise is opened."
        ),
    )
    def end_without_award(self, *, bids: int | None = None, **_: Any) -> None:
        """Back to the route to market."""
        self.bids = bids if bids is not None else self.bids
