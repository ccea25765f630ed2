"""How somebody wants their mail, topic by topic."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.topics import TOPICS, Way
from organisation.forms import PageForm


class MailForm(PageForm):
    """One question a topic. Decisions offer no way to switch them off."""

    submit_label = "Save your choices"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the questions from the topics."""
        super().__init__(*args, **kwargs)
        for topic in TOPICS.values():
            ways = [way for way in Way if topic.can_be_off or way is not Way.OFF]
            words = "" if topic.can_be_off else " These cannot be switched off."
            self.fields[topic.key] = forms.ChoiceField(
                label=topic.label,
                help_text=f"{topic.explains}{words}",
                choices=[(way.value, way.label) for way in ways],
                widget=forms.RadioSelect,
                initial=Way.AT_ONCE.value,
                error_messages={"required": f"Choose how you want “{topic.label.lower()}”"},
            )
