"""What a commission takes: money by year, people's time, and how much time one person or team may promise."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commissioning.financial_years import year_words
from commissioning.models.sheet_row import SheetRow
from organisation.formatting import money
from organisation.models import CommissioningFramework, Person


class BudgetLine(SheetRow):
    """Money that is there: one budget code and funding stream in one financial year, in pounds excluding VAT."""

    code = models.CharField(max_length=60)
    source = models.CharField(max_length=150)
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_line_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code}, {year_words(self.year)}, {money(self.amount)}"


class WorkTime(SheetRow):
    """Working days that a team, or one person in it, gives to the commission in one month (its first day)."""

    team = models.CharField(max_length=150)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField()
    days = models.DecimalField(max_digits=5, decimal_places=1)
    work = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gt=0), name="work_time_more_than_nothing"),
        ]
        indexes = [
            models.Index(fields=["month", "person"], name="work_time_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person.name if self.person else self.team}, {self.month:%B %Y}"


class LoadLimit(models.Model):
    """How many days a month one person, or one team, may promise to open commissions before a page warns.

    The row with the latest date that has come counts. A new figure is a new row.
    """

    class Whose(models.TextChoices):
        """Whom it limits."""

        PERSON = "person", "One person"
        TEAM = "team", "One team"

    framework = models.ForeignKey(CommissioningFramework, on_delete=models.PROTECT, related_name="+")
    whose = models.CharField(max_length=10, choices=Whose.choices)
    days = models.DecimalField("days a month", max_digits=5, decimal_places=1)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "whose", "valid_from"], name="one_load_limit_a_day"),
            models.CheckConstraint(condition=Q(days__gt=0), name="load_limit_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.get_whose_display()}: {self.days} days a month"
