"""The procurement request (gate 2): CCPS officers' time is asked for, and given or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django_fsm import FSMField

from casework.lifecycle import Lifecycle, verb
from casework.models import CaseFile, WorkItem
from casework.querysets import CaseRecordQuerySet
from commissioning.models import Commission
from documents.models import Paper
from organisation import clock
from organisation.formatting import money
from organisation.models import Person
from procurement import request_guards as guards
from procurement.flags import route_words, terms_words
from procurement.models.catalogue import RouteToMarket
from procurement.states import BEING_WRITTEN, NOT_LIVE, DeclineGround, Path, RequestState

if TYPE_CHECKING:
    from datetime import date

    from procurement.dossier import RequestDossier

S = RequestState
SENT = [S.SUBMITTED, S.MORE_INFORMATION, S.ACCEPTED, S.DECLINED]


class ProcurementRequest(Lifecycle):
    """One request of a commission to CCPS. Its form is a paper on the commission's file, so that facts reach it.

    ``budget_ex_vat`` is what the budget holder approved, in pounds over the whole term; ``asks`` counts the fresh
    submissions, each of which is a new item with a week of its own, while ``revision_number`` is the frozen form that
    CCPS answers. ``item`` is what stands, or last stood, in CCPS's queue.

    ``wanted`` is what the form asks CCPS to do, in its own words, and ``dates_from`` to ``dates_to`` the first and the
    last of its main dates, copied as it is sent. ``same_as`` is another request that CCPS found to ask for the same.
    """

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="procurement_request")
    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="requests")
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="procurement_request")
    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = FSMField(default=S.DRAFT, choices=S.choices, protected=True)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    route = models.ForeignKey(RouteToMarket, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    budget_ex_vat = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    budget_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    budget_at = models.DateTimeField(null=True, blank=True)
    budget_refusal = models.CharField(max_length=2000, blank=True)

    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    revision_number = models.PositiveIntegerField(default=0)
    asks = models.PositiveSmallIntegerField(default=0)
    has_special_terms = models.BooleanField(default=False)
    wanted = models.CharField(max_length=500, blank=True)
    dates_from = models.DateField(null=True, blank=True)
    dates_to = models.DateField(null=True, blank=True)
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="found_again")
    same_because = models.CharField(max_length=2000, blank=True)

    lead = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=20, choices=Path.choices, blank=True)
    effort_days = models.PositiveSmallIntegerField(null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    next_steps = models.TextField(blank=True)
    legal_needed_by = models.DateField(null=True, blank=True)
    legal_urgent_reason = models.CharField(max_length=500, blank=True)
    decline_ground = models.CharField(max_length=20, choices=DeclineGround.choices, blank=True)
    decline_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseRecordQuerySet.as_manager()

    #: Read with the row by the door, because the effects need them.
    door_reads = ("commission__case_file", "item", "paper", "route", "lead", "same_as__case_file")
    audited_changes: dict[str, Any] | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"],
                condition=~models.Q(state__in=["declined", "withdrawn"]),
                name="one_live_request_per_commission",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted")
                | (
                    models.Q(lead__isnull=False)
                    & ~models.Q(path="")
                    & models.Q(effort_days__isnull=False)
                    & models.Q(target_on__isnull=False)
                ),
                name="accepted_request_has_lead_and_path",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(decline_reason=""),
                name="declined_request_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_file)

    def get_absolute_url(self) -> str:
        """The request's own page, where CCPS triages it too."""
        return reverse("procurement:request", args=[self.pk])

    @property
    def is_being_written(self) -> bool:
        """Whether its form is with the commissioner."""
        return self.state in BEING_WRITTEN

    @property
    def is_live(self) -> bool:
        """Whether it still asks for, or holds, CCPS's time."""
        return self.state not in NOT_LIVE

    @verb(
        state,
        source=S.DRAFT,
        target=S.BUDGET_APPROVED,
        label="Approve the budget",
        done="approved the budget",
        act="request.approve_budget",
        guard=guards.approve_budget,
        explains="You say that the money is there, up to the value the commission has now.",
    )
    def approve_budget(self, *, by: Any, dossier: RequestDossier, **_: Any) -> None:
        """The money is there, up to today's value."""
        self.budget_ex_vat = dossier.value
        self.budget_by = by if isinstance(by, Person) else None
        self.budget_at, self.budget_refusal = clock.now(), ""
        self.audited_changes = {"budget, excluding VAT": [None, money(dossier.value)]}

    @verb(
        state,
        source=S.DRAFT,
        target=None,
        label="Refuse the budget",
        done="refused the budget",
        act="request.approve_budget",
        asks_reason=True,
        explains="The request cannot be sent to CCPS. The commissioner reads your reason, and can change it or stop.",
    )
    def refuse_budget(self, *, by: Any, note: str, **_: Any) -> None:
        """The money is not there; the commissioner reads why."""
        self.budget_by = by if isinstance(by, Person) else None
        self.budget_at, self.budget_refusal = clock.now(), note[:2000]

    @verb(
        state,
        source=[S.BUDGET_APPROVED, S.MORE_INFORMATION],
        target=None,
        label="Approve the higher budget",
        done="approved the higher budget",
        act="request.approve_budget",
        guard=guards.approve_higher_budget,
        explains="The value has gone up since the budget was approved. You say that the money for that is there too.",
    )
    def approve_higher_budget(self, *, by: Any, dossier: RequestDossier, **_: Any) -> None:
        """The money is there for the value as it is now."""
        self.audited_changes = {"budget, excluding VAT": [money(self.budget_ex_vat), money(dossier.value)]}
        self.budget_ex_vat, self.budget_at = dossier.value, clock.now()
        self.budget_by = by if isinstance(by, Person) else None

    @verb(
        state,
        source=list(BEING_WRITTEN),
        target=S.SUBMITTED,
        label="Submit the request to CCPS",
        done="submitted the request to CCPS",
        act="request.write",
        guard=guards.submit,
        explains="The form is frozen as you send it. CCPS accepts it, asks for information or declines within a week.",
    )
    def submit(self, *, by: Any, **_: Any) -> None:
        """The form goes to CCPS; a fresh submission is a new ask, a resubmission answers the question."""
        if self.item is None or self.item.settled_at is not None:
            self.asks += 1
        self.submitted_by = by if isinstance(by, Person) else None
        self.submitted_at = clock.now()
        self.decline_ground = self.decline_reason = self.next_steps = ""

    @verb(
        state,
        source=S.SUBMITTED,
        target=S.ACCEPTED,
        label="Accept this request",
        done="accepted the request",
        act="request.triage",
        guard=guards.accept,
    )
    def accept(
        self,
        *,
        by: Any,
        lead: Person | None = None,
        path: str = "",
        effort_days: int | None = None,
        target_on: date | None = None,
        next_steps: str = "",
        route: RouteToMarket | None = None,
        legal_needed_by: date | None = None,
        urgent_reason: str = "",
        **_: Any,
    ) -> None:
        """CCPS takes it on: who leads, by which path, with how much effort, by when, and what happens next."""
        self.lead, self.path, self.effort_days, self.target_on = lead, path, effort_days, target_on
        self.next_steps, self.route = next_steps, route or self.route
        self.legal_needed_by, self.legal_urgent_reason = legal_needed_by, urgent_reason
        self._decided(by)
        self.audited_changes = {
            "lead_id": [None, lead.pk if lead else None],
            "path": [None, path],
            "effort in days": [None, effort_days],
            "target": [None, target_on],
        }

    @verb(
        state,
        source=S.SUBMITTED,
        target=S.MORE_INFORMATION,
        label="Ask for information",
        done="asked for information",
        act="request.triage",
        guard=guards.ask,
        explains="The clock stops. When the form comes back it has a new week.",
    )
    def ask(self, *, next_steps: str = "", **_: Any) -> None:
        """The form goes back with a question, and with what happens next."""
        self.next_steps = next_steps

    @verb(
        state,
        source=S.SUBMITTED,
        target=S.DECLINED,
        label="Decline this request",
        done="declined the request",
        act="request.triage",
        guard=guards.decline,
        asks_reason=True,
        is_dangerous=True,
        explains="The commission stays in Plan. The requester reads your reason and the next steps word for word.",
    )
    def decline(self, *, by: Any, note: str, ground: str = "", next_steps: str = "", **_: Any) -> None:
        """CCPS does not take it on, and says what can be done instead."""
        self.decline_ground, self.decline_reason, self.next_steps = ground or DeclineGround.OTHER, note, next_steps
        self._decided(by)

    @verb(
        state,
        source=S.DECLINED,
        target=S.DRAFT,
        label="Revise this request",
        done="opened the request again",
        act="request.write",
        guard=guards.revise,
        explains="The form opens for changes. The budget holder approves it again, and a new submission is a new ask.",
    )
    def revise(self, **_: Any) -> None:
        """Begin again from what was written."""
        self.budget_ex_vat = self.budget_by = self.budget_at = None
        self.budget_refusal = ""

    @verb(
        state,
        source=[*BEING_WRITTEN, S.SUBMITTED, S.ACCEPTED],
        target=S.WITHDRAWN,
        label="Withdraw this request",
        done="withdrew the request",
        act="request.write",
        guard=guards.withdraw,
        asks_reason=True,
        is_dangerous=True,
        explains="It leaves CCPS's queue. Nothing is deleted; another request can be opened.",
    )
    def withdraw(self, **_: Any) -> None:
        """CCPS's time is no longer asked for."""

    @verb(
        state,
        source=SENT,
        target=None,
        label="Link a duplicate",
        done="found the request to be a duplicate",
        act="request.triage",
        guard=guards.link_duplicate,
        asks_reason=True,
        explains="Both requests then show that they ask for the same. Nothing else changes: you still answer each.",
    )
    def link_duplicate(self, *, same_as: ProcurementRequest | None = None, note: str = "", **_: Any) -> None:
        """Another request asks for the same, CCPS finds."""
        self.audited_changes = {"same as": [None, same_as.case_file.reference if same_as else None]}
        self.same_as, self.same_because = same_as, note

    @verb(
        state,
        source=SENT,
        target=None,
        label="Undo the link to a duplicate",
        done="found the request to be no duplicate after all",
        act="request.triage",
        guard=guards.unlink_duplicate,
        asks_reason=True,
    )
    def unlink_duplicate(self, **_: Any) -> None:
        """It asks for something else after all."""
        self.same_as, self.same_because = None, ""

    @verb(
        state,
        source=S.ACCEPTED,
        target=None,
        label="Change the path or the lead",
        done="changed the path or the lead",
        act="request.triage",
        guard=guards.change_path,
        asks_reason=True,
        explains="For example when the quotes came in over the band for quotes. The first answer stays in the history.",
    )
    def change_path(
        self,
        *,
        lead: Person | None = None,
        path: str = "",
        effort_days: int | None = None,
        target_on: date | None = None,
        legal_needed_by: date | None = None,
        urgent_reason: str = "",
        **_: Any,
    ) -> None:
        """What was accepted is bought another way, or by somebody else."""
        self.audited_changes = {"path": [self.path, path], "lead_id": [self.lead_id, lead.pk if lead else None]}
        self.lead, self.path, self.effort_days, self.target_on = lead, path, effort_days, target_on
        self.legal_needed_by = legal_needed_by or self.legal_needed_by
        self.legal_urgent_reason = urgent_reason or self.legal_urgent_reason

    def _decided(self, by: Any) -> None:
        self.decided_by = by if isinstance(by, Person) else None
        self.decided_at = clock.now()

    def flags_by(self, route: RouteToMarket | None) -> frozenset[str]:
        """What a route to market, and the terms the form asks for, add to the facts of the commission."""
        found = {"unusual_route"} if route is not None and route.is_unusual else set()
        return frozenset(found | ({"special_terms"} if self.has_special_terms else set()))

    def words_by(self, route: RouteToMarket | None) -> dict[str, str]:
        """The same flags in words: which route, which terms."""
        said = {"unusual_route": route_words(route)} if route is not None else {}
        return said | {"special_terms": terms_words("")}

    @property
    def flags(self) -> frozenset[str]:
        """The same by the route that stands."""
        return self.flags_by(self.route)

    @property
    def ask_key(self) -> str:
        """Names this submission for the rules, so that a fresh one is asked anew."""
        return f"request:{self.pk}" if self.asks <= 1 else f"request:{self.pk}:{self.asks}"
