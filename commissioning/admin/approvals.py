"""The page for approval routes: who decides on a gate, for which area, from which value."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin

from commissioning.admin.catalogues import CatalogueAdmin
from commissioning.models import ApprovalRoute, RouteStep
from organisation.admin.base import ScopedInline


class RouteStepInline(ScopedInline, admin.TabularInline):
    """The steps of a route, in order. Papers that were submitted keep the steps they were submitted to."""

    model = RouteStep
    fields = ("order", "role", "person", "needed", "asks_authority")
    extra = 1


@admin.register(ApprovalRoute)
class ApprovalRouteAdmin(CatalogueAdmin):
    """Who decides on the gates. A route is ended by a date; the next submission follows the one in force then."""

    own_fields = ("gate", "service_area", "from_value")
    fixed_once_made = (*CatalogueAdmin.fixed_once_made, "gate")
    inlines = (RouteStepInline,)
    list_display = ("name", "gate", "framework", "service_area", "from_value", "valid_from", "valid_to")
    list_select_related: ClassVar[Any] = ("framework", "service_area")
    list_filter = ("framework", "gate")
