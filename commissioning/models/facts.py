"""The dated facts that put a commission in a band: its values and its risk answers."""

from __future__ import annotations

from django.db import models

from commissioning.models.catalogue import RiskCriterion
from commissioning.models.commission import Commission
from organisation import clock
from organisation.models import Person


class ValueEstimate(models.Model):
    """One value of a commission, in pounds over the whole term with its options. Rows are added, never changed.

    The value tested is the latest row. Both amounts are stored: neither is worked out from the other.
    """

    class Basis(models.TextChoices):
        """Where the figure comes from."""

        ESTIMATE = "estimate", "Estimate"
        QUOTES = "quotes", "Quotes received"
        AWARD = "award", "Award"

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="values")
    basis = models.CharField(max_length=20, choices=Basis.choices, default=Basis.ESTIMATE)
    amount_ex_vat = models.DecimalField(max_digits=14, decimal_places=2)
    amount_inc_vat = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_ex_vat__gte=0), name="value_not_negative"),
            models.CheckConstraint(
                condition=models.Q(amount_inc_vat__gte=models.F("amount_ex_vat")), name="value_with_vat_not_less"
            ),
        ]
        indexes = [models.Index(fields=["commission", "-id"], name="latest_value")]

    def __str__(self) -> str:
        return f"{self.get_basis_display()} for {self.commission}"


class RiskAnswer(models.Model):
    """Whether one high-risk criterion applies, and why. One row a criterion; earlier answers are in the audit trail.

    ``name`` and ``question`` are the criterion's words when it was answered: rewording it later does not put other
    words into the mouth of whoever answered.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="risk_answers")
    criterion = models.ForeignKey(RiskCriterion, on_delete=models.PROTECT, related_name="answers")
    name = models.CharField(max_length=150, blank=True)
    question = models.CharField(max_length=300, blank=True)
    applies = models.BooleanField()
    explanation = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(default=clock.now)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commission", "criterion"], name="one_answer_per_criterion"),
            models.CheckConstraint(
                condition=models.Q(applies=False) | ~models.Q(explanation=""), name="ticked_criterion_is_explained"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {'applies' if self.applies else 'does not apply'}"
