"""Pages for organisations, their parts, their way of commissioning and their suppliers."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest

from organisation.admin.base import AuditedAdmin
from organisation.admin.forms import SupplierForm
from organisation.admin.scopes import OfFramework, OfOrganisation
from organisation.models import (
    CommissioningFramework,
    Directorate,
    Organisation,
    ServiceArea,
    Supplier,
    SupplierConcern,
)


@admin.register(CommissioningFramework)
class CommissioningFrameworkAdmin(AuditedAdmin):
    """A council's way of commissioning. New ones are loaded from a file."""

    scope = OfFramework(path="")
    fields = ("key", "name", "description", "kept_by", "constitution_name", "constitution_url")
    # Who keeps a framework that several councils follow is not for one of them to take.
    readonly_fields = ("key", "kept_by")
    list_display = ("name", "key", "kept_by")
    list_select_related = ("kept_by",)
    formfield_overrides: ClassVar[Any] = {URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave new frameworks to the command that loads them whole."""
        return False


@admin.register(Organisation)
class OrganisationAdmin(AuditedAdmin):
    """An organisation's name, colours and framework. New ones are opened by a command, with their administrator."""

    scope = OfOrganisation(path="pk")
    fields = ("key", "name", "framework", "accent_colour", "accent_dark", "accent_tint", "is_active")
    readonly_fields = ("key",)
    list_display = ("name", "key", "framework", "is_active")
    list_select_related = ("framework",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave new organisations to the command, which gives them an administrator."""
        return False


@admin.register(Directorate)
class DirectorateAdmin(AuditedAdmin):
    """The main parts of an organisation."""

    scope = OfOrganisation()
    fields = ("organisation", "name")
    fixed_once_made = ("organisation",)
    list_display = ("name", "organisation")
    list_select_related = ("organisation",)
    search_fields = ("name",)


@admin.register(ServiceArea)
class ServiceAreaAdmin(AuditedAdmin):
    """The parts of directorates that commissions belong to."""

    scope = OfOrganisation()
    fields = ("organisation", "directorate", "name", "cost_centre")
    fixed_once_made = ("organisation",)
    list_display = ("name", "directorate", "organisation", "cost_centre")
    list_select_related = ("directorate", "organisation")
    search_fields = ("name", "cost_centre")


@admin.register(Supplier)
class SupplierAdmin(AuditedAdmin):
    """The suppliers an organisation knows."""

    scope = OfOrganisation()
    form = SupplierForm
    fields = (
        "organisation", "name", "company_number", "charity_number", "postcode", "is_sme", "is_vcse", "on_watch",
    )  # fmt: skip
    fixed_once_made = ("organisation",)
    list_display = ("name", "company_number", "postcode", "is_sme", "is_vcse", "on_watch")
    list_filter = ("on_watch", "is_sme", "is_vcse")
    search_fields = ("name", "match_name", "company_number", "charity_number")


@admin.register(SupplierConcern)
class SupplierConcernAdmin(AuditedAdmin):
    """Worries about suppliers. An open one ticks the risk criterion of commissions that name the supplier."""

    scope = OfOrganisation("supplier__organisation")
    fields = ("supplier", "kind", "words", "raised_on", "raised_by", "closed_on", "closed_because")
    fixed_once_made = ("supplier", "kind", "words", "raised_on", "raised_by")
    list_display = ("supplier", "kind", "words", "raised_on", "closed_on")
    list_select_related = ("supplier",)
    list_filter = ("kind",)
    search_fields = ("supplier__name", "words")
