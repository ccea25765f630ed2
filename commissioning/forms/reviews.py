"""The form that asks somebody to review or approve a document."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.selectors.key_documents import APPROVE
from organisation.forms import DayField, PageForm, PersonField, TextField
from organisation.models import Person


class ReviewForm(PageForm):
    """Who reviews or approves it, by when, and what to look at."""

    submit_label = "Ask for it"

    asks = forms.ChoiceField(
        label="What do you ask for?",
        choices=[("advise", "A peer review"), (APPROVE, "An approval before the gate")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you ask for"},
    )
    reviewer = PersonField(Person.objects.none(), label="Who is asked?", called="reviewer")
    needed_by = DayField(label="By when?", called="date the review is needed")
    question = TextField(label="What should they look at?", called="question", max_length=2000, rows=3, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        """Take the people who may be asked."""
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = people  # type: ignore[attr-defined]
