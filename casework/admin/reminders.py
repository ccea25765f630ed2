"""The pages for reminder steps (when who is reminded of what) and for the reminders that were made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from casework.deadlines import deadline_kinds, kind_words
from casework.models import Reminder, ReminderPolicy
from casework.querysets import visible_cases
from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfFramework, OfOrganisation
from organisation.formatting import moment
from organisation.visitor import person_asking


@admin.register(ReminderPolicy)
class ReminderPolicyAdmin(AuditedAdmin):
    """Steps of a framework. One that is not wanted is taken out of use; reminders that were made name it."""

    scope = OfFramework()
    fields = (
        *("framework", "kind", "step", "name", "is_on"),
        *("counted_from", "offset", "unit", "repeat_every", "repeat_unit"),
        *("to_holder", "to_manager", "to_requester", "to_role"),
        *("topic", "by_mail", "otherwise", "source", "order"),
    )
    fixed_once_made = ("framework", "kind", "step")
    list_display = ("name", "kind_name", "framework", "is_on", "source")
    list_select_related = ("framework",)
    list_filter = ("framework", "is_on")
    search_fields = ("name", "kind")
    ordering = ("framework", "kind", "order", "pk")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Offer the kinds of deadline there are, by their names."""
        if db_field.name == "kind":
            choices = [(kind, known.label) for kind, known in deadline_kinds().items()]
            return forms.ChoiceField(label="Kind of deadline", choices=choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="Kind", ordering="kind")
    def kind_name(self, row: ReminderPolicy) -> str:
        """What people call the kind of deadline."""
        return kind_words(row.kind)


@admin.register(Reminder)
class ReminderAdmin(AuditedAdmin):
    """The log of reminders: who was told of what, when, and whether the email has left. Nothing here is changed."""

    scope = OfOrganisation("deadline__organisation")
    list_display = ("made_on", "person", "about", "policy", "due_on", "why", "mail")
    list_display_links = None
    list_select_related = ("person", "policy", "deadline__case_file", "message__digest")
    list_filter = ("made_on", "why")
    ordering = ("-made_on", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Keep from walled cases, here as everywhere."""
        return super().get_queryset(request).filter(visible_cases(person_asking(request), "deadline__case_file__"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the sweep adds reminders."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one."""
        return False

    @admin.display(description="About")
    def about(self, row: Reminder) -> str:
        """The case and what falls due."""
        return f"{row.deadline.case_file.reference}: {row.deadline.title}"

    @admin.display(description="Email")
    def mail(self, row: Reminder) -> str:
        """What became of the email."""
        message = getattr(row, "message", None)
        if message is None:
            return "Not written"
        carrier = message.digest or message
        if carrier.sent_at is not None:
            return f"Sent {moment(carrier.sent_at)}"
        return carrier.last_error or message.get_handling_display()
