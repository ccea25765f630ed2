"""The forms of the urgent route."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.layout import Fieldset
from django import forms

from commissioning.models import Commission, CommissionActivity, UrgencyGround
from commissioning.services.gates import PAPERS
from commissioning.services.urgent import SKIPPABLE, Owed
from organisation import clock
from organisation.forms import DayField, LineField, PageForm, PersonField, RowsField, TextField

#: What may be owed, by the key of its template, in the order of the cycle.
PAPER_NAMES = {
    "impact_screening": "Impact screening",
    "initiation_document": "Initiation document (gate 1)",
    "full_impact_assessment": "Full impact assessment",
    "outline_business_case": "Outline business case (gate 3)",
    "full_business_case": "Full business case (gate 4)",
}


class ActivitiesField(RowsField):
    """Activities of the plan by their names."""

    def label_from_instance(self, obj: Any) -> str:
        """The catalogue's name."""
        return str(obj.activity.name)


class GroundField(forms.ModelChoiceField):
    """A ground with what it covers."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and summary."""
        return f"{obj.name}. {obj.summary}" if obj.summary else str(obj.name)


class UrgentForm(PageForm):
    """Why it cannot wait, who allowed it, what is passed over, and what is owed when."""

    submit_label = "Take the urgent route"
    submit_tone = "warning"

    ground = GroundField(
        UrgencyGround.objects.none(),
        label="On which ground?",
        help_text="Poor planning is not a ground.",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a ground"},
    )
    explanation = TextField(
        label="What has happened?", max_length=3000, rows=4, error_messages={"required": "Enter what has happened"}
    )
    unforeseen = TextField(
        label="Why could this not be foreseen?",
        max_length=3000,
        rows=4,
        error_messages={"required": "Enter why it could not be foreseen"},
    )
    fairness = TextField(
        label="How were fairness, transparency and competition considered?",
        max_length=3000,
        rows=4,
        error_messages={"required": "Enter how fairness, transparency and competition were considered"},
    )
    accepted_risks = TextField(
        label="Which risks are accepted?",
        max_length=3000,
        rows=4,
        error_messages={"required": "Enter which risks are accepted"},
    )
    allowed_by = PersonField(
        None,
        label="Who allowed it?",
        error_messages={"required": "Choose who allowed it", "invalid_choice": "Choose who allowed it: a leader"},
    )
    activities = ActivitiesField(
        CommissionActivity.objects.none(),
        label="Which activities are passed over?",
        help_text="They stay listed, as skipped.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    gates = forms.TypedMultipleChoiceField(
        label="Which gates are passed over?",
        help_text="Each gate's paper is owed afterwards: give its date below.",
        required=False,
        coerce=int,
        choices=[
            (1, "Gate 1, initiation document"),
            (3, "Gate 3, outline business case"),
            (4, "Gate 4, full business case"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    skips_request = forms.BooleanField(label="CCPS's advice takes the place of a procurement request", required=False)
    task = LineField(label="Another task that is owed", max_length=150, required=False, called="task")
    task_on = DayField(label="By when is that task owed?", required=False, called="date of the task")

    def __init__(self, *args: Any, commission: Commission, leaders: Any, **kwargs: Any) -> None:
        """Offer this council's grounds, its leaders, and what the plan still holds."""
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]
        for key, name in PAPER_NAMES.items():
            self.base_fields[f"owed_{key}"] = DayField(
                label=f"{name}, owed by", required=False, called=f"date of {name}"
            )
        super().__init__(*args, **kwargs)
        framework = commission.case_file.organisation.framework_id
        choices: dict[str, Any] = {
            "ground": UrgencyGround.objects.in_force().filter(framework_id=framework),
            "allowed_by": leaders,
            "activities": CommissionActivity.objects.filter(commission=commission, state__in=SKIPPABLE)
            .select_related("activity")
            .order_by("activity__order"),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        for name in self._dates():
            self.fields[name].earliest = clock.today()  # type: ignore[attr-defined]

    def _dates(self) -> list[str]:
        return [*(f"owed_{key}" for key in PAPER_NAMES), "task_on"]

    def clean(self) -> dict[str, Any] | None:
        """The paper of every gate that is passed over is owed by a date."""
        cleaned = super().clean()
        given = self.cleaned_data
        for number in given.get("gates") or ():
            name = f"owed_{PAPERS[number]}"
            if not given.get(name) and name not in self.errors:
                self.add_error(name, f"Enter by when the paper of gate {number} is owed")
        if given.get("task") and not given.get("task_on") and "task_on" not in self.errors:
            self.add_error("task_on", "Enter by when the task is owed")
        return cleaned

    def owed(self) -> list[Owed]:
        """What was given a date."""
        given = self.cleaned_data
        found = [Owed(name, given[f"owed_{key}"], key) for key, name in PAPER_NAMES.items() if given[f"owed_{key}"]]
        if given["task"]:
            found.append(Owed(given["task"], given["task_on"]))
        return found

    def build_layout(self) -> list[Any]:
        """Reasons first, then what is passed over, then what is owed."""
        reasons = ["ground", "explanation", "unforeseen", "fairness", "accepted_risks", "allowed_by"]
        return [
            *(self.laid_out(name) for name in reasons),
            Fieldset("activities", "gates", "skips_request", legend="What is passed over", legend_size="m"),
            Fieldset(
                *(f"owed_{key}" for key in PAPER_NAMES),
                "task",
                "task_on",
                legend="What is owed, and when",
                legend_size="m",
            ),
        ]


class AdviceForm(PageForm):
    """One side's advice."""

    submit_label = "Give this advice"
    course_of_action = TextField(
        label="What course of action do you advise?", max_length=3000, rows=4, called="the course of action"
    )
    risk_assessment = TextField(
        label="What are the risks, and how are they kept small?", max_length=3000, rows=4, called="the risks"
    )


class EndUrgentForm(PageForm):
    """Why it is urgent no longer."""

    submit_label = "End the urgent route"
    because = TextField(label="Why is it no longer urgent?", max_length=500, rows=3, called="reason")


class OwedDoneForm(PageForm):
    """What came of a task that was put off."""

    submit_label = "Say that it is done"
    note = TextField(label="What was done?", max_length=500, rows=3, called="what was done")
