"""The handover of a contract from CCPS, which bought it, to the service's contract manager."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django_fsm import FSMField

from casework.lifecycle import Lifecycle, verb
from casework.models import CaseFile
from casework.querysets import CaseRecordQuerySet
from contracts import guards
from contracts.models.contract import Contract
from contracts.states import HandoverState, Heading
from organisation import clock
from organisation.models import Person

S = HandoverState


class Handover(Lifecycle):
    """What CCPS passes on, and whether the contract manager has taken it. Only where CCPS ran the exercise.

    ``case_file`` is the contract's own file, so that permission, scope and history follow the contract. ``lead`` is
    the CCPS officer who prepares it and to whom it returns.
    """

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="handover")
    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="handover")
    state = FSMField(default=S.PREPARING, choices=S.choices, protected=True)
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = CaseRecordQuerySet.as_manager()

    #: Read with the row by the door, because the guards and what follows a verb need them.
    door_reads = (
        "case_file__holder",
        "case_file__root",
        "contract__supplier",
        "contract__commission__rules_version",
        "lead",
        "offered_by",
    )
    #: The gaps named by the verb in hand, for the audit trail.
    audited_changes: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"Handover of {self.case_file}"

    def get_absolute_url(self) -> str:
        """The page of the handover."""
        return reverse("contracts:handover", args=[self.contract_id])

    @verb(
        state,
        source=[S.PREPARING, S.RETURNED],
        target=S.OFFERED,
        label="Offer the handover",
        done="offered the handover to the contract manager",
        act="handover.prepare",
        guard=guards.offer_handover,
        explains="The contract manager reads it, and accepts it or returns it with the gaps.",
    )
    def offer(self, *, by: Any, **_: Any) -> None:
        """Everything is confirmed, so the contract manager can take over."""
        self.offered_at = clock.now()
        self.offered_by = by if isinstance(by, Person) else None
        self.settled_at, self.settled_by = None, None

    @verb(
        state,
        source=S.OFFERED,
        target=S.ACCEPTED,
        label="Accept the handover",
        done="accepted the handover",
        act="handover.answer",
        explains="Responsibility for the contract passes to its contract manager. The commission can enter Review.",
    )
    def accept(self, *, by: Any, **_: Any) -> None:
        """The contract manager has what is needed to manage the contract."""
        self._settle(by)

    @verb(
        state,
        source=S.OFFERED,
        target=S.RETURNED,
        label="Return it with the gaps",
        done="returned the handover with gaps",
        act="handover.answer",
        guard=guards.return_handover,
        explains="It goes back to CCPS with what you say is missing. The commission stays in Secure Services.",
    )
    def send_back(self, *, by: Any, gaps: dict[str, str] | None = None, **_: Any) -> None:
        """Something is missing; each gap is named under its heading."""
        self._settle(by)
        self.audited_changes = {Heading(key).label: words for key, words in (gaps or {}).items()}

    def _settle(self, by: Any) -> None:
        self.settled_at = clock.now()
        self.settled_by = by if isinstance(by, Person) else None


class HandoverPart(models.Model):
    """One heading of a handover: what is known, what CCPS adds, whether it is confirmed, and the gap named last.

    ``known`` is empty while it is prepared (the page reads the facts themselves) and frozen when it is offered.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="parts")
    heading = models.CharField(max_length=20, choices=Heading.choices)
    order = models.PositiveSmallIntegerField()
    known = models.JSONField(default=list, blank=True)
    words = models.TextField(blank=True)
    gap = models.CharField(max_length=1000, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "heading"], name="one_handover_part_per_heading"),
        ]

    def __str__(self) -> str:
        return f"{self.get_heading_display()}, {self.handover}"

    def get_absolute_url(self) -> str:
        """The page of the handover."""
        return self.handover.get_absolute_url()

    @property
    def case_file(self) -> CaseFile:
        """The contract's file: permission and audit follow it."""
        return self.handover.case_file
