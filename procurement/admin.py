"""The administration pages of this room."""

from __future__ import annotations

from django.contrib import admin

from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfFramework
from procurement.models import RouteToMarket


@admin.register(RouteToMarket)
class RouteToMarketAdmin(AuditedAdmin):
    """The ways to buy that a framework offers. One that is no longer offered is ended, never deleted."""

    scope = OfFramework()
    fields = (
        "framework",
        "key",
        "name",
        "summary",
        "is_unusual",
        "is_without_competition",
        "weeks",
        "order",
        "valid_from",
        "valid_to",
    )
    fixed_once_made = ("framework", "key")
    list_display = ("name", "is_unusual", "is_without_competition", "weeks", "valid_from", "valid_to", "framework")
    list_select_related = ("framework",)
    list_filter = ("is_unusual", "framework")
    search_fields = ("name", "key")
    ordering = ("framework", "order", "pk")
