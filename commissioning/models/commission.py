"""The commission: one piece of commissioning, from need to review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django_fsm import RETURN_VALUE, FSMField

from casework.lifecycle import Lifecycle, verb
from casework.models import CaseFile, RulesVersion
from casework.querysets import CaseRecordQuerySet
from commissioning import guards
from commissioning.models.catalogue import Category, GovernanceRoute, Level, Objective, Place
from commissioning.states import MOVING, CommissionState
from organisation import clock

if TYPE_CHECKING:
    from commissioning.dossier import Dossier


class Commission(Lifecycle):
    """The central record. Title, reference, service area, value and commissioner stand on its case file.

    ``rules_version`` is pinned at start: later versions of the rules never move it. ``version`` counts edits of the
    facts, so that two people who edit at once are both heard. ``grant_amount`` is in pounds, as the funder gives it.
    """

    class Priority(models.IntegerChoices):
        """How much it matters beside other work; the lower number comes first."""

        CORE = 1, "Core"
        HIGH = 2, "High"
        MEDIUM = 3, "Medium"
        LOW = 4, "Low"

    class Impact(models.IntegerChoices):
        """How much people would feel it if this were not done; the lower number comes first."""

        HIGH = 1, "High"
        MEDIUM = 2, "Medium"
        LOW = 3, "Low"

    class ShownTo(models.TextChoices):
        """Who sees the line among the upcoming opportunities."""

        STAFF = "staff", "Staff only"
        PUBLIC = "public", "The public, suppliers among them"

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="commission")
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name="follows"
    )
    state = FSMField(default=CommissionState.DRAFT, choices=CommissionState.choices, protected=True)
    purpose = models.TextField(blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="commissions")
    objectives = models.ManyToManyField(Objective, blank=True, related_name="commissions")
    governance_route = models.ForeignKey(
        GovernanceRoute, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    needed_by = models.DateField(null=True, blank=True)
    is_grant_funded = models.BooleanField(default=False)
    has_digital_part = models.BooleanField(default=False)
    has_special_terms = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, null=True, blank=True)
    priority_reason = models.CharField(max_length=500, blank=True)
    impact = models.PositiveSmallIntegerField(choices=Impact.choices, null=True, blank=True)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_internal_use = models.BooleanField(default=False)
    is_reactive = models.BooleanField(default=False)
    statutory_duty = models.CharField(max_length=300, blank=True)
    serves_vulnerable = models.BooleanField(default=False)
    places = models.ManyToManyField(Place, blank=True, related_name="+")
    grant_funder = models.CharField(max_length=150, blank=True)
    grant_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    grant_spend_by = models.DateField(null=True, blank=True)
    shown_to = models.CharField(max_length=10, choices=ShownTo.choices, default=ShownTo.STAFF)
    resources = models.TextField(blank=True)
    band_key = models.SlugField(max_length=60, blank=True)
    rules_version = models.ForeignKey(RulesVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    facts_changed_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    stage_since = models.DateTimeField(null=True, blank=True)
    held_from = models.CharField(max_length=20, blank=True)
    resume_needs = models.CharField(max_length=500, blank=True)
    no_lessons_reason = models.CharField(max_length=500, blank=True)
    last_shift = models.JSONField(default=dict, blank=True)
    #: The service areas whose teams work on it too (``MemberTeam`` rows), kept here for the permission function.
    member_areas = models.JSONField(default=list, blank=True)
    #: What partners pay of the value, and what of it is managed for other bodies, in pounds excluding VAT: the sums of
    #: the ``Partner`` rows, kept here so that every total can leave them out of the council's own.
    partners_ex_vat = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    managed_ex_vat = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    objects = CaseRecordQuerySet.as_manager()

    #: Read with the row by the door, because the effects need them.
    door_reads = ("case_file__organisation__framework", "case_file__holder", "rules_version")

    class Meta:
        indexes = [
            models.Index(fields=["category", "state"], name="commission_by_category"),
            models.Index(fields=["priority", "id"], name="commission_by_priority"),
            models.Index(fields=["shown_to", "needed_by"], name="commission_shown_to"),
        ]
        constraints = [
            models.CheckConstraint(
                # A draft may be held or stopped before any rules were fixed for it.
                condition=models.Q(state__in=["draft", "on_hold", "stopped"], started_at__isnull=True)
                | models.Q(rules_version__isnull=False),
                name="started_commission_has_rules",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_file)

    def get_absolute_url(self) -> str:
        """The commission's own page."""
        return reverse("commissioning:commission", args=[self.pk])

    @property
    def has_started(self) -> bool:
        """Whether its rules were fixed and its plan laid out; a draft on hold has not."""
        return self.started_at is not None

    @property
    def may_buy(self) -> bool:
        """Whether work at its level can lead to a purchase; so while no level is stated."""
        return self.level is None or self.level.buys

    @property
    def rules_number(self) -> int | None:
        """The number of the pinned rules, for the audit trail."""
        return self.rules_version.number if self.rules_version else None

    @verb(
        state,
        source=CommissionState.DRAFT,
        target=CommissionState.ANALYSE,
        label="Start this commission",
        done="started this commission",
        act="commission.run",
        guard=guards.start,
        explains="Today's rules are fixed for this commission. Everyone the rules name is told now.",
    )
    def start(self, *, dossier: Dossier, **_: Any) -> None:
        """Begin the cycle under today's rules."""
        self.rules_version = dossier.rules_version
        self._enter_stage()
        self.started_at = self.stage_since

    @verb(
        state,
        source=CommissionState.ANALYSE,
        target=CommissionState.PLAN,
        label="Move to Plan",
        done="moved this commission to Plan",
        act="commission.run",
        guard=guards.to_plan,
    )
    def to_plan(self, **_: Any) -> None:
        """Analyse is settled."""
        self._enter_stage()

    @verb(
        state,
        source=CommissionState.PLAN,
        target=CommissionState.SECURE,
        label="Move to Secure Services",
        done="moved this commission to Secure Services",
        act="commission.run",
        guard=guards.to_secure,
    )
    def to_secure(self, **_: Any) -> None:
        """Plan is settled."""
        self._enter_stage()

    @verb(
        state,
        source=CommissionState.SECURE,
        target=CommissionState.REVIEW,
        label="Move to Review",
        done="moved this commission to Review",
        act="commission.hand_to_review",
        guard=guards.to_review,
    )
    def to_review(self, **_: Any) -> None:
        """The service is secured and running."""
        self._enter_stage()

    @verb(
        state,
        source=CommissionState.REVIEW,
        target=CommissionState.CLOSED,
        label="Close this commission",
        done="closed this commission",
        act="commission.close",
        guard=guards.close,
        explains="The commission becomes read-only. Its lessons stay open to everyone.",
    )
    def close(self, **_: Any) -> None:
        """Everything is reviewed and written down."""
        self._enter_stage()

    @verb(
        state,
        source=CommissionState.PLAN,
        target=CommissionState.CLOSED,
        label="Close with no change",
        done="closed this commission with no change to the service",
        act="commission.run",
        guard=guards.close_no_change,
        explains="Nothing will be bought or changed. The decision and its reasons stay on the record.",
    )
    def close_no_change(self, **_: Any) -> None:
        """The best option is to change nothing."""
        self._enter_stage()

    @verb(
        state,
        source=CommissionState.PLAN,
        target=CommissionState.ANALYSE,
        label="Return to Analyse",
        done="returned this commission to Analyse",
        act="commission.send_back",
        asks_reason=True,
    )
    def return_to_analyse(self, **_: Any) -> None:
        """The need has to be looked at again."""
        self._enter_stage()

    @verb(
        state,
        source=CommissionState.SECURE,
        target=CommissionState.PLAN,
        label="Return to Plan",
        done="returned this commission to Plan",
        act="commission.send_back",
        guard=guards.return_to_plan,
        asks_reason=True,
    )
    def return_to_plan(self, **_: Any) -> None:
        """The way to meet the need has to be looked at again."""
        self._enter_stage()

    @verb(
        state,
        source=list(MOVING),
        target=CommissionState.ON_HOLD,
        label="Put on hold",
        done="put this commission on hold",
        act="commission.hold",
        guard=guards.hold,
        asks_reason=True,
    )
    def hold(self, *, resume_needs: str = "", **_: Any) -> None:
        """Pause, remembering where from and what has to be done to go on."""
        self.held_from = self.state
        self.resume_needs = resume_needs

    @verb(
        state,
        source=CommissionState.ON_HOLD,
        target=RETURN_VALUE(*[state.value for state in MOVING]),
        label="Resume",
        done="resumed this commission",
        act="commission.hold",
        asks_reason=True,
    )
    def resume(self, **_: Any) -> str:
        """Go on from where it was held."""
        back, self.held_from, self.resume_needs = self.held_from, "", ""
        return back

    @verb(
        state,
        source=[*MOVING, CommissionState.ON_HOLD],
        target=CommissionState.STOPPED,
        label="Stop this commission",
        done="stopped this commission",
        act="commission.stop",
        asks_reason=True,
        is_dangerous=True,
        explains="It cannot be started again. Open requests are withdrawn and everyone who holds one is told.",
    )
    def stop(self, **_: Any) -> None:
        """End before a contract is signed."""
        self._enter_stage()

    def _enter_stage(self) -> None:
        self.stage_since = clock.now()


class LikelyDuplicate(models.Model):
    """Another record that may be the same need, and how that was settled."""

    class Finding(models.TextChoices):
        """What the commissioner says."""

        LINKED = "linked", "Linked: they belong together"
        NOT_DUPLICATE = "not_duplicate", "Not a duplicate"

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="likely_duplicates")
    other = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=200)
    finding = models.CharField(max_length=20, choices=Finding.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commission", "other"], name="one_finding_per_likely_duplicate"),
        ]

    def __str__(self) -> str:
        return f"{self.commission} and {self.other}"
