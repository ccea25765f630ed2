"""The register of contracts, and what happens while they run."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Fills the registries: who may, what follows each verb, what contracts add to a commission, the navigation."""

    name = "contracts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from casework.lists import register_list
        from contracts import exit_checks, panels, rules, sentences
        from contracts.forms import verbs
        from contracts.selectors import dossiers
        from contracts.services import contracts, mobilisation
        from organisation.navigation import register_nav

        rules.register_rules()
        panels.register_own()
        sentences.register_own()
        register_list("contract", "Contracts", "contracts:register")
        register_nav("Contracts", "contracts:register", order=40)
        self.registering = (dossiers, contracts, mobilisation, exit_checks, verbs)  # importing them registers them
