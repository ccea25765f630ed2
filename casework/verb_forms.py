"""What a verb asks of the person: a reason where the verb wants one, and the inputs a room adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms

from casework.lifecycle import Lifecycle, VerbRules
from organisation.formatting import in_sentence
from organisation.forms import PageForm

Form = TypeVar("Form", bound="type[VerbForm]")

_forms: dict[tuple[type[Lifecycle], str], type[VerbForm]] = {}


class VerbForm(PageForm):
    """The form of one verb on one record. Fields become the inputs of the verb by name."""

    note_label = "Reason"
    note_hint = "Kept in the history and read by everyone who can see this record."

    def __init__(self, *args: Any, subject: Lifecycle, rules: VerbRules, **kwargs: Any) -> None:
        """Take the record and the verb's declaration."""
        self.subject = subject
        self.submit_label = rules.label
        if rules.is_dangerous:
            self.submit_tone = "warning"
        super().__init__(*args, **kwargs)
        if rules.asks_reason:
            self.fields["note"] = forms.CharField(
                label=self.note_label,
                help_text=self.note_hint,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"required": f"Enter the {in_sentence(self.note_label)}"},
            )

    @classmethod
    def success_words(cls, subject: Any) -> str:  # noqa: ARG003 - the plain form has nothing to add
        """The banner after the act; empty for the plain one."""
        return ""


def verb_form(model: type[Lifecycle], *names: str) -> Callable[[Form], Form]:
    """Name the form of one or more verbs."""

    def register(form: Form) -> Form:
        for name in names:
            _forms[(model, name)] = form
        return form

    return register


def verb_form_of(model: type[Lifecycle], name: str) -> type[VerbForm]:
    """The form of a verb; the plain one when no room named another."""
    return _forms.get((model, name), VerbForm)
