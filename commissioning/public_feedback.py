"""What public feedback adds to the registries: its list, its deadline, the forms and effects of its steps."""

from __future__ import annotations

from casework.deadlines import register_deadline_kind
from casework.lists import register_list
from commissioning.forms import feedback as forms
from commissioning.services import feedback
from organisation.navigation import register_nav

#: Importing them registers the forms and the effects of the verbs.
REGISTERING = (forms, feedback)


def register_own() -> None:
    """Register the list and the way to it, and the answers that fall due."""
    register_nav("Feedback", "commissioning:feedback", 40, act="feedback.work")
    register_list("feedback", "Public feedback", "commissioning:feedback")
    register_deadline_kind(feedback.KIND, "Answers to the public", source=feedback.answers_due)
