"""The register of contracts, and what happens while they run."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Fills the registries: who may, what follows each verb, what contracts add to a commission, the navigation."""

    name = "contracts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from functools import partial

        from casework.deadlines import register_deadline_kind
        from casework.lists import register_list
        from commissioning.selectors.alike import register_alike
        from contracts import existing, exit_checks, key_documents, panels, rules, sentences
        from contracts.forms import verbs
        from contracts.selectors import dossiers, due
        from contracts.services import contracts, handovers, mobilisation, payment
        from organisation.navigation import register_nav

        rules.register_rules()
        panels.register_own()
        key_documents.register_own()
        existing.register_own()
        sentences.register_own()
        register_list("contract", "Contracts", "contracts:register")
        register_nav("Contracts", "contracts:register", order=40)
        register_alike(category="contract__category", party="contract__supplier__name")
        register_deadline_kind(due.READING, "Results of a contract", source=due.all_readings)
        register_deadline_kind(due.HANDOVER, "Handover to contract management", source=due.all_handovers)
        register_deadline_kind(due.REVIEW, "Review of a contract", source=partial(due.all_of, due.REVIEW))
        register_deadline_kind(due.END, "End of a contract", source=partial(due.all_of, due.END))
        register_deadline_kind(due.OPTION, "Last day to use an option", source=partial(due.all_of, due.OPTION))
        register_deadline_kind(due.TASK, "Mobilisation task", source=due.all_tasks)
        # Importing them registers them.
        self.registering = (dossiers, contracts, handovers, mobilisation, payment, exit_checks, verbs)
