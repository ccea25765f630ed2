"""The one file that every moving record has."""

from __future__ import annotations

from django.db import models

from casework.querysets import CaseFileQuerySet
from organisation.models import Organisation, Person, ServiceArea


class CaseFile(models.Model):
    """What lists, queues, papers, walls and search need to know of a commission, exercise, contract and so on.

    ``kind`` is the record's own word ("commission"), ``root`` the commission's file for everything below one.
    Values are pounds over the whole term; ``value_inc_vat`` is stored, never derived. The record's own services
    keep this row right in the transaction that changes the record.
    """

    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="below")
    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    value_ex_vat = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    value_inc_vat = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=30)
    is_open = models.BooleanField(default=True)
    is_high_risk = models.BooleanField(default=False)
    path = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="one_reference_per_organisation"),
            models.CheckConstraint(
                condition=models.Q(value_ex_vat__gte=0) | models.Q(value_ex_vat__isnull=True),
                name="case_value_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "kind", "-changed_at", "-id"], name="case_list"),
            models.Index(fields=["organisation", "kind", "state", "-changed_at", "-id"], name="case_list_by_state"),
            models.Index(fields=["holder", "kind", "is_open"], name="case_by_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        """The record's own page; its service wrote the path when it opened the file."""
        return self.path


class ReferenceCounter(models.Model):
    """The last number given out for one organisation, prefix and calendar year. Locked while a number is taken."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=5)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "prefix", "year"], name="one_counter_per_prefix_and_year"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"


class Wall(models.Model):
    """Keeps one person away from one case file and everything under it (a declared interest, a provider-side role)."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="walls")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "person"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_standing_wall_per_person_and_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} is kept from {self.case_file}"
