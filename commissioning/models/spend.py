"""What was spent and what will be: lines of spend from files, and the forecast by year."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casework.querysets import CaseRecordQuerySet
from commissioning.financial_years import year_words
from commissioning.models.commission import Commission
from commissioning.models.sheet_row import SheetRow
from documents.models import Attachment
from organisation import clock
from organisation.formatting import money
from organisation.models import Person


class SpendFileQuerySet(CaseRecordQuerySet):
    """The scope runs through the commission's case file."""

    case_prefix = "commission__case_file__"


class SpendFile(models.Model):
    """One file of spend that was read: what came in, and what was left out and why.

    ``columns`` says which column of the file was read as what (pairs of words).
    ``digest`` is the SHA-256 of the file, so that the same file is read once a commission. ``left_out`` holds the
    first lines that could not be read, each with its number in the file and the reason; ``left_out_count`` all of them.
    """

    class Kind(models.TextChoices):
        """Where its lines come from."""

        INVOICES = "invoices", "Invoices or payments"
        CONTRACTS = "contracts", "Contracts"

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="spend_files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    digest = models.CharField(max_length=64)
    columns = models.JSONField(default=list, blank=True)
    line_count = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=16, decimal_places=2)
    left_out_count = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=list, blank=True)
    read_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SpendFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "digest"], condition=Q(removed_at__isnull=True), name="spend_file_read_once"
            ),
        ]

    def __str__(self) -> str:
        return self.attachment.filename

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file


class SpendLine(models.Model):
    """One payment or contract in a file: who was paid, when, how much (pounds as the file has them) and what for.

    ``supplier`` is as the file writes it, cleaned; ``supplier_key`` folds the ways of writing one name.
    ``year`` is the financial year of the date.
    """

    file = models.ForeignKey(SpendFile, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    supplier = models.CharField(max_length=200)
    supplier_key = models.CharField(max_length=200)
    paid_on = models.DateField()
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    category = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="spend_line_once_a_file")]
        indexes = [
            models.Index(fields=["file", "supplier_key"], name="spend_by_supplier"),
            models.Index(fields=["file", "year"], name="spend_by_year"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}, {money(self.amount)}"


class ForecastLine(SheetRow):
    """What is expected to be spent in a financial year, in pounds excluding VAT, and what that rests on."""

    year = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    basis = models.CharField(max_length=300)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="forecast_line_not_negative")]

    def __str__(self) -> str:
        return f"{self.what}, {year_words(self.year)}"
