"""Pages for the working-day calendars and the figures set by law."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import CommonToAll, OfKeeper
from organisation.models import BankHoliday, StatutoryFigure, WorkingCalendar
from organisation.statutory_figures import forget_figures
from organisation.working_days import forget_holidays


@admin.register(WorkingCalendar)
class WorkingCalendarAdmin(AuditedAdmin):
    """The calendars working days are counted by."""

    scope = OfKeeper()
    fields = ("key", "name", "includes", "kept_by")
    fixed_once_made = ("key", "includes")
    list_display = ("name", "key", "includes", "kept_by")
    list_select_related = ("includes", "kept_by")


@admin.register(BankHoliday)
class BankHolidayAdmin(AuditedAdmin):
    """Holidays. One that was moved is marked withdrawn, so that past sums can still be understood."""

    scope = OfKeeper("calendar")
    fields = ("calendar", "day", "name", "source", "provisional", "withdrawn")
    fixed_once_made = ("calendar", "day")
    list_display = ("day", "name", "calendar", "provisional", "withdrawn")
    list_select_related = ("calendar",)
    list_filter = ("calendar", "provisional", "withdrawn")
    ordering = ("-day", "pk")

    def after_save(self, request: HttpRequest, obj: Any, before: Any) -> None:
        """Count by the new holidays at once."""
        forget_holidays()


@admin.register(StatutoryFigure)
class StatutoryFigureAdmin(AuditedAdmin):
    """Figures set by law. A new figure is a new row; the old one is ended by its last day."""

    scope = CommonToAll()
    fields = ("key", "amount", "unit", "valid_from", "valid_to", "source", "provisional")
    fixed_once_made = ("key", "amount", "unit", "valid_from")
    list_display = ("key", "amount", "unit", "valid_from", "valid_to", "provisional")
    list_filter = ("unit", "provisional")
    search_fields = ("key", "source")
    ordering = ("key", "-valid_from")

    def after_save(self, request: HttpRequest, obj: Any, before: Any) -> None:
        """Use the new figures at once."""
        forget_figures()
