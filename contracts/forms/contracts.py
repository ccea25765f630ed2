"""Forms for the facts of a contract, its signatures, its register entry and its mobilisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms_gds.layout import Fieldset
from django import forms

from contracts.models import Contract, ExtensionOption, Signature
from contracts.services.facts import Option
from contracts.states import Side
from organisation.formatting import day
from organisation.forms import DayField, LineField, NumberField, PageForm, PersonField, TextField, VersionedPageForm
from organisation.models import Person

MOST_OPTIONS = 3
LONGEST_OPTION = 240


class FactsForm(VersionedPageForm):
    """What the contract will say, until somebody has signed it."""

    submit_label = "Save"

    starts_on = DayField(label="When does it start?", called="start date", required=False)
    ends_on = DayField(
        label="When does it end?",
        help_text="The committed term, without extensions. For example, 27 3 2027",
        called="end date",
        required=False,
    )
    manager = PersonField(
        Person.objects.none(),
        label="Who manages the contract?",
        called="contract manager",
        required=False,
        error_messages={"invalid_choice": "Choose a contract manager from the list"},
    )
    review_on = DayField(label="When is the first review?", called="review date", required=False)
    execution = forms.ChoiceField(
        label="How is it executed?", choices=Contract.Execution.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, managers: Any, options: Sequence[ExtensionOption] = (), **kwargs: Any) -> None:
        """Offer who may manage a contract here, and a few options to extend."""
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]  # one form's own fields, not the class's
        for number in range(1, MOST_OPTIONS + 1):
            known = options[number - 1] if len(options) >= number else None
            self.base_fields[f"months_{number}"] = NumberField(
                label=f"Option {number}: how many months longer?",
                min_value=1,
                max_value=LONGEST_OPTION,
                suffix="months",
                called=f"length of option {number}",
                required=False,
                initial=known.months if known else None,
            )
            self.base_fields[f"notice_{number}"] = DayField(
                label=f"Option {number}: last day to use it",
                called=f"last day to use option {number}",
                required=False,
                initial=known.notice_by if known else None,
            )
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = managers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Dates in order; options without a gap, each used before the term ends."""
        cleaned = super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", f"The end date must be on or after the start date, {day(starts_on)}")
        review_on = self.cleaned_data.get("review_on")
        if review_on and starts_on and review_on < starts_on:
            self.add_error("review_on", f"The first review must be on or after the start date, {day(starts_on)}")
        gap = False
        for number in range(1, MOST_OPTIONS + 1):
            months, notice = self.cleaned_data.get(f"months_{number}"), self.cleaned_data.get(f"notice_{number}")
            if months is None and f"months_{number}" not in self.errors:
                if notice:
                    self.add_error(f"months_{number}", f"Enter how many months option {number} is for")
                gap = True
            elif gap and months is not None:
                self.add_error(f"months_{number}", f"Fill in the options in order: option {number} follows a blank one")
            if number == 1 and notice and ends_on and notice > ends_on:
                self.add_error(f"notice_{number}", f"The last day to use option 1 must be on or before {day(ends_on)}")
        return cleaned

    @property
    def options(self) -> list[Option]:
        """The options typed."""
        data = self.cleaned_data
        return [
            Option(data[f"months_{number}"], data.get(f"notice_{number}"))
            for number in range(1, MOST_OPTIONS + 1)
            if data.get(f"months_{number}")
        ]

    def build_layout(self) -> list[Any]:
        """The contract, then its options."""
        options = [
            self.laid_out(f"{name}_{number}") for number in range(1, MOST_OPTIONS + 1) for name in ("months", "notice")
        ]
        return [
            *[self.laid_out(name) for name in ("starts_on", "ends_on", "manager", "review_on", "execution")],
            Fieldset(*options, legend="Options to extend", legend_size="m"),
        ]


class TaskForm(VersionedPageForm):
    """Something that must be in place before the start."""

    submit_label = "Save this task"

    title = LineField(label="What must be done?", called="task")  # type: ignore[assignment]
    side = forms.ChoiceField(
        label="Who does it?",
        choices=[(Side.COUNCIL, "The council"), (Side.PROVIDER, "The provider")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who does it"},
    )
    owner = PersonField(
        Person.objects.none(),
        label="Who sees to it?",
        help_text="For a provider's task: who asks them.",
        called="owner",
        required=False,
        error_messages={"invalid_choice": "Choose a person from the list"},
    )
    due_on = DayField(label="When is it due?", called="due date", required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        """Offer the people of the record's organisation."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class FinishTaskForm(PageForm):
    """What came of a task."""

    submit_label = "Mark this task as done"
    output = TextField(
        label="What came of it?",
        help_text="For example, where the governance structure is written down.",
        max_length=500,
        rows=3,
        required=False,
        called="result",
    )


class ReopenTaskForm(PageForm):
    """Why a task is open again."""

    submit_label = "Open this task again"
    reason = TextField(label="Why is it not done after all?", max_length=500, rows=3, called="reason")


COUNCIL_METHODS = {
    Contract.Execution.UNDERHAND: [Signature.Method.BY_HAND, Signature.Method.ELECTRONIC],
    Contract.Execution.SEALED: [Signature.Method.SEALED],
}
