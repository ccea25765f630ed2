"""The forms of an effect in the impact assessment, and of an action that is done."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.sheets import SheetForm
from commissioning.models.impact import ImpactEffect
from commissioning.selectors.people import choosable
from organisation.forms import DayField, LineField, PageForm, PersonField, TextField
from organisation.models import Person


class ImpactEffectForm(SheetForm):
    """One effect. Harm asks for an action with its owner and date, or for the reason to go on."""

    area = forms.ChoiceField(
        label="Which part of the assessment is it about?",
        choices=[("", "Choose a part"), *ImpactEffect.Area.choices],
        error_messages={"required": "Choose the part of the assessment"},
    )
    who = LineField(label="Who or what is affected, and how?", called="group or thing affected")
    effect = forms.ChoiceField(
        label="Is that good or bad?",
        choices=ImpactEffect.Effect.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose if it is good or bad"},
    )
    gap = forms.ChoiceField(
        label="What does it do to inequality?",
        choices=ImpactEffect.Gap.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it does to inequality"},
    )
    evidence = TextField(
        label="How do you know?",
        help_text="Name your source. An honest guess may be called one.",
        max_length=2000,
        rows=3,
        called="evidence",
    )
    action = LineField(
        label="What will be done about it?",
        help_text="To soften harm, or to make something good go further.",
        max_length=500,
        required=False,
        called="action",
    )
    owner = PersonField(Person.objects.none(), label="Who sees to it?", required=False, called="person")
    due_on = DayField(label="By when?", required=False, called="date of the action")
    justification = TextField(
        label="If nothing is done about harm, why is it right to go on?",
        help_text="Decision makers read this at the gate.",
        max_length=2000,
        rows=3,
        required=False,
        called="reason to go on",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the people of the commission as owners; whoever owns it now stays on offer."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = choosable(self.commission, with_lead=self.initial.get("owner"))

    def clean(self) -> dict[str, Any] | None:
        """An action has somebody and a day; harm has an action or a reason."""
        cleaned = super().clean()
        given = self.cleaned_data
        if given.get("action"):
            if not given.get("owner"):
                self.add_error("owner", "Choose who sees to the action")
            if not given.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", "Enter the date of the action")
        elif given.get("owner") or given.get("due_on"):
            self.add_error("action", "Say what will be done")
        harms = given.get("effect") == ImpactEffect.Effect.NEGATIVE or given.get("gap") == ImpactEffect.Gap.WIDENS
        if harms and not given.get("action") and not given.get("justification") and "action" not in self.errors:
            self.add_error("action", "This does harm: say what will be done about it, or why it is right to go on")
        return cleaned


class DoneForm(PageForm):
    """What came of an action."""

    submit_label = "Mark as done"

    done_how = TextField(label="What was done?", max_length=500, rows=3, called="result")
