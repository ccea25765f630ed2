"""Pages for people and the roles they hold."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from organisation.admin.base import AuditedAdmin
from organisation.admin.forms import MembershipForm, PersonForm
from organisation.admin.scopes import OfOrganisation, OfPeople
from organisation.models import Membership, Person
from organisation.roles import Role
from organisation.services.people import account_changed
from organisation.standing import standing_of


@admin.register(Person)
class PersonAdmin(AuditedAdmin):
    """People's accounts. Passwords are neither shown nor set here: people set their own by email."""

    scope = OfPeople()
    form = PersonForm
    asks_password = True
    fields = ("name", "email", "job_title", "team", "organisation", "is_active")
    list_display = ("name", "email", "team", "organisation", "is_active")
    list_select_related = ("organisation",)
    list_filter = ("is_active",)
    search_fields = ("name", "email", "team")
    ordering = ("name", "pk")

    def choices_for(self, request: HttpRequest) -> QuerySet[Person]:
        """Offer active people who are employed by, or hold a role today in, an organisation one administers."""
        organisations = standing_of(request.user).organisations_as(Role.ADMINISTRATOR)
        people: QuerySet[Person] = Person.objects.active().of_organisations(organisations)
        return people.order_by("name", "pk")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        """Tell the form who is filling it in."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"asked_by": request.user})

    def save_model(self, request: HttpRequest, obj: Person, form: ModelForm[Any], change: bool) -> None:
        """Give a new account no usable password, so that it opens only through the reset mail."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def after_save(self, request: HttpRequest, obj: Person, before: Person | None) -> None:
        """End the sessions of somebody disabled, or moved to another email address."""
        if before is not None:
            account_changed(obj, was_active=before.is_active, old_email=before.email)


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    """Roles held. A role is never turned into another: it is ended, and another given."""

    scope = OfOrganisation()
    form = MembershipForm
    asks_password = True
    fields = ("organisation", "person", "role", "function", "service_area", "starts_on", "ends_on")
    fixed_once_made = ("organisation", "person", "role", "function", "service_area", "starts_on")
    list_display = ("person", "role", "function", "organisation", "service_area", "starts_on", "ends_on")
    list_select_related = ("person", "organisation", "service_area")
    list_filter = ("role",)
    search_fields = ("person__name", "person__email")
    ordering = ("person__name", "pk")
