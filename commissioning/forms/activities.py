"""Forms for the activity plan, one activity, and the key questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms_gds.layout import Fieldset
from django import forms
from django.core.validators import URLValidator

from commissioning.dossier import ActivityLine, QuestionLine
from commissioning.services.activities import NOT_SUGGESTED, SETTLED, UNDER_WAY, Choice
from commissioning.services.questions import Given
from commissioning.states import ActivityState
from organisation import clock
from organisation.forms import DayField, LineField, PageForm, PersonField, RowsField, TextField, VersionedPageForm
from organisation.models import Person

_is_address = URLValidator(schemes=["http", "https"])


class PlanForm(PageForm):
    """Every activity of the catalogue, wanted or not, and who agreed."""

    submit_label = "Agree this plan"

    participants = RowsField(
        Person.objects.none(),
        label="Who took part?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose everyone who took part", "invalid_choice": "Choose people from the list"},
    )
    others = LineField(
        label="Anyone else", help_text="People without an account, by name.", required=False, max_length=500
    )
    agreed_on = DayField(label="When was it agreed?", called="date it was agreed")

    def __init__(self, *args: Any, lines: Sequence[ActivityLine], people: Any, **kwargs: Any) -> None:
        """Take the plan as it stands and the people who may be named."""
        self.lines = lines
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]
        for line in lines:
            self.base_fields[_wanted(line)] = forms.BooleanField(
                label=line.name, required=False, initial=_starts_as(line), disabled=line.state in SETTLED
            )
            self.base_fields[_reason(line)] = LineField(
                label=f"Reason for {line.name}",
                required=False,
                max_length=500,
                initial="" if line.reason == NOT_SUGGESTED else line.reason,
            )
        super().__init__(*args, **kwargs)
        self.fields["participants"].queryset = people  # type: ignore[attr-defined]
        self.fields["participants"].label_from_instance = lambda row: row.label  # type: ignore[attr-defined]
        self.fields["agreed_on"].latest = clock.today()  # type: ignore[attr-defined]
        self.fields["agreed_on"].initial = clock.today()

    def clean(self) -> dict[str, Any] | None:
        """A choice that differs from the proposal says why, beside the activity."""
        cleaned = super().clean()
        for line in self.lines:
            wanted = self.cleaned_data.get(_wanted(line))
            is_settled = line.state in (UNDER_WAY if wanted else SETTLED)
            if not is_settled and wanted != line.is_suggested and not self.cleaned_data.get(_reason(line)):
                words = (
                    "was proposed: say why it is not needed" if not wanted else "was not proposed: say why it is needed"
                )
                self.add_error(_reason(line), f"{line.name} {words}")
        return cleaned

    def choices(self) -> dict[int, Choice]:
        """Each activity's choice by its id."""
        return {
            line.pk: Choice(bool(self.cleaned_data[_wanted(line)]), self.cleaned_data[_reason(line)])
            for line in self.lines
        }

    def rows(self) -> list[tuple[ActivityLine, Any, Any]]:
        """Each line with its two boxes, for the page."""
        return [(line, self[_wanted(line)], self[_reason(line)]) for line in self.lines]

    @property
    def rest_helper(self) -> Any:
        """Crispy's part of the page: who and when, inside the page's own form element."""
        helper = self.helper
        helper.form_tag, helper.disable_csrf, helper.render_hidden_fields = False, True, False
        return helper

    def build_layout(self) -> list[Any]:
        """The page draws the table itself; crispy draws who and when."""
        return [self.laid_out(name) for name in ("participants", "others", "agreed_on")]


def _starts_as(line: ActivityLine) -> bool:
    """Follow the proposal where nobody has decided otherwise: with a reason, or by beginning it."""
    nobody_decided = line.state == ActivityState.PROPOSED or (
        line.state in (ActivityState.RELEVANT, ActivityState.NOT_RELEVANT) and line.reason in ("", NOT_SUGGESTED)
    )
    return line.is_suggested if nobody_decided else line.state != ActivityState.NOT_RELEVANT


def _wanted(line: ActivityLine) -> str:
    return f"wanted_{line.pk}"


def _reason(line: ActivityLine) -> str:
    return f"reason_{line.pk}"


class ActivityForm(VersionedPageForm):
    """What came of an activity."""

    submit_label = "Save"
    later_label = "Save and mark as completed"

    output = TextField(label="What came of it?", required=False, max_length=10_000, rows=8)
    output_link = forms.URLField(
        label="A link to where it is kept",
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": "Enter a web address, like https://intranet.example/needs"},
    )
    lead = PersonField(Person.objects.none(), label="Who leads it?", required=False, empty_label="Nobody yet")
    due_on = DayField(label="When is it due?", required=False, called="due date")

    def __init__(
        self,
        *args: Any,
        people: Any,
        prompt: str = "",
        typical: str = "",
        raises: Sequence[Mapping[str, str]] = (),
        flags: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        """Take the people who may lead it, the catalogue's prompt, and its yes-or-no questions as answered so far."""
        self.raises = raises
        super().__init__(*args, **kwargs)
        for asked in raises:
            self.fields[f"flag_{asked['flag']}"] = forms.BooleanField(
                label=asked["question"], required=False, initial=asked["flag"] in flags
            )
        self.fields["lead"].queryset = people  # type: ignore[attr-defined]
        if prompt:
            self.fields["output"].help_text = prompt
        if typical:
            self.fields["due_on"].help_text = f"It usually takes {typical}. For example, 27 3 2027"

    def given(self) -> dict[str, Any]:
        """What the service takes: the questions answered with yes as flags, if the activity asks any."""
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith("flag_")}
        if self.raises:
            given["flags"] = [asked["flag"] for asked in self.raises if self.cleaned_data[f"flag_{asked['flag']}"]]
        return given

    def build_layout(self) -> list[Any]:
        """The questions stand under what they are about."""
        asked = [f"flag_{row['flag']}" for row in self.raises]
        rest = [name for name in self.fields if name not in (*asked, "act_id", "version", "output")]
        laid = [self.laid_out("output")]
        if asked:
            legend = "What is true of it? A tick asks the function concerned at once."
            laid.append(Fieldset(*asked, legend=legend, legend_size="s"))
        return laid + [self.laid_out(name) for name in rest]


class LinksField(TextField):
    """Web addresses, one on each line; gives them without blanks and repeats."""

    def __init__(self, **kwargs: Any) -> None:
        """A short box without a count."""
        super().__init__(max_length=2000, rows=2, **kwargs)

    shows_count = False

    def clean(self, value: Any) -> Any:
        """Refuse what is no web address, naming it."""
        lines = [line.strip() for line in super().clean(value).splitlines()]
        for line in filter(None, lines):
            try:
                _is_address(line)
            except forms.ValidationError as fault:
                words = f"“{line[:80]}” is not a web address. Enter one like https://intranet.example/survey"
                raise forms.ValidationError(words) from fault
        return tuple(dict.fromkeys(filter(None, lines)))


class QuestionsForm(PageForm):
    """A stage's key questions, each answered, or marked as not applying with the reason."""

    submit_label = "Save answers"

    def __init__(self, *args: Any, lines: Sequence[QuestionLine], **kwargs: Any) -> None:
        """Take the questions with the answers so far."""
        self.lines = lines
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]
        for line in lines:
            self.base_fields[f"answer_{line.pk}"] = TextField(
                label=f"{line.number}. {line.text}",
                help_text=line.hint,
                required=False,
                max_length=5000,
                rows=4,
                initial=line.answer,
                called="answer",
            )
            self.base_fields[f"without_{line.pk}"] = forms.BooleanField(
                label="This does not apply (say why above)", required=False, initial=line.does_not_apply
            )
            self.base_fields[f"links_{line.pk}"] = LinksField(
                label=f"Links to evidence for question {line.number}",
                help_text="One web address on each line. Files are attached below.",
                required=False,
                initial="\n".join(line.links),
            )
            self.base_fields[f"version_{line.pk}"] = forms.IntegerField(
                required=False, initial=line.version, widget=forms.HiddenInput
            )
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        """What does not apply says why."""
        cleaned = super().clean()
        for line in self.lines:
            if self.cleaned_data.get(f"without_{line.pk}") and not self.cleaned_data.get(f"answer_{line.pk}"):
                self.add_error(f"answer_{line.pk}", f"Question {line.number}: say why it does not apply")
        return cleaned

    def given(self) -> dict[int, Given]:
        """The answers by question id."""
        return {
            line.pk: Given(
                self.cleaned_data[f"answer_{line.pk}"],
                bool(self.cleaned_data[f"without_{line.pk}"]),
                self.cleaned_data[f"version_{line.pk}"] or 0,
                self.cleaned_data[f"links_{line.pk}"],
            )
            for line in self.lines
        }

    def accept_version(self, version: int) -> None:
        """Nothing to accept for the page as a whole: each answer has a version of its own."""

    def accept_versions(self, versions: dict[int, int]) -> None:
        """After both answers were shown: let the next attempt go through."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for pk, version in versions.items():
            data[self.add_prefix(f"version_{pk}")] = str(version)
        self.data = data
