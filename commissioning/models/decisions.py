"""What was decided: authority, how to deliver, what happens at the end, and what was learnt."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from casework.querysets import visible_cases
from commissioning.models.catalogue import DeliveryModel
from commissioning.models.commission import Commission
from organisation import clock
from organisation.models import Person, Supplier


class AuthorityRecord(models.Model):
    """Proof of who may commission, procure or award this: a delegated decision or a cabinet decision (framework 9).

    ``limit_ex_vat`` is in pounds over the whole term; empty means the decision names no limit. ``provider`` is set
    when the decision names one: signing with another is refused.
    """

    class Kind(models.TextChoices):
        """Who decided."""

        DELEGATED = "delegated_decision", "Delegated decision"
        CABINET = "cabinet_decision", "Cabinet decision"

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="authority_records")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    may_commission = models.BooleanField("to commission", default=False)
    may_procure = models.BooleanField("to procure", default=False)
    may_award = models.BooleanField("to award", default=False)
    decided_by = models.CharField("decided by", max_length=200)
    decided_on = models.DateField()
    decision_reference = models.CharField(max_length=80)
    limit_ex_vat = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    provider = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(may_commission=True) | models.Q(may_procure=True) | models.Q(may_award=True),
                name="authority_covers_something",
            ),
            models.CheckConstraint(
                condition=models.Q(limit_ex_vat__isnull=True) | models.Q(limit_ex_vat__gte=0),
                name="authority_limit_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decision_reference}"

    def reaches(self, amount: Decimal | None) -> bool:
        """Whether the limit, if any, is not passed by ``amount``."""
        return self.limit_ex_vat is None or amount is None or amount <= self.limit_ex_vat

    @property
    def case_file(self) -> object:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file


class DeliveryDecision(models.Model):
    """How the need will be met. The latest row stands; "no change" also needs the service leader's word."""

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="delivery_decisions")
    model = models.ForeignKey(DeliveryModel, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"],
                condition=models.Q(superseded_at__isnull=True),
                name="one_standing_delivery_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model}, {self.commission}"

    @property
    def case_file(self) -> object:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file


class EndDecision(models.Model):
    """What happens when the term ends (framework 13, 16)."""

    class Choice(models.TextChoices):
        """What comes next."""

        EXTEND = "extend", "Extend"
        RECOMMISSION = "recommission", "Recommission"
        DECOMMISSION = "decommission", "Decommission"
        END = "end", "Let it end"

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="end_decisions")
    choice = models.CharField(max_length=20, choices=Choice.choices)
    reasons = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission"],
                condition=models.Q(superseded_at__isnull=True),
                name="one_standing_end_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_choice_display()}, {self.commission}"

    @property
    def case_file(self) -> object:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file


class LessonQuerySet(models.QuerySet["Lesson"]):
    """Lessons are open to all staff of the organisation."""

    def visible_to(self, person: Person) -> LessonQuerySet:
        """Only lessons of commissions this person may see."""
        return self.filter(visible_cases(person, prefix="commission__case_file__"))


class Lesson(models.Model):
    """What was learnt, for other teams to find: the context, the insight, and what to do next time."""

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="lessons")
    context = models.TextField()
    insight = models.TextField()
    recommendation = models.TextField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = LessonQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Lesson of {self.commission}"

    @property
    def case_file(self) -> object:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file


class ImpactScreening(models.Model):
    """What a submitted impact screening came to: whether a full assessment is needed, and which answers decided it."""

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="screenings")
    revision_number = models.PositiveIntegerField()
    needs_full = models.BooleanField()
    because = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commission", "revision_number"], name="one_result_per_screening"),
        ]

    def __str__(self) -> str:
        return "Full assessment needed" if self.needs_full else "No full assessment needed"
