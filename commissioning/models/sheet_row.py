"""What the rows of every sheet have in common."""

from __future__ import annotations

from typing import Any

from django.db import models

from casework.querysets import CaseRecordQuerySet
from commissioning.models.commission import Commission
from organisation import clock
from organisation.models import Person


class SheetRowQuerySet(CaseRecordQuerySet):
    """The scope runs through the commission's case file."""

    case_prefix = "commission__case_file__"

    def standing(self) -> SheetRowQuerySet:
        """Those that were not taken away."""
        return self.filter(removed_at__isnull=True)


class SheetRow(models.Model):
    """One line of a sheet (``commissioning.sheets``): a typed fact of one commission that people enter by hand.

    A row that is taken away stays in the table with ``removed_at``: what relied on it can still be read.
    ``version`` counts its edits, so that two people who change it at once are both heard.
    """

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="%(class)s_rows")
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SheetRowQuerySet.as_manager()

    #: Whoever saves it now, for what follows from that.
    saved_by: Person | None = None

    class Meta:
        abstract = True

    @property
    def case_file(self) -> Any:
        """The file of the commission: permission and audit follow it."""
        return self.commission.case_file
