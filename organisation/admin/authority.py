"""Pages for posts, who holds them, what they may decide, and cover."""

from django.contrib import admin

from organisation.admin.base import AuditedAdmin
from organisation.admin.forms import CoverAdminForm, PostHoldingForm
from organisation.admin.scopes import OfAbsentPerson, OfOrganisation
from organisation.models import AuthorityLimit, Cover, Post, PostHolding


@admin.register(Post)
class PostAdmin(AuditedAdmin):
    """The places in an organisation that carry authority."""

    scope = OfOrganisation()
    fields = ("organisation", "title", "service_area")
    fixed_once_made = ("organisation", "service_area")
    list_display = ("title", "service_area", "organisation")
    list_select_related = ("service_area", "organisation")
    search_fields = ("title",)
    ordering = ("title", "pk")


@admin.register(PostHolding)
class PostHoldingAdmin(AuditedAdmin):
    """Who sits in which post, from when to when."""

    scope = OfOrganisation("post__organisation")
    form = PostHoldingForm
    asks_password = True
    fields = ("post", "person", "starts_on", "ends_on")
    fixed_once_made = ("post", "person", "starts_on")
    list_display = ("post", "person", "starts_on", "ends_on")
    list_select_related = ("post", "person")
    search_fields = ("post__title", "person__name")
    ordering = ("post__title", "pk")


@admin.register(AuthorityLimit)
class AuthorityLimitAdmin(AuditedAdmin):
    """How far a post's authority reaches. A limit is never overwritten: it is ended, and another made."""

    scope = OfOrganisation("post__organisation")
    asks_password = True
    fields = ("post", "act", "amount_up_to", "valid_from", "valid_to", "source")
    fixed_once_made = ("post", "act", "amount_up_to", "valid_from", "source")
    list_display = ("post", "act", "amount_up_to", "valid_from", "valid_to", "source")
    list_select_related = ("post",)
    list_filter = ("act",)
    search_fields = ("post__title", "source")
    ordering = ("post__title", "act", "-valid_from", "pk")


@admin.register(Cover)
class CoverAdmin(AuditedAdmin):
    """Who stands in for whom. People set their own cover on their account page; this is for when they cannot."""

    scope = OfAbsentPerson()
    form = CoverAdminForm
    asks_password = True
    fields = ("absent", "deputy", "starts_on", "ends_on", "ended_on", "note")
    fixed_once_made = ("absent", "deputy", "starts_on", "ends_on")
    list_display = ("absent", "deputy", "starts_on", "ends_on")
    list_select_related = ("absent", "deputy")
    search_fields = ("absent__name", "deputy__name")
    ordering = ("-ends_on", "pk")
