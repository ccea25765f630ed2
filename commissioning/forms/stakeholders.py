"""Naming a stakeholder of the target outcomes, and giving one's view of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from commissioning.services.stakeholders import View
from organisation.forms import LineField, PageForm, PersonField, TextField
from organisation.models import Person

AGREE, COMMENT = "agree", "comment"


class NameStakeholderForm(PageForm):
    """Whose agreement is asked for."""

    submit_label = "Ask this person"

    person = PersonField(Person.objects.none(), label="Who has a stake in the outcomes?", called="person")
    stake = LineField(
        label="What is their interest?", help_text="Like “runs the day centre”.", max_length=200, required=False
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        """Offer the people who may see the commission."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = people
        field.choices = [("", "Choose a person"), *((person.pk, person.label) for person in people)]


class OutcomeViewsForm(PageForm):
    """One choice an outcome, and words where one does not agree."""

    submit_label = "Give your view"

    def __init__(self, *args: Any, outcomes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Take the outcomes: row and words."""
        self.outcomes = outcomes
        super().__init__(*args, **kwargs)
        for place, (_, words) in enumerate(outcomes, start=1):
            self.fields[f"view_{place}"] = forms.ChoiceField(
                label=words,
                choices=[(AGREE, "I agree"), (COMMENT, "I have a comment")],
                widget=forms.RadioSelect,
                error_messages={"required": f"Choose what you say of “{words}”"},
            )
            self.fields[f"words_{place}"] = TextField(
                label=f"Your comment on outcome {place}",
                help_text="Needed if you do not agree. The author answers it.",
                max_length=2000,
                rows=3,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """A comment has words."""
        cleaned: dict[str, Any] = super().clean() or {}
        for place, _ in enumerate(self.outcomes, start=1):
            if cleaned.get(f"view_{place}") == COMMENT and not cleaned.get(f"words_{place}", "").strip():
                self.add_error(f"words_{place}", f"Write your comment on outcome {place}")
        return cleaned

    def views(self) -> dict[str, View]:
        """What was said, by the outcome's row."""
        return {
            key: View(self.cleaned_data[f"view_{place}"] == AGREE, self.cleaned_data[f"words_{place}"])
            for place, (key, _) in enumerate(self.outcomes, start=1)
        }
