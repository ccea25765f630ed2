"""Who was asked for a price, and what they said."""

from __future__ import annotations

from django.db import models

from organisation import clock
from organisation.models import Person, Supplier
from procurement.models.exercise import Exercise


class SupplierAsked(models.Model):
    """One supplier that was asked, when and how."""

    class How(models.TextChoices):
        """The way the supplier was asked."""

        EMAIL = "email", "By email"
        PHONE = "phone", "By phone"
        IN_PERSON = "in_person", "In person"
        PORTAL = "portal", "Through a buying portal"
        PRICE_LIST = "price_list", "From a published price list"

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="asked")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    how = models.CharField(max_length=20, choices=How.choices)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exercise", "supplier"], name="supplier_asked_once_per_exercise"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}, asked {self.get_how_display().lower()}"


class Quote(models.Model):
    """What one supplier answered: a price over the whole term with options, or that they will not quote.

    Both amounts are stored; neither is worked out from the other. A corrected price is a new row; the one it replaces
    stays, with the time it was replaced.
    """

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="quotes")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+")
    declined = models.BooleanField(default=False)
    amount_ex_vat = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    amount_inc_vat = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    received_on = models.DateField()
    note = models.CharField(max_length=1000, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exercise", "supplier"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_standing_quote_per_supplier",
            ),
            models.CheckConstraint(
                condition=models.Q(declined=True, amount_ex_vat__isnull=True, amount_inc_vat__isnull=True)
                | models.Q(
                    declined=False,
                    # Said outright: a check on nothing at all would pass.
                    amount_ex_vat__isnull=False,
                    amount_inc_vat__isnull=False,
                    amount_ex_vat__gte=0,
                    amount_inc_vat__gte=models.F("amount_ex_vat"),
                ),
                name="quote_is_a_price_or_declined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}, {'declined' if self.declined else 'quoted'}"

    @property
    def stands(self) -> bool:
        """Whether no later answer of the same supplier replaced this one."""
        return self.replaced_at is None
