"""What every administration page stands on: asks our permissions, stays in scope, writes the audit trail.

A room's page names its ``scope`` and, for rows that may not be re-pointed once made, ``fixed_once_made``::

    @admin.register(Threshold)
    class ThresholdAdmin(AuditedAdmin):
        scope = OfFramework()

Nothing is deleted here: a row others relied on is ended by a date.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters, InlineModelAdmin
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.forms import Form, ModelChoiceField, ModelForm, ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse

from organisation.admin.changes import formset_changes, m2m_changes, row_changes
from organisation.admin.scopes import Scope
from organisation.change_log import note_change
from organisation.models import Person
from organisation.permissions import ANYWHERE, may
from organisation.roles import Role
from organisation.standing import standing_of
from organisation.visitor import person_asking

# Digits that every database's whole numbers can have.
LONGEST_NUMBER = 18
_READERS = (Role.ADMINISTRATOR, Role.AUDITOR)


def _is_too_large(text: str) -> bool:
    return text.strip().lstrip("-").isdecimal() and len(text.strip()) > LONGEST_NUMBER


class PersonChoice(ModelChoiceField):
    """A select of people by name and team: two may share a name."""

    def label_from_instance(self, obj: Person) -> str:
        """Name, then team."""
        return obj.label


class ScopedChoices(BaseModelAdmin):
    """Offers in every select only rows the person administers, through the page of the table chosen from."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Narrow a select to what the person administers."""
        kwargs["queryset"] = self._choices(db_field, request)
        if issubclass(db_field.remote_field.model, Person):
            kwargs["form_class"] = PersonChoice
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        """Narrow a list of choices to what the person administers."""
        kwargs["queryset"] = self._choices(db_field, request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _choices(self, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        model: type[Model] = db_field.remote_field.model
        page = self.admin_site.get_model_admin(model) if self.admin_site.is_registered(model) else None
        # A table without a page of ours has no scope, so nothing of it may be chosen.
        return page.choices_for(request) if isinstance(page, AuditedAdmin) else model._default_manager.none()


class ScopedFilter(admin.RelatedFieldListFilter):
    """A list filter that names only rows the person has before them."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        """Narrow the choices by the page of the table they come from."""
        page = model_admin.admin_site.get_model_admin(field.related_model)
        rows = {row.pk for row in page.get_queryset(request)}
        return [one for one in field.get_choices(include_blank=False) if one[0] in rows]


class AuditedAdmin(ScopedChoices, admin.ModelAdmin):
    """An administration page that asks ``may``, shows only its scope, and has every change written down."""

    scope: ClassVar[Scope]
    #: Fields that may be set on a new row only; later the row is ended and another made.
    fixed_once_made: ClassVar[Sequence[str]] = ()
    #: Fields whose values never go to the audit trail, only that they changed.
    secret_fields: ClassVar[frozenset[str]] = frozenset({"password"})
    #: Whether to ask for the password again first: for pages that give power to people.
    asks_password: ClassVar[bool] = False

    actions = None
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    # --- Who may ---

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the room to anyone who may read its pages."""
        return may(request.user, "admin.view", ANYWHERE)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let administrators and auditors read what is in their scope."""
        return may(request.user, "admin.view", ANYWHERE if obj is None else obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let administrators change what is in their scope."""
        return may(request.user, "admin.edit", ANYWHERE if obj is None else obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let administrators add rows; where the new row belongs is asked again when it is saved."""
        return may(request.user, "admin.edit", ANYWHERE)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Delete nothing: what somebody relied on is ended by a date."""
        return False

    # --- What is in scope ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Keep the rows of organisations the person administers or audits."""
        organisations = standing_of(request.user).organisations_as(*_READERS)
        return self.scope.narrow(super().get_queryset(request), organisations)

    def choices_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of this table that the person may point another row at."""
        organisations = standing_of(request.user).organisations_as(Role.ADMINISTRATOR)
        return self.scope.narrow(self.model._default_manager.all(), organisations)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep what may be set once from being set again."""
        fixed = self.fixed_once_made if obj is not None else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Offer in the filters, too, only rows the person has before them."""
        related = {field.name for field in self.opts.fields if field.is_relation}
        plain = super().get_list_filter(request)
        return [(one, ScopedFilter) if isinstance(one, str) and one in related else one for one in plain]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse to filter by a secret field, which would give it away letter by letter."""
        return lookup.split("__")[0] not in self.secret_fields and super().lookup_allowed(lookup, value, request)

    # --- Pages ---

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Show the list without filters when one of them names a number that no database holds."""
        asked = [value for name, values in request.GET.lists() if name != SEARCH_VAR for value in values]
        if any(_is_too_large(part) for value in asked for part in value.split(",")):
            raise IncorrectLookupParameters("No row has such a number")
        return super().get_changelist_instance(request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form, after asking for the password where the page gives power to people."""
        show = super().changeform_view
        if self.asks_password and may(request.user, "admin.edit", ANYWHERE):
            checked: Any = reauthentication_required(lambda request: show(request, object_id, form_url, extra_context))
            return cast(HttpResponse, checked(request))
        return show(request, object_id, form_url, extra_context)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str | None) -> HttpResponse:
        """Answer for a row out of scope as for one that does not exist."""
        raise Http404(f"No {opts.verbose_name} {object_id}")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Keep no second history: what happened stands in the audit trail."""
        raise Http404("The history of this row stands in the audit trail")

    # --- Saving ---

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Save a row whose place, as it now is, the person administers."""
        before = self.model._default_manager.get(pk=obj.pk) if change else None
        if not may(request.user, "admin.edit", obj):
            raise PermissionDenied("This belongs to an organisation you do not administer.")
        super().save_model(request, obj, form, change)
        form.gatehouse_changes = row_changes(before, obj, self.secret_fields)  # type: ignore[attr-defined]
        self.after_save(request, obj, before)

    def after_save(self, request: HttpRequest, obj: Any, before: Any) -> None:
        """Do what follows from a change, in the same transaction; ``before`` is the row as it was."""

    def construct_change_message(self, request: HttpRequest, form: Form, formsets: Any, add: bool = False) -> Any:
        """Gather what changed: the row, its lists of choices, and the rows edited beneath it."""
        changes = dict(getattr(form, "gatehouse_changes", {}))
        changes |= m2m_changes(form)
        for formset in formsets or ():
            changes |= formset_changes(formset)
        return changes

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Have a new row written down."""
        note_change(person_asking(request), "added", obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Have a change written down, if anything did change."""
        if message:
            note_change(person_asking(request), "changed", obj, message)


class ScopedInline(ScopedChoices, InlineModelAdmin):
    """Rows edited beneath another: whoever may change the one above may change these, and nothing is deleted."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Follow the row above."""
        return may(request.user, "admin.view", ANYWHERE if obj is None else obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Follow the row above."""
        return may(request.user, "admin.edit", ANYWHERE if obj is None else obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Follow the row above."""
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Delete nothing."""
        return False
