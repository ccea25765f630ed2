"""The dated rules of a commissioning framework: figures, bands and routing rules, in numbered versions."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models

from organisation.models import CommissioningFramework, Person


class RulesVersion(models.Model):
    """One state of a framework's rules, from a date.

    A published version is never edited: a change makes the next one. Cases pin the version they started under, so an
    edit never moves live work, not even on the day it is made.
    """

    framework = models.ForeignKey(CommissioningFramework, on_delete=models.PROTECT, related_name="rules_versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    vat_is_excluded = models.BooleanField(default=True, verbose_name="local rules test the value excluding VAT")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=300, blank=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="one_rules_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"Rules version {self.number}"


class VersionedRowQuerySet(models.QuerySet["VersionedRow"]):
    """Reading the rows of one version."""

    def in_version(self, version: RulesVersion) -> Self:
        """The rows that make up ``version``."""
        return self.filter(
            models.Q(until__isnull=True) | models.Q(until__number__gt=version.number),
            framework_id=version.framework_id,
            since__number__lte=version.number,
        )


class VersionedRow(models.Model):
    """A row with a stable key that stands from one version until another replaces it."""

    framework = models.ForeignKey(CommissioningFramework, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=150)
    order = models.PositiveSmallIntegerField(default=0)
    since = models.ForeignKey(RulesVersion, on_delete=models.PROTECT, related_name="+")
    until = models.ForeignKey(RulesVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=300, blank=True)

    objects = VersionedRowQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Unit(models.TextChoices):
    """What the amount of a figure counts."""

    POUNDS = "pounds", "pounds"
    CALENDAR_DAYS = "calendar_days", "calendar days"
    WORKING_DAYS = "working_days", "working days"
    MONTHS = "months", "months"
    PERCENT = "percent", "per cent"


class Threshold(VersionedRow):
    """A figure the rules name by its key: a money threshold, a number of days, a share."""

    amount = models.DecimalField(max_digits=14, decimal_places=2)
    unit = models.CharField(max_length=20, choices=Unit.choices, default=Unit.POUNDS)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "key"], condition=models.Q(until__isnull=True), name="one_standing_threshold"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="threshold_not_negative"),
        ]


class Need(models.TextChoices):
    """How firmly a gate or request is asked for, weakest first."""

    NOT_REQUIRED = "not_required", "Not required"
    OPTIONAL = "optional", "Optional"
    EXPECTED = "expected", "Expected"
    REQUIRED = "required", "Required"


class ValueRange(models.Model):
    """A range of values between two named figures; an empty key leaves that side open."""

    from_key = models.SlugField(max_length=60, blank=True)
    from_inclusive = models.BooleanField(default=False)
    to_key = models.SlugField(max_length=60, blank=True)
    to_inclusive = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Band(VersionedRow, ValueRange):
    """A tier of proportion: who buys and what is asked. An overlay applies on top, to high risk at any value."""

    is_overlay = models.BooleanField(default=False)
    who_buys = models.CharField(max_length=300)
    request = models.CharField(max_length=20, choices=Need.choices, verbose_name="procurement request")
    gate_1 = models.CharField(max_length=20, choices=Need.choices)
    gate_3 = models.CharField(max_length=20, choices=Need.choices)
    gate_4 = models.CharField(max_length=20, choices=Need.choices)
    summary = models.TextField(blank=True)
    legal = models.CharField(max_length=300, blank=True)
    authority = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "key"], condition=models.Q(until__isnull=True), name="one_standing_band"
            ),
        ]


class RiskTest(models.TextChoices):
    """What high risk does to a routing rule."""

    ANY = "any", "Makes no difference"
    NEEDED = "needed", "Must be high risk"
    ENOUGH = "enough", "High risk is enough by itself"
    EXCLUDED = "excluded", "Must not be high risk"


class RoutingRule(VersionedRow, ValueRange):
    """When this happens, and if the case is so, ask that queue for this, within that time."""

    trigger = models.SlugField(max_length=40)
    risk = models.CharField(max_length=10, choices=RiskTest.choices, default=RiskTest.ANY)
    needed_flag = models.SlugField(max_length=60, blank=True)
    enough_flags = models.JSONField(default=list, blank=True)
    queue_key = models.SlugField(max_length=40)
    item_kind = models.SlugField(max_length=40)
    asks = models.CharField(max_length=20)
    title = models.CharField(max_length=150)
    within_key = models.SlugField(max_length=60, blank=True)
    question_effect = models.CharField(
        max_length=10,
        choices=[
            ("none", "A question changes nothing"),
            ("pause", "A question pauses the clock"),
            ("restart", "A reply starts a new clock"),
        ],
        default="none",
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "key"], condition=models.Q(until__isnull=True), name="one_standing_routing_rule"
            ),
        ]
