"""What Analyse compares with: how much time people may promise, and facts about the council's places."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin

from commissioning.models import AreaFact, LoadLimit
from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfFramework, OfOrganisation


@admin.register(LoadLimit)
class LoadLimitAdmin(AuditedAdmin):
    """How many days a month one person or team may promise. A new figure is a new row with its date."""

    scope = OfFramework()
    fields = ("framework", "whose", "days", "valid_from")
    fixed_once_made = ("framework", "whose", "days", "valid_from")
    list_display = ("whose", "days", "valid_from", "framework")
    list_select_related: ClassVar[Any] = ("framework",)
    list_filter: ClassVar[Any] = ("framework", "whose")
    ordering: ClassVar[Any] = ("framework", "whose", "-valid_from")


@admin.register(AreaFact)
class AreaFactAdmin(AuditedAdmin):
    """Facts shown beside the needs of every commission. A newer figure is a new row; end the old one."""

    scope = OfOrganisation()
    fields = ("organisation", "topic", "place", "fact", "figure", "source", "as_of", "ended_on")
    fixed_once_made = ("organisation", "figure", "as_of")
    list_display = ("fact", "place", "figure", "topic", "as_of", "ended_on", "organisation")
    list_select_related: ClassVar[Any] = ("organisation",)
    list_filter: ClassVar[Any] = ("organisation", "topic")
    search_fields: ClassVar[Any] = ("fact", "place", "source")
    ordering: ClassVar[Any] = ("organisation", "topic", "place", "pk")
