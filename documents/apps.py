"""The papers: templates, answers, frozen revisions, attachments and PDF."""

from importlib import import_module

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Fills the registries: who may, which facts every case file has, what submitting does."""

    name = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from casework import framework_loading, topics
        from documents import case_facts, loading, rules, sentences

        rules.register_acts()
        case_facts.register()
        sentences.register()
        topics.register_message_kind("paper_comment", topics.ASKED)
        topics.register_message_kind("paper_comment_answered", topics.ANSWERS)
        topics.register_message_kind("paper_comment_settled", topics.ANSWERS)
        framework_loading.register_loader(loading.load_from_framework)
        # Loading it registers the guards' dossier and what submitting does.
        import_module("documents.services.papers")
