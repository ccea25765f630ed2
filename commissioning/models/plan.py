"""What Plan works out: gaps, in-house or external, skills, actions in the market, the design of the service."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commissioning.models.analysis import Need
from commissioning.models.engagement import Engagement
from commissioning.models.sheet_row import SheetRow
from organisation.models import Person


class Gap(SheetRow):
    """What there is against what is wanted. ``need`` is the unmet need it was taken over from."""

    class Area(models.TextChoices):
        """Where the gap is."""

        SERVICES = "services", "Services"
        RESOURCES = "resources", "Resources"
        OUTCOMES = "outcomes", "Outcomes"

    area = models.CharField(max_length=10, choices=Area.choices)
    now = models.CharField(max_length=300)
    wanted = models.CharField(max_length=300)
    gap = models.CharField(max_length=300)
    action = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, null=True, blank=True, related_name="gaps")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need"], condition=Q(removed_at__isnull=True, need__isnull=False), name="one_gap_a_need"
            ),
        ]

    def __str__(self) -> str:
        return self.gap


class MakeOrBuyScore(SheetRow):
    """How well the council itself, and others, would do on one factor: 0 (not at all) to 5 (fully)."""

    class Factor(models.TextChoices):
        """What the two are scored on (framework 5.2)."""

        COST = "cost", "Whole-life cost"
        EXPERTISE = "expertise", "Expertise"
        CAPACITY = "capacity", "Capacity"
        QUALITY = "quality", "Quality"
        RISK = "risk", "Risk, with coming changes in law"
        VALUE = "value", "Value for money"

    factor = models.CharField(max_length=10, choices=Factor.choices)
    in_house = models.PositiveSmallIntegerField()
    external = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    coming_law = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "factor"], condition=Q(removed_at__isnull=True), name="factor_scored_once"
            ),
            models.CheckConstraint(condition=Q(in_house__lte=5, external__lte=5), name="make_or_buy_score_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.get_factor_display())


class MakeOrBuyFinding(SheetRow):
    """What the study recommends. Whoever buys says how prices are to be asked for."""

    class Way(models.TextChoices):
        """Who should do it."""

        MAKE = "make", "Do it in-house"
        BUY = "buy", "Buy it"
        BOTH = "both", "Do part in-house and buy part"

    way = models.CharField(max_length=5, choices=Way.choices)
    reasons = models.TextField()
    pricing = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"], condition=Q(removed_at__isnull=True), name="one_make_or_buy_finding"
            ),
            models.CheckConstraint(condition=Q(way="make") | ~Q(pricing=""), name="buying_says_how_it_is_priced"),
        ]

    def __str__(self) -> str:
        return str(self.get_way_display())


class SkillGap(SheetRow):
    """A skill that is missing, inside the council or outside, and what is done about it."""

    class Whose(models.TextChoices):
        """Where it is missing."""

        INTERNAL = "internal", "In the council"
        EXTERNAL = "external", "Outside: providers and partners"

    skill = models.CharField(max_length=200)
    whose = models.CharField(max_length=10, choices=Whose.choices)
    missing = models.CharField(max_length=300)
    action = models.CharField(max_length=300)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.skill


class MarketAction(SheetRow):
    """Something done to bring about a varied, able and competitive set of providers, in one area."""

    action = models.CharField(max_length=300)
    providers = models.CharField(max_length=200)
    area = models.CharField(max_length=100)
    is_rural = models.BooleanField(default=False)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    result = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["area", "is_rural"], name="market_action_by_area")]

    def __str__(self) -> str:
        return self.action


class DesignElement(SheetRow):
    """One part of the service's design."""

    class Kind(models.TextChoices):
        """What it is made of."""

        PEOPLE = "people", "People"
        PROCESS = "process", "Process"
        TECHNOLOGY = "technology", "Technology"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    how = models.TextField()
    changes_for = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class DesignFeedback(SheetRow):
    """What future users said of the design, as the engagement log has it; or why nobody was asked."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    said = models.TextField(blank=True)
    changed = models.TextField(blank=True)
    why_none = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(engagement__isnull=False) | ~Q(why_none=""), name="design_feedback_linked_or_explained"
            ),
        ]

    def __str__(self) -> str:
        return self.engagement.title if self.engagement else "No feedback"


class KeyDecision(SheetRow):
    """One of Plan's key decisions, with the day it was taken (framework, Plan)."""

    class About(models.TextChoices):
        """What is decided."""

        OUTCOMES = "outcomes", "Outcomes wanted"
        SERVICE = "service", "Type of service"
        INNOVATION = "innovation", "Room for new ideas"
        MODEL = "model", "Model or framework"
        INDICATORS = "indicators", "Indicators"
        SPECIFICATION = "specification", "Specification"

    about = models.CharField(max_length=15, choices=About.choices)
    decision = models.TextField()
    decided_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "about"], condition=Q(removed_at__isnull=True), name="key_decision_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_about_display())


class VoluntarySkills(SheetRow):
    """Which skills of community groups and charities could contribute; or why none could."""

    skills = models.TextField(blank=True)
    why_none = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"], condition=Q(removed_at__isnull=True), name="one_voluntary_skills_answer"
            ),
            models.CheckConstraint(
                condition=~Q(skills="") | ~Q(why_none=""), name="voluntary_skills_answered_or_explained"
            ),
        ]

    def __str__(self) -> str:
        return "What community groups could contribute"
