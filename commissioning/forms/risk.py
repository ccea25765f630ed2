"""The risk form: the framework's criteria as yes or no, each yes with a short explanation."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field
from django import forms

from commissioning.models import RiskCriterion
from commissioning.services.risk import Ticked
from organisation.forms import TextField, VersionedPageForm

YES, NO = "yes", "no"


class RiskForm(VersionedPageForm):
    """Built for one commission's framework. A question may stay open while the commission is a draft."""

    submit_label = "Save the risk form"

    def __init__(
        self, *args: Any, criteria: list[RiskCriterion], answers: dict[int, Any], is_draft: bool, **kwargs: Any
    ) -> None:
        """Take the criteria in force, and the answers so far."""
        self.criteria = criteria
        # Declared per instance, before the base class gives each field its words.
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]
        for row in criteria:
            held = answers.get(row.pk)
            self.base_fields[row.key] = forms.ChoiceField(
                label=row.question,
                help_text=_hint(row),
                choices=[(YES, "Yes"), (NO, "No")],
                widget=forms.RadioSelect,
                required=not is_draft,
                initial=None if held is None else YES if held.applies else NO,
                error_messages={"required": f"Answer yes or no: {row.name}"},
            )
            self.base_fields[_why(row)] = TextField(
                label=row.explain_label or "Why does it apply?",
                max_length=1000,
                rows=3,
                required=False,
                initial=held.explanation if held else "",
                called="explanation",
            )
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        """Framework 4.3: each tick needs a short explanation."""
        cleaned = super().clean()
        for row in self.criteria:
            why = _why(row)
            is_ticked = self.cleaned_data.get(row.key) == YES
            if is_ticked and not self.cleaned_data.get(why) and why not in self.errors:
                self.add_error(why, f"Explain why this applies: {row.name}")
        return cleaned

    def ticked(self) -> dict[str, Ticked]:
        """The answers given, by criterion key; what is open is left out."""
        return {
            row.key: Ticked(
                applies=self.cleaned_data[row.key] == YES,
                explanation=self.cleaned_data[_why(row)] if self.cleaned_data[row.key] == YES else "",
            )
            for row in self.criteria
            if self.cleaned_data.get(row.key)
        }

    def build_layout(self) -> list[Any]:
        """Each yes opens its explanation."""
        return [
            ConditionalRadios(
                row.key,
                ConditionalQuestion("Yes", Field(_why(row), context={"label_size": None})),
                "No",
            )
            for row in self.criteria
        ]


def _why(row: RiskCriterion) -> str:
    return f"{row.key}_why"


def _hint(row: RiskCriterion) -> str:
    parts = [row.help] if row.help else []
    if row.examples:
        parts.append(f"For example: {'; '.join(row.examples)}.")
    if row.effect:
        parts.append(f"If yes: {row.effect}")
    return " ".join(parts)
