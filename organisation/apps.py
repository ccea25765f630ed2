"""Django's entry to the organisation room."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class OrganisationConfig(AppConfig):
    """Register who may do this room's acts, and listen for sign-ins."""

    name = "organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from organisation import account_events, navigation, receivers, rules

        rules.register_rules()
        receivers.connect()
        account_events.connect()
        navigation.register_nav("Admin", "admin:index", order=99, act="admin.enter")


class GatehouseAdminConfig(admin_apps.AdminConfig):
    """Django's admin, on a site of our own that asks our permissions. The settings name it in full."""

    default = False
    default_site = "organisation.admin_site.GatehouseAdminSite"
