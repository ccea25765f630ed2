"""Who gains and who may lose by a commission, and what is done about it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from commissioning.models.sheet_row import SheetRow, SheetRowQuerySet
from organisation import clock
from organisation.formatting import day
from organisation.models import Person


class ImpactEffectQuerySet(SheetRowQuerySet):
    """Questions that are asked of the effects."""

    def of(self, commission: Any) -> list[ImpactEffect]:
        """The effects of a commission that stand, with their owners, harm first; one statement."""
        rows = self.filter(commission=commission, removed_at__isnull=True).select_related("owner").order_by("pk")
        return sorted(rows, key=lambda row: (not row.is_harm, row.effect == ImpactEffect.Effect.NEUTRAL))

    def harmful(self) -> ImpactEffectQuerySet:
        """Effects that hurt somebody or widen a gap."""
        return self.filter(ImpactEffect.HARMS, removed_at__isnull=True)

    def unsettled(self) -> ImpactEffectQuerySet:
        """Harm with neither an action (owner, date) nor a reason to go on all the same."""
        has_action = ~Q(action="") & Q(owner__isnull=False, due_on__isnull=False)
        return self.harmful().exclude(has_action).filter(justification="")

    def open_actions(self) -> ImpactEffectQuerySet:
        """Actions that somebody still owes."""
        return self.filter(~Q(action=""), owner__isnull=False, due_on__isnull=False, done_on=None, removed_at=None)


class ImpactEffect(SheetRow):
    """One effect on a group, a place, the climate or unfair gaps, with its evidence.

    Harm needs an action, with its owner and date, or the reason why it is right to go on (equality duty: Equality Act
    2010, s.149). ``done_on`` closes the action.
    """

    class Area(models.TextChoices):
        """What part of the assessment it belongs to."""

        AGE = "age", "Age"
        DISABILITY = "disability", "Disability"
        SEX = "sex", "Sex"
        RACE = "race", "Race"
        RELIGION = "religion", "Religion or belief"
        ORIENTATION = "orientation", "Sexual orientation"
        REASSIGNMENT = "reassignment", "Gender reassignment"
        PREGNANCY = "pregnancy", "Pregnancy and maternity"
        MARRIAGE = "marriage", "Marriage and civil partnership"
        INCOME = "income", "Income and work"
        PLACE = "place", "Place"
        LEFT_OUT = "left_out", "People often left out"
        CARBON = "carbon", "Carbon and nature"

    class Effect(models.TextChoices):
        """Whether it is good or bad for them."""

        POSITIVE = "positive", "Good"
        NEUTRAL = "neutral", "No difference"
        NEGATIVE = "negative", "Bad"

    class Gap(models.TextChoices):
        """What it does to inequality."""

        REDUCES = "reduces", "Makes the gap smaller"
        NEUTRAL = "neutral", "Leaves the gap as it is"
        WIDENS = "widens", "Makes the gap wider"

    #: The key of the sheet that these rows are.
    SHEET = "impact_effects"
    HARMS = Q(effect=Effect.NEGATIVE) | Q(gap=Gap.WIDENS)

    area = models.CharField(max_length=12, choices=Area.choices)
    who = models.CharField(max_length=200)
    effect = models.CharField(max_length=10, choices=Effect.choices)
    gap = models.CharField(max_length=10, choices=Gap.choices)
    evidence = models.TextField()
    action = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_how = models.CharField(max_length=500, blank=True)
    justification = models.TextField(blank=True)

    objects: ClassVar[Any] = ImpactEffectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "due_on"], name="impact_action_by_owner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | (~Q(action="") & Q(due_on__isnull=False)),
                name="impact_action_done_was_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_area_display()}: {self.who}"

    @property
    def is_harm(self) -> bool:
        """Whether it hurts somebody or widens a gap."""
        return self.effect == self.Effect.NEGATIVE or self.gap == self.Gap.WIDENS

    @property
    def has_action(self) -> bool:
        """Whether somebody does something about it by a day."""
        return bool(self.action) and self.owner_id is not None and self.due_on is not None

    @property
    def action_words(self) -> str:
        """What is done about it, by whom and when, or why nothing is."""
        if self.has_action:
            owner = self.owner.name if self.owner else ""
            if self.done_on:
                return f"{self.action} Done {day(self.done_on)}, {owner}: {self.done_how}"
            late = ", overdue" if self.due_on and self.due_on < clock.today() else ""
            return f"{self.action} {owner}, by {day(self.due_on)}{late}"
        if self.justification:
            return f"Nothing is done: {self.justification}"
        return "Not said yet" if self.is_harm else ""

    @property
    def is_settled(self) -> bool:
        """Nothing has to be done, or it is planned, or it is said why not."""
        return not self.is_harm or self.has_action or bool(self.justification)
