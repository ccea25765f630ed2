"""Django's entry to the commissioning room."""

from django.apps import AppConfig


class CommissioningConfig(AppConfig):
    """Fills the registries: who may, what follows each verb, the facts that papers show, the framework's lists."""

    name = "commissioning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from commissioning import (
            analyse_pages,
            analyse_sheets,
            analyse_stage_sheets,
            engagement_facts,
            engagement_sheets,
            fact_places,
            gate_items,
            governance_sheets,
            impact_sheets,
            loading,
            option_facts,
            options_sheets,
            paper_facts,
            paper_pages,
            plan_checks,
            plan_history,
            plan_sheets,
            planning_ahead,
            prefill_facts,
            public_feedback,
            record_facts,
            resource_sheets,
            review_sheets,
            reviewing,
            rules,
            sentences,
            sheet_facts,
            specification_sheets,
            work_order,
        )
        from commissioning.activity_notes import register_notes
        from commissioning.forms import verbs
        from commissioning.selectors import dossiers, existing, plan_notes, rehearsal
        from commissioning.services import (
            commissions,
            decisions,
            gate_rounds,
            gates,
            impact_flags,
            options,
            reviews,
            specifications,
            urgent,
        )

        planning_ahead.register_own()
        rules.register_rules()
        loading.register_own()
        paper_facts.register_own()
        fact_places.register_own()
        work_order.register_own()
        plan_history.register_own()
        record_facts.register_own()
        prefill_facts.register_own()
        gate_items.register_own()
        paper_pages.register_own()
        reviewing.register_own()
        rehearsal.register_own()
        sentences.register_own()
        analyse_sheets.register_own()
        analyse_stage_sheets.register_own()
        existing.register_own()
        resource_sheets.register_own()
        analyse_pages.register_own()
        engagement_sheets.register_own()
        engagement_facts.register_own()
        impact_sheets.register_own()
        public_feedback.register_own()
        options_sheets.register_own()
        plan_sheets.register_own()
        plan_checks.register_own()
        review_sheets.register_own()
        specification_sheets.register_own()
        register_notes("gap_analysis", plan_notes.notes_on_needs)
        register_notes("value_for_money", plan_notes.notes_on_options)
        register_notes("business_case", plan_notes.notes_on_business_case)
        register_notes("market_development", plan_notes.notes_on_areas)
        register_notes("market_warming", plan_notes.notes_on_market_events)
        register_notes("business_case", plan_notes.notes_on_options)
        option_facts.register_own()
        governance_sheets.register_own()
        sheet_facts.register_own()
        self.registering = (  # importing them registers them
            *(commissions, decisions, dossiers, gates, gate_rounds, impact_flags, options, specifications, urgent),
            *(reviews, verbs),
        )
