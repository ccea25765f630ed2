"""The filters of the workplan, as they stand in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from commissioning.models import Commission
from commissioning.states import CommissionState
from organisation.forms import GdsForm
from organisation.models import Person
from reporting.orders import SIZES
from reporting.selectors.marks import gate_choices
from reporting.selectors.workplan import SORTS, Choices, Filters

OPEN = "open"
STAGES = [
    ("", "All stages"),
    (OPEN, "All that are open"),
    *((state.value, str(state.label)) for state in CommissionState),
]
RISKS = [("", "Any risk"), ("high", "High risk"), ("low", "Not high risk")]
WHOSE = [("", "Everyone’s"), ("mine", "Mine")]
GATE_WORDS = dict(gate_choices())
GATES = [("", "Any gate status"), *((key, words) for key, words in GATE_WORDS.items() if key.startswith("any-"))]
WAYS = [("", "All"), ("planned", "Planned"), ("reactive", "Reactive")]
PRIORITIES = [("", "Any priority"), *((str(row.value), str(row.label)) for row in Commission.Priority)]
STALE = [("", "At any time"), ("1", "Not for long: stale")]
# Filters that are shown when asked for: the page of fifty rows has to stay light.
MORE = ("objective", "place", "priority")
FURTHEST = date(2199, 12, 31)
# What only orders the list; everything else in its address narrows it.
ORDERING = ("sort", "show")


class DateBox(forms.DateInput):
    """The browser's own date box: one box is enough for a filter. The address holds it as 2026-11-21."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        """Write a date as the box wants it; leave what was typed as it was typed."""
        return value.isoformat() if isinstance(value, date) else value


class DateFilter(forms.DateField):
    """A date of the address, written 2026-11-21."""

    def __init__(self, **kwargs: Any) -> None:
        """Take the label; the words of the one error follow it."""
        words = f"{kwargs['label']}: enter a date, like 2027-03-31"
        super().__init__(
            required=False, widget=DateBox, input_formats=["%Y-%m-%d"], error_messages={"invalid": words}, **kwargs
        )

    def clean(self, value: Any) -> date | None:
        """Refuse a year no commission is needed in."""
        found: date | None = super().clean(value)
        if found is not None and not date(2000, 1, 1) <= found <= FURTHEST:
            raise forms.ValidationError(self.error_messages["invalid"])
        return found


class WorkplanForm(GdsForm, forms.Form):
    """Which commissions to list, and in what order. A wrong value is told and left out; the others still count."""

    q = forms.CharField(label="Contains", max_length=200, required=False)
    stage = forms.ChoiceField(label="Stage", choices=STAGES, required=False)
    directorate = forms.ChoiceField(label="Directorate", required=False)
    area = forms.ChoiceField(label="Service area", required=False)
    category = forms.ChoiceField(label="Category", required=False)
    objective = forms.ChoiceField(label="Objective", required=False)
    place = forms.ChoiceField(label="Area served", required=False)
    priority = forms.ChoiceField(label="Priority", choices=PRIORITIES, required=False)
    tier = forms.ChoiceField(label="Tier", required=False)
    risk = forms.ChoiceField(label="Risk", choices=RISKS, required=False)
    whose = forms.ChoiceField(label="Whose", choices=WHOSE, required=False)
    gate = forms.ChoiceField(label="Gate", choices=GATES, required=False)
    way = forms.ChoiceField(label="Planned or reactive", choices=WAYS, required=False)
    stale = forms.ChoiceField(label="Updated", choices=STALE, required=False)
    needed_from = DateFilter(label="Needed from")
    needed_to = DateFilter(label="Needed to")
    person = forms.CharField(required=False, widget=forms.HiddenInput, max_length=19)
    started = forms.RegexField(r"^20\d\dQ[1-4]$", required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput, max_length=30)
    show = forms.CharField(required=False, widget=forms.HiddenInput, max_length=3)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        """Offer what this person's organisations have."""
        super().__init__(*args, **kwargs)
        offered = {
            "directorate": ("All directorates", choices.directorates),
            "area": ("All service areas", choices.areas),
            "category": ("All categories", choices.categories),
            "tier": ("All tiers", choices.tiers),
            "objective": ("All objectives", choices.objectives),
            "place": ("All places", choices.places),
        }
        for name, (every, rows) in offered.items():
            self.fields[name].choices = [("", every), *rows]  # type: ignore[attr-defined]
        if not self.has_more:
            for name in MORE:
                self.fields[name].widget = forms.HiddenInput()
        # One gate alone is asked for by the dashboard's links; then it stands in the list too.
        if (gate := self.data.get("gate", "")) in GATE_WORDS and gate not in dict(GATES):
            self.fields["gate"].choices = [*GATES, (gate, GATE_WORDS[gate])]  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = f"{field.label}: choose one from the list"

    @property
    def has_more(self) -> bool:
        """Whether the filters that few people use are shown: somebody asked for them, or uses one."""
        return any(self.data.get(name) for name in ("more", *MORE))

    def clean(self) -> dict[str, Any]:
        """The window has a start before its end."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("needed_from"), cleaned.get("needed_to")
        if first and last and last < first:
            self.add_error("needed_to", "Needed to: enter a date after the one in “Needed from”")
        return cleaned

    def asked(self, person: Person) -> Asked:
        """What the address asks for, without what is wrong in it."""
        self.is_valid()
        given = self.cleaned_data
        holder = given.get("person", "")
        filters = Filters(
            text=given.get("q", "").strip(),
            state="" if given.get("stage") == OPEN else given.get("stage", ""),
            only_open=given.get("stage") == OPEN,
            directorate=_number(given.get("directorate", "")),
            area=_number(given.get("area", "")),
            category=given.get("category", ""),
            objective=given.get("objective", ""),
            place=given.get("place", ""),
            priority=given.get("priority", ""),
            tier=given.get("tier", ""),
            risk=given.get("risk", ""),
            holder=person.pk if given.get("whose") == "mine" else _number(holder),
            gate=given.get("gate", ""),
            way=given.get("way", ""),
            started=given.get("started", ""),
            stale=bool(given.get("stale")),
            needed_from=given.get("needed_from"),
            needed_to=given.get("needed_to"),
        )
        return Asked.of(filters, given)


@dataclass(frozen=True)
class Asked:
    """Which rows, in which order, how many at once. ``sort`` is empty for the order the list has by itself."""

    filters: Filters
    sort: str
    is_falling: bool
    size: int

    @classmethod
    def of(cls, filters: Filters, given: Mapping[str, str]) -> Asked:
        """The filters with the order and the size that were given, as far as there are such."""
        sort, show = given.get("sort", ""), given.get("show", "")
        return cls(
            filters=filters,
            sort=sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "",
            is_falling=sort.startswith("-"),
            size=int(show) if show in map(str, SIZES) else SIZES[0],
        )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
