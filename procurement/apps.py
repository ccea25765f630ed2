"""From a request to a route to market, an exercise and an award."""

from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    """Fills the registries: who may, what follows each verb, what buying adds to a commission, the routes to market."""

    name = "procurement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from casework.deadlines import register_deadline_kind
        from procurement import (
            exit_checks,
            gate_2_part,
            loading,
            notifications,
            panels,
            paper_facts,
            queue_kinds,
            route_facts,
            route_sheets,
            rules,
            sentences,
            strategy_sheets,
        )
        from procurement.forms import requests as request_forms
        from procurement.forms import tenders as tender_forms
        from procurement.forms import verbs
        from procurement.selectors import dossiers
        from procurement.services import after_award, exercises, requests, stopping

        rules.register_rules()
        register_deadline_kind(after_award.STANDSTILL, "Standstills", source=after_award.standstills)
        loading.register_own()
        panels.register_own()
        notifications.register_own()
        sentences.register_own()
        paper_facts.register_own()
        gate_2_part.register_own()
        queue_kinds.register_own()
        route_sheets.register_own()
        strategy_sheets.register_own()
        route_facts.register_own()
        # Importing them registers them.
        self.registering = (dossiers, exercises, requests, stopping, exit_checks, verbs, request_forms, tender_forms)
