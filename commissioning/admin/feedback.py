"""A council's public feedback form: open or not, and how fast it answers."""

from django.contrib import admin

from commissioning.models import FeedbackChannel
from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfOrganisation


@admin.register(FeedbackChannel)
class FeedbackChannelAdmin(AuditedAdmin):
    """One row a council. Without a row the council has no public form."""

    scope = OfOrganisation()
    fields = ("organisation", "is_open", "answer_within", "privacy_url")
    fixed_once_made = ("organisation",)
    list_display = ("organisation", "is_open", "answer_within")
    list_select_related = ("organisation",)
