"""Forms of the gates: asking for input, deciding, waiving, meeting a condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms_gds.layout import HTML, Fieldset
from django import forms

from commissioning.services.gate_rounds import Condition
from organisation import clock
from organisation.forms import DayField, PageForm, PersonField, TextField
from organisation.models import Person

MOST_CONDITIONS = 3
LATER = {1: "Gate 1, before Plan", 3: "Gate 3, before Secure Services", 4: "Gate 4, before Review"}


class AskForm(PageForm):
    """Something asked of a function, by a day; with a reason where the day leaves Legal too little time."""

    field_order = ("functions", "function", "question", "needed_by", "urgent_reason")

    needed_by = DayField(label="By when do you need it?", called="date you need it")
    urgent_reason = TextField(
        label="If it is urgent, why?",
        help_text="Only where Legal is given less time than it needs.",
        max_length=500,
        rows=2,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Only a day to come."""
        super().__init__(*args, **kwargs)
        self.fields["needed_by"].earliest = clock.today()  # type: ignore[attr-defined]


class AskInputForm(AskForm):
    """Which functions are asked what they say to the paper, and by when."""

    submit_label = "Ask for input"

    functions = forms.MultipleChoiceField(
        label="Who do you ask?",
        help_text="CCPS and Finance are asked as a rule where the gate is required or expected.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one function", "invalid_choice": "Choose from the list"},
    )
    question = TextField(
        label="What do you want to know?",
        help_text="They can read the draft of the paper.",
        max_length=2000,
        rows=4,
        called="question",
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], ticked: Sequence[str], **kwargs: Any) -> None:
        """Offer the functions that the rules can send it to."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["functions"]
        field.choices = offered
        field.initial = list(ticked)


class VersionForm(PageForm):
    """The short or the full outline business case."""

    submit_label = "Use this version"

    version = forms.ChoiceField(
        label="Which version do you write?",
        choices=[("short", "The short version"), ("full", "The full version")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a version", "invalid_choice": "Choose a version"},
    )


class DecideForm(PageForm):
    """One person's view. What only some decisions ask stands folded below, and works without scripts."""

    submit_label = "Give this decision"

    decision = forms.ChoiceField(
        label="What do you decide?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a decision", "invalid_choice": "Choose a decision"},
    )
    note = TextField(
        label="Your reason or comments",
        help_text="Shown to the author word for word. Needed unless you approve.",
        max_length=2000,
        rows=4,
        required=False,
        called="reason",
    )
    review_on = DayField(label="When is it looked at again?", required=False, called="date it is looked at again")

    def __init__(
        self,
        *args: Any,
        number: int,
        decisions: Sequence[tuple[str, str]],
        people: Any,
        sections: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """Take the gate's number, what can be decided, who may own a condition, and the paper's sections."""
        self.number, self.sections = number, sections
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = list(decisions)  # type: ignore[attr-defined]
        offered = list(people)
        if not any(key == "defer" for key, _ in decisions):
            del self.fields["review_on"]
        for place in range(1, MOST_CONDITIONS + 1):
            self.fields[f"words_{place}"] = TextField(
                label=f"Condition {place}", max_length=500, rows=2, required=False
            )
            owner = PersonField(Person.objects.none(), label="Who sees to it?", required=False)
            owner.queryset = people
            owner.choices = [("", "Choose a person"), *((person.pk, person.label) for person in offered)]
            self.fields[f"owner_{place}"] = owner
            self.fields[f"due_{place}"] = DayField(label="By when?", required=False, called="date")
            self.fields[f"blocks_{place}"] = forms.TypedChoiceField(
                label="Which gate waits for it?",
                coerce=int,
                choices=[(key, words) for key, words in LATER.items() if key >= number],
                required=False,
            )
        for key, title in sections:
            self.fields[f"section_{key}"] = TextField(label=title, max_length=1000, rows=2, required=False)

    def clean(self) -> dict[str, Any] | None:
        """Each decision asks for what it needs, and for nothing that only another needs."""
        cleaned = super().clean()
        decision = self.cleaned_data.get("decision")
        if decision not in (None, "approve", "approve_with_conditions") and not self.cleaned_data.get("note"):
            self.add_error("note", "Enter your reason")
        if decision == "defer" and "review_on" not in self.errors and not self.cleaned_data.get("review_on"):
            self.add_error("review_on", "Enter the date it is looked at again")
        if decision == "approve_with_conditions":
            self._check_conditions()
        elif decision == "approve" and any(self._typed(place) for place in self._places()):
            self.add_error("decision", "You wrote a condition. Choose “Approve with conditions”, or clear it")
        return cleaned

    def _check_conditions(self) -> None:
        written = [place for place in self._places() if self._typed(place)]
        if not written:
            self.add_error("words_1", "Write at least one condition")
        for place in written:
            if not self.cleaned_data.get(f"owner_{place}") and f"owner_{place}" not in self.errors:
                self.add_error(f"owner_{place}", f"Condition {place}: choose who sees to it")
            due_on = self.cleaned_data.get(f"due_{place}")
            if f"due_{place}" not in self.errors and (due_on is None or due_on < clock.today()):
                self.add_error(f"due_{place}", f"Condition {place}: enter a date from today on")

    def _places(self) -> range:
        return range(1, MOST_CONDITIONS + 1)

    def _typed(self, place: int) -> str:
        return str(self.cleaned_data.get(f"words_{place}") or "").strip()

    def inputs(self) -> dict[str, Any]:
        """What the chosen verb asks for."""
        decision = self.cleaned_data["decision"]
        if decision == "approve_with_conditions":
            return {
                "conditions": [
                    Condition(
                        self._typed(place),
                        self.cleaned_data[f"owner_{place}"],
                        self.cleaned_data[f"due_{place}"],
                        self.cleaned_data.get(f"blocks_{place}") or self.number,
                    )
                    for place in self._places()
                    if self._typed(place)
                ]
            }
        if decision == "return_for_changes":
            said = {key: self.cleaned_data.get(f"section_{key}") or "" for key, _ in self.sections}
            return {"section_notes": {key: words for key, words in said.items() if words}}
        return {"review_on": self.cleaned_data["review_on"]} if decision == "defer" else {}

    def build_layout(self) -> list[Any]:
        """Decision and reason first; what only one decision asks is folded under its name."""
        laid: list[Any] = [self.laid_out("decision"), self.laid_out("note")]
        conditions = [
            Fieldset(
                *[self.laid_out(f"{name}_{place}") for name in ("words", "owner", "due", "blocks")],
                legend=f"Condition {place}",
                legend_size="s",
            )
            for place in self._places()
        ]
        laid += self._folded("If you approve with conditions", conditions, ("words_", "owner_", "due_", "blocks_"))
        notes = [self.laid_out(f"section_{key}") for key, _ in self.sections]
        laid += self._folded("If you return it: comments on single sections", notes, ("section_",))
        if "review_on" in self.fields:
            laid += self._folded("If you defer it", [self.laid_out("review_on")], ("review_on",))
        return laid

    def _folded(self, summary: str, fields: list[Any], names: tuple[str, ...]) -> list[Any]:
        if not fields:
            return []
        typed = self.is_bound and any(
            value for name in self.data for value in [self.data[name]] if name.startswith(names) and value
        )
        is_open = " open" if any(name.startswith(names) for name in self.errors) or typed else ""
        head = (
            f'<details class="govuk-details"{is_open}><summary class="govuk-details__summary">'
            f'<span class="govuk-details__summary-text">{summary}</span></summary><div class="govuk-details__text">'
        )
        return [HTML(head), *fields, HTML("</div></details>")]


class WaiveForm(PageForm):
    """Why an expected gate is not asked for."""

    submit_label = "Waive this gate"
    submit_tone = "warning"
    note = TextField(label="Why is it not needed?", max_length=2000, rows=4, called="reason")


class ConditionMetForm(PageForm):
    """How a condition was met."""

    submit_label = "Say that it is met"
    how = TextField(label="How was it met?", max_length=500, rows=3, called="how it was met")


class AskFunctionForm(AskForm):
    """Help with one activity."""

    submit_label = "Ask"

    function = forms.ChoiceField(
        label="Who do you ask?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who you ask", "invalid_choice": "Choose from the list"},
    )
    question = TextField(label="What do you want to know?", max_length=2000, rows=4, called="question")

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the functions that the rules can send it to."""
        super().__init__(*args, **kwargs)
        self.fields["function"].choices = list(offered)  # type: ignore[attr-defined]


class AskLegalForm(AskForm):
    """A question for Legal."""

    submit_label = "Ask Legal"

    question = TextField(label="What do you want to know?", max_length=2000, rows=5, called="question")
