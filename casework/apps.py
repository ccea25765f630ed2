"""Django's entry to the casework room."""

from django.apps import AppConfig
from django.conf import settings


class CaseworkConfig(AppConfig):
    """Fills the registries: who may, what follows an act, and where the ground room writes its changes."""

    name = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries, now that the models are loaded."""
        from casework import change_writer, framework_loading, rules, topics
        from casework.audit import sentences
        from casework.selectors import notices
        from casework.services import item_deadlines, work_items
        from organisation.backends import read_with_person
        from organisation.navigation import register_nav

        rules.register_rules()
        change_writer.connect()
        framework_loading.register_own()
        sentences.register_own()
        item_deadlines.register_own()
        topics.register_own()
        register_nav("Requests", "casework:queues", order=30)
        register_nav("Notifications", "casework:notifications", order=10, at_end=True, count=notices.unread_words)
        read_with_person("unread_notices", notices.unread)
        register_nav("Audit trail", "casework:audit", order=80, act="audit.read")
        if settings.DEMO:
            register_nav("Outbox", "casework:outbox", order=95)
        assert work_items  # importing it registers its effects
