"""The page for reminder steps: when people are reminded of what, and who."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from casework.deadlines import deadline_kinds, kind_words
from casework.models import ReminderPolicy
from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfFramework


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
