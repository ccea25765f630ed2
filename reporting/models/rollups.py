"""What the dashboard adds up. Facts are what each record counts for; roll-ups are their sums.

Nothing here is written by the acts themselves. Every act already appends to the audit trail of its organisation in its
own transaction, without gaps and in the order of commitment, so the trail is the list of what has changed: folding
counts anew whatever the trail names since the last fold, and a page does the same for what is not folded yet.
"""

from __future__ import annotations

from django.db import models

from organisation.models import Organisation, ServiceArea


class _Place(models.Model):
    """By what figures are told apart: whose, in which area and category, of which month."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, related_name="+")
    category = models.SlugField(max_length=60, blank=True)
    cube = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    month = models.DateField(null=True)

    class Meta:
        abstract = True


class Fact(_Place):
    """One thing that one record counts for, as it was last folded. ``amount`` is pounds excluding VAT.

    ``record_id`` is a case file's or a work item's, as the cube says; ``root_case_id`` the commission's file, or the
    record's own. ``until`` is the day from which the fact is out of date though nothing happened: an item falls late.
    """

    root_case_id = models.BigIntegerField()
    record_id = models.BigIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    until = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["root_case_id"], name="facts_of_root"),
            models.Index(fields=["organisation", "until"], condition=models.Q(until__isnull=False), name="facts_until"),
        ]

    def __str__(self) -> str:
        return f"{self.cube} {self.key}: {self.record_id}"


class RollUp(_Place):
    """The sum of the facts that agree in everything by which they are told apart. Written by folding alone."""

    count = models.IntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        indexes = [models.Index(fields=["organisation", "cube", "key"], name="rollups_of_organisation")]

    def __str__(self) -> str:
        return f"{self.cube} {self.key}: {self.count}"


class Fold(models.Model):
    """How far the trail of an organisation has been folded. Its row is locked while folding, so one does it at once."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField(default=0)
    folded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.organisation}: up to {self.number}"
