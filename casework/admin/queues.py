"""The page for queues: who works them."""

from __future__ import annotations

from django.contrib import admin

from casework.models import Queue
from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfFramework


@admin.register(Queue)
class QueueAdmin(AuditedAdmin):
    """Queues of a framework. A queue that work was sent to is never deleted."""

    scope = OfFramework()
    fields = ("framework", "key", "name", "role", "function", "manager_role", "summary", "order")
    fixed_once_made = ("framework", "key")
    list_display = ("name", "framework", "role", "function", "manager_role")
    list_select_related = ("framework",)
    list_filter = ("framework",)
    ordering = ("framework", "order", "pk")
