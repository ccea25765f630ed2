"""What a commissioning framework offers: stages, risk criteria, activities, questions and lists to choose from."""

from __future__ import annotations

from django.db import models

from casework.models import CatalogueRow
from commissioning.states import STAGES, CommissionState

STAGE_CHOICES = [(stage.value, stage.label) for stage in STAGES]


class Stage(CatalogueRow):
    """A council's word for a stage; ``key`` is the fixed state it stands for."""

    summary = models.TextField(blank=True)

    class Meta(CatalogueRow.Meta):
        pass


class Category(CatalogueRow):
    """A family of spend with its own strategy, or a category in one: ``parent`` is the branch it is in."""

    code = models.CharField(max_length=20, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="in the branch",
        help_text="Choosing the branch in a filter includes it. A tree has three levels at most.",
    )

    class Meta(CatalogueRow.Meta):
        verbose_name_plural = "categories"


class Level(CatalogueRow):
    """A level of commissioning. ``buys`` says whether work at this level leads to a purchase."""

    buys = models.BooleanField(default=False)
    summary = models.CharField(max_length=300, blank=True)

    class Meta(CatalogueRow.Meta):
        pass


class Place(CatalogueRow):
    """An area or a community that a commission may serve."""

    class Setting(models.TextChoices):
        """What kind of place it is."""

        WHOLE = "whole", "The whole area of the council"
        RURAL = "rural", "Rural"
        URBAN = "urban", "Urban"
        COMMUNITY = "community", "A community, wherever its people live"

    setting = models.CharField(max_length=20, choices=Setting.choices)

    class Meta(CatalogueRow.Meta):
        pass


class Objective(CatalogueRow):
    """A strategic objective that a commission serves, grouped by corporate priority."""

    priority = models.CharField(max_length=150, blank=True)

    class Meta(CatalogueRow.Meta):
        pass


class UrgencyGround(CatalogueRow):
    """A ground on which the urgent route may be taken (framework 4.4). Poor planning is none.

    ``ccps_may_follow`` marks an emergency placement: CCPS advises by the next working day, after the start.
    """

    summary = models.CharField(max_length=300, blank=True)
    ccps_may_follow = models.BooleanField("CCPS may advise on the next working day", default=False)

    class Meta(CatalogueRow.Meta):
        pass


class Principle(CatalogueRow):
    """A commissioning principle. None ranks above another (framework 9)."""

    summary = models.CharField(max_length=300, blank=True)

    class Meta(CatalogueRow.Meta):
        pass


class GovernanceRoute(CatalogueRow):
    """Who decides for the council on this commission."""

    summary = models.CharField(max_length=300, blank=True)

    class Meta(CatalogueRow.Meta):
        pass


class DeliveryModel(CatalogueRow):
    """A way to meet the need; ``buys`` says whether it leads to a purchase."""

    buys = models.BooleanField(default=False)
    summary = models.CharField(max_length=300, blank=True)

    class Meta(CatalogueRow.Meta):
        pass


class RiskCriterion(CatalogueRow):
    """One of the high-risk criteria (framework 4.3). Any one makes a commission high risk, at any value.

    ``measure`` names what is asked besides yes or no: what is entered there can tick the criterion by itself.
    """

    class Measure(models.TextChoices):
        """What a criterion measures (``commissioning.risk_ticks``)."""

        OUTAGE = "outage", "The longest outage in days"
        DEPENDENCY = "dependency", "The share of a supplier's business"
        LIKELIHOOD = "likelihood", "How likely it is: low, medium or high"
        CONCERN = "concern", "Open concerns about a supplier"

    question = models.CharField(max_length=300)
    help = models.TextField(blank=True)
    examples = models.JSONField(default=list, blank=True)
    explain_label = models.CharField(max_length=200, blank=True)
    effect = models.CharField(max_length=300, blank=True)
    measure = models.CharField(
        max_length=20, choices=Measure.choices, blank=True, help_text="What is asked besides yes or no, if anything."
    )

    class Meta(CatalogueRow.Meta):
        verbose_name_plural = "risk criteria"


class Activity(CatalogueRow):
    """One of the catalogue's activities (framework 5) and the sets in which it is proposed.

    ``others`` are the functions it may ask, by the keys of their queues; ``raises`` are its yes-or-no questions, each
    with the flag of the rules that a yes sets: ``[{"flag": "digital", "question": "Is part of it digital?"}]``.
    """

    class Kind(models.TextChoices):
        """Whether the service area or CCPS leads it."""

        COMMISSIONING = "commissioning", "Commissioning"
        PROCUREMENT = "procurement", "Procurement"

    class Owner(models.TextChoices):
        """Who does it."""

        SERVICE = "service", "Service area"
        CCPS = "ccps", "CCPS"
        CONTRACT_MANAGER = "contract_manager", "Contract manager"

    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    group = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    owner = models.CharField(max_length=20, choices=Owner.choices)
    others = models.JSONField(default=list, blank=True)
    raises = models.JSONField(default=list, blank=True)
    in_short = models.BooleanField("in the short set", default=False)
    in_standard = models.BooleanField("in the standard set", default=False)
    in_full = models.BooleanField("in the full set", default=True)
    relevant_when = models.CharField(max_length=300, blank=True)
    definition = models.TextField()
    guidance = models.TextField(blank=True)
    output_prompt = models.CharField(max_length=300, blank=True)
    typical_duration = models.CharField(
        max_length=60, blank=True, help_text="How long it usually takes, like 3 to 6 months: a hint."
    )
    short_form = models.CharField(max_length=300, blank=True)

    class Meta(CatalogueRow.Meta):
        verbose_name_plural = "activities"

    @property
    def is_buying(self) -> bool:
        """Whether it is done only where something is bought: the procurement activities of Secure Services."""
        return self.kind == self.Kind.PROCUREMENT and self.stage == CommissionState.SECURE


class KeyQuestion(CatalogueRow):
    """A question every commission answers in a stage (framework 7)."""

    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    hint = models.CharField(max_length=500, blank=True)

    class Meta(CatalogueRow.Meta):
        pass


class GuidancePage(CatalogueRow):
    """A short page about a stage, an activity or a gate."""

    about = models.CharField(max_length=20)
    target = models.SlugField(max_length=60)
    body = models.TextField()

    class Meta(CatalogueRow.Meta):
        pass


class Proportion(models.TextChoices):
    """Which set of activities the catalogue proposes (framework 4.4)."""

    SHORT = "short", "Short set"
    STANDARD = "standard", "Standard set"
    FULL = "full", "Full set"


__all__ = [
    "Activity",
    "Category",
    "CommissionState",
    "DeliveryModel",
    "GovernanceRoute",
    "GuidancePage",
    "KeyQuestion",
    "Level",
    "Objective",
    "Place",
    "Principle",
    "Proportion",
    "RiskCriterion",
    "Stage",
    "UrgencyGround",
]
