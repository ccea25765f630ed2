"""Who was asked about a commission, when and how, what the council told them, what it heard and what changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from commissioning.models.commission import Commission
from commissioning.models.sheet_row import SheetRow, SheetRowQuerySet
from commissioning.states import CommissionState
from organisation import clock
from organisation.models import Person


class EngagementQuerySet(SheetRowQuerySet):
    """Questions that are asked of the log."""

    def held(self) -> EngagementQuerySet:
        """What took place."""
        return self.filter(removed_at__isnull=True, standing_is=Engagement.Standing.HELD)

    def with_market(self) -> EngagementQuerySet:
        """Talks with possible bidders (Procurement Act 2023, s.16)."""
        return self.filter(Engagement.OF_MARKET, removed_at__isnull=True)

    def without_notice(self) -> EngagementQuerySet:
        """Talks with the market that were held, and that no notice came before: the tender has to say why."""
        before = Q(notice_on__isnull=False, notice_on__lt=F("takes_place_on"))
        return self.with_market().filter(~before, standing_is=Engagement.Standing.HELD)


class Engagement(SheetRow):
    """One entry of the engagement log.

    Talks with possible bidders count as held only after a notice of an earlier day, or with the reason why there was
    none (Procurement Act 2023, s.17): the tender publishes that reason. ``took_part`` counts people or bodies;
    ``direct_contact_reason`` explains a talk that was not structured while bidders could only be met that way.
    """

    class Stage(models.TextChoices):
        """The part of the cycle it belongs to."""

        ANALYSE = CommissionState.ANALYSE.value, "Analyse"
        PLAN = CommissionState.PLAN.value, "Plan"
        SECURE = CommissionState.SECURE.value, "Secure Services"
        REVIEW = CommissionState.REVIEW.value, "Review"

    class Group(models.TextChoices):
        """Who was asked."""

        USERS = "users", "Users and residents"
        INTERNAL = "internal", "Internal users"
        VOLUNTARY = "voluntary", "Voluntary and community sector"
        SUPPLIERS = "suppliers", "Suppliers"
        CCPS = "ccps", "CCPS"
        FINANCE = "finance", "Finance"
        LEGAL = "legal", "Legal"
        PARTNERS = "partners", "Partners"
        STAFF = "staff", "Staff"

    class Kind(models.TextChoices):
        """What took place."""

        SUPPLIER_EVENT = "supplier_event", "Supplier event"
        RESIDENT_SURVEY = "resident_survey", "Resident survey"
        NEEDS_CONSULTATION = "needs_consultation", "Consultation for the needs assessment"
        VOLUNTARY_WORKSHOP = "voluntary_workshop", "Workshop with the voluntary sector"
        ONE_TO_ONE = "one_to_one", "One-to-one talk"
        WEBINAR = "webinar", "Webinar"
        SOFT_MARKET_TEST = "soft_market_test", "Soft market test"
        USER_FEEDBACK = "user_feedback", "Users' feedback on the contract as it is now"
        SPECIFICATION_FEEDBACK = "specification_feedback", "Feedback on a draft specification"
        MEETING = "meeting", "Meeting with colleagues or partners"
        OTHER = "other", "Something else"

    class Method(models.TextChoices):
        """How people were reached."""

        IN_PERSON = "in_person", "In person"
        ONLINE = "online", "Online"
        PHONE = "phone", "By phone"
        WRITTEN = "written", "In writing, or with a form"
        MIXED = "mixed", "In several ways"

    class Standing(models.TextChoices):
        """Whether it has taken place."""

        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CALLED_OFF = "called_off", "Called off"

    #: The key of the sheet that these rows are.
    SHEET = "engagement"
    #: Kinds that are talks with the market whoever came.
    MARKET_KINDS = (Kind.SUPPLIER_EVENT, Kind.SOFT_MARKET_TEST)
    OF_MARKET = Q(group=Group.SUPPLIERS) | Q(kind__in=MARKET_KINDS)

    stage = models.CharField(max_length=10, choices=Stage.choices)
    title = models.CharField(max_length=200)
    group = models.CharField(max_length=12, choices=Group.choices)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    takes_place_on = models.DateField()
    standing_is = models.CharField(max_length=10, choices=Standing.choices, default=Standing.PLANNED)
    purpose = models.CharField(max_length=300)
    told = models.TextField(blank=True)
    asked = models.TextField(blank=True)
    heard = models.TextField(blank=True)
    changed = models.TextField(blank=True)
    took_part = models.PositiveIntegerField(null=True, blank=True)
    attendees = models.TextField(blank=True)
    interest = models.TextField(blank=True)
    is_structured = models.BooleanField(default=False)
    notice_reference = models.CharField(max_length=100, blank=True)
    notice_on = models.DateField(null=True, blank=True)
    no_notice_reason = models.TextField(blank=True)
    direct_contact_reason = models.TextField(blank=True)

    objects: ClassVar[Any] = EngagementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["commission", "stage"], name="engagement_by_stage"),
            models.Index(fields=["kind", "takes_place_on"], name="engagement_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice_reference="", notice_on__isnull=True)
                | (Q(notice_on__isnull=False) & ~Q(notice_reference="")),
                name="engagement_notice_has_reference_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(standing_is="held")
                | ~(Q(group="suppliers") | Q(kind__in=["supplier_event", "soft_market_test"]))
                | Q(notice_on__isnull=False, notice_on__lt=F("takes_place_on"))
                | ~Q(no_notice_reason=""),
                name="market_engagement_held_after_notice_or_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_market(self) -> bool:
        """Whether it is a talk with possible bidders."""
        return self.group == self.Group.SUPPLIERS or self.kind in self.MARKET_KINDS

    @property
    def is_held(self) -> bool:
        """Whether it took place."""
        return self.standing_is == self.Standing.HELD

    @property
    def is_overdue(self) -> bool:
        """Planned for a day that has passed: somebody has to say whether it took place."""
        return self.standing_is == self.Standing.PLANNED and self.takes_place_on < clock.today()


class StageWithoutEngagement(models.Model):
    """Why nobody is asked at a stage of a commission: its log may then stay empty for that stage."""

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="stages_without_engagement")
    stage = models.CharField(max_length=10, choices=Engagement.Stage.choices)
    reason = models.CharField(max_length=500)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commission", "stage"], name="one_reason_a_stage_without_engagement"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.reason}"
