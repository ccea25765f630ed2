"""My work, lists, dashboards, search, exports."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Fills the registries: who may, the navigation, the search box, and where commissions are listed."""

    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from casework.lists import register_list, register_search_kind
        from commissioning.states import CommissionState
        from contracts.states import ContractState
        from organisation.navigation import register_nav, register_search
        from procurement.states import ExerciseState, RequestState
        from reporting import rules

        rules.register_rules()
        register_nav("My work", "reporting:my_work", 10)
        register_nav("Commissions", "reporting:workplan", 20)
        register_nav("Dashboard", "reporting:dashboard", 50, act="dashboard.read")
        register_nav("Search", "reporting:search", 90)
        register_search("reporting:search")
        register_list("commission", "Commissions", "reporting:workplan")
        register_search_kind("commission", "Commissions", 10, dict(CommissionState.choices))
        register_search_kind("request", "Requests", 20, dict(RequestState.choices))
        register_search_kind("exercise", "Purchases", 30, dict(ExerciseState.choices))
        register_search_kind("contract", "Contracts", 40, dict(ContractState.choices))
