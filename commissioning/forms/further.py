"""The facts of a commission that can wait: priority, whom it serves, the grant, who sees it."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.folding import folded
from commissioning.models import Commission, Level, Place
from organisation.forms import DayField, LineField, MoneyField, PageForm, RowsField, TextField

MATTERS = ("impact", "is_reactive")
SERVES = ("level", "places", "statutory_duty", "serves_vulnerable", "is_internal_use")
GRANT = ("grant_funder", "grant_amount", "grant_spend_by")
PLANNING = ("resources", "shown_to")
FURTHER = (*MATTERS, *SERVES, *GRANT, *PLANNING)
PRIORITY = ("priority", "priority_reason")


def _number_or_none(sent: Any) -> int | None:
    return int(sent) if sent not in ("", None) else None


def place_words(name: str, setting: str) -> str:
    """A place with what kind of place it is: Upper Alder (rural)."""
    return name if setting == Place.Setting.WHOLE else f"{name} ({setting})"


class FurtherFields(forms.Form):
    """What is known sooner or later; nothing of it is needed to register."""

    impact = forms.TypedChoiceField(
        label="How much would people feel it if this were not done?",
        choices=[("", "Not rated yet"), *Commission.Impact.choices],
        coerce=_number_or_none,
        empty_value=None,
        required=False,
    )
    is_reactive = forms.BooleanField(label="It was not planned: something happened that made it needed", required=False)
    level = forms.ModelChoiceField(
        Level.objects.none(),
        label="At which level does the council act?",
        help_text="Nothing is bought at most levels, and then no procurement request or tender is asked for.",
        empty_label="Not stated yet",
        required=False,
        error_messages={"invalid_choice": "Choose a level from the list"},
    )
    places = RowsField(
        Place.objects.none(),
        label="Which areas and communities does it serve?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose places from the list"},
    )
    statutory_duty = LineField(
        label="Does it meet a statutory duty? Name it",
        help_text="Like section 18 of the Care Act 2014. Leave blank if there is none.",
        called="statutory duty",
        max_length=300,
        required=False,
    )
    serves_vulnerable = forms.BooleanField(
        label="It serves children or adults who may be vulnerable",
        help_text="The specification then asks how they are kept safe, and the contract needs an indicator for it.",
        required=False,
    )
    is_internal_use = forms.BooleanField(
        label="Only the council's own staff use it",
        help_text="You then ask the people who use it, in place of residents.",
        required=False,
    )
    grant_funder = LineField(label="Who gives the grant?", called="funder", max_length=150, required=False)
    grant_amount = MoneyField(label="How much is the grant?", called="amount of the grant", required=False)
    grant_spend_by = DayField(label="By when must it be spent?", called="date to spend it by", required=False)
    resources = TextField(
        label="What people and money are set aside to do this?",
        help_text="Like 20 days of a commissioner, and £15,000 for surveys.",
        called="resources",
        max_length=2000,
        rows=3,
        required=False,
    )
    shown_to = forms.ChoiceField(
        label="Who sees it among the upcoming opportunities?",
        choices=Commission.ShownTo.choices,
        initial=Commission.ShownTo.STAFF,
        widget=forms.RadioSelect,
        required=False,
    )

    def clean(self) -> dict[str, Any] | None:
        """A grant that is described is one that pays; who sees a line is staff unless somebody said otherwise."""
        cleaned = super().clean()
        given = self.cleaned_data
        given["shown_to"] = given.get("shown_to") or Commission.ShownTo.STAFF
        if any(given.get(name) for name in GRANT) and not given.get("is_grant_funded"):
            self.add_error("is_grant_funded", "Tick this if a grant pays, or clear what is said of the grant")
        return cleaned


def further_layout(form: Any) -> list[Any]:
    """The folds of a page that has the fields above."""
    return [
        *folded(form, "The grant", GRANT),
        *folded(form, "Level, places and people it serves", SERVES),
        *folded(form, "Impact, resources and who sees it", (*MATTERS, *PLANNING)),
    ]


class PriorityForm(PageForm):
    """How much a commission matters beside other work, and why."""

    submit_label = "Save this priority"
    priority = forms.TypedChoiceField(
        label="Priority",
        choices=Commission.Priority.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a priority", "invalid_choice": "Choose a priority from the list"},
    )
    reason = TextField(label="Why?", called="reason", max_length=500, rows=3)
