"""My work, lists, dashboards, search, exports."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Fills the registries: who may, the navigation, the search box, and where commissions are listed."""

    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from casework.lists import register_list
        from organisation.navigation import register_nav, register_search
        from reporting import rules

        rules.register_rules()
        register_nav("My work", "reporting:my_work", 10)
        register_nav("Commissions", "reporting:workplan", 20)
        register_nav("Dashboard", "reporting:dashboard", 50, act="dashboard.read")
        register_nav("Search", "reporting:search", 90)
        register_search("reporting:search")
        register_list("commission", "Commissions", "reporting:workplan")
