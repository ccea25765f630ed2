"""Django's entry to the commissioning room."""

from django.apps import AppConfig


class CommissioningConfig(AppConfig):
    """Fills the registries: who may, what follows each verb, the facts that papers show, the framework's lists."""

    name = "commissioning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from commissioning import gate_items, loading, paper_facts, paper_pages, record_facts, rules, sentences
        from commissioning.forms import verbs
        from commissioning.selectors import dossiers, rehearsal
        from commissioning.services import commissions, decisions, gate_rounds, gates, specifications

        rules.register_rules()
        loading.register_own()
        paper_facts.register_own()
        record_facts.register_own()
        gate_items.register_own()
        paper_pages.register_own()
        rehearsal.register_own()
        sentences.register_own()
        self.registering = (  # importing them registers them
            *(commissions, decisions, dossiers, gates, gate_rounds, specifications),
            verbs,
        )
