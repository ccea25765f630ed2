"""The calendars that working days are counted by."""

from django.db import models

from organisation.querysets import BankHolidayQuerySet


class WorkingCalendar(models.Model):
    """A set of holidays. One calendar may include another: the United Kingdom's holds England's and more."""

    key = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    includes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="included_by",
        related_query_name="included_by",
    )
    kept_by = models.ForeignKey(
        "organisation.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calendars_kept",
        help_text="Only administrators of this organisation may change the calendar. "
        "Leave empty to let every administrator change it.",
    )

    def __str__(self) -> str:
        return self.name


class BankHoliday(models.Model):
    """One day on which nobody counts a working day. A day moved by proclamation is withdrawn, not deleted."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.PROTECT, related_name="bank_holidays")
    day = models.DateField()
    name = models.CharField(max_length=100)
    source = models.CharField(max_length=300)
    provisional = models.BooleanField(default=False, help_text="Expected, but not yet announced.")
    withdrawn = models.BooleanField(default=False, help_text="Announced or expected once, but not a holiday after all.")

    objects = BankHolidayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"],
                name="organisation_holiday_once_a_day",
                violation_error_message="This day is already in the calendar",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%-d %B %Y}"

    @property
    def belongs_with(self) -> WorkingCalendar | None:
        """The row whose administrators decide about this one."""
        return self.calendar if self.calendar_id else None
