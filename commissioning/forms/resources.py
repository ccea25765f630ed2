"""The forms of the sheets about money and people's time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from commissioning.financial_years import year_of, year_words
from commissioning.forms.sheets import SheetForm
from commissioning.selectors.people import choosable
from organisation import clock
from organisation.forms import LineField, MoneyField, PersonField
from organisation.models import Person

#: The current year and the five after it.
YEARS = 6
#: Months ahead for which time can be promised.
MONTHS = 24
MOST_DAYS = Decimal(500)


def _years(kept: int | None) -> list[tuple[Any, str]]:
    now = year_of(clock.today())
    years = sorted({*range(now, now + YEARS), *([kept] if kept is not None else [])})
    return [("", "Choose a year"), *((year, year_words(year)) for year in years)]


def year_field() -> forms.TypedChoiceField:
    """A financial year, by the calendar year in which it begins."""
    return forms.TypedChoiceField(
        label="In which financial year?",
        coerce=int,
        error_messages={"required": "Choose the financial year", "invalid_choice": "Choose a year from the list"},
    )


class YearForm(SheetForm):
    """A row about one financial year; the year it had stays on offer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the years from this one on."""
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = _years(getattr(self.row, "year", None))  # type: ignore[attr-defined]


class BudgetLineForm(YearForm):
    """Money that is there."""

    code = LineField(
        label="Budget code", help_text="As Finance writes it, like R40-2201.", max_length=60, called="budget code"
    )
    source = LineField(
        label="Where does the money come from?",
        help_text="Like base budget, public health grant or Better Care Fund.",
        max_length=150,
        called="funding stream",
    )
    year = year_field()
    amount = MoneyField(label="How much, excluding VAT?", called="amount")


class ForecastLineForm(YearForm):
    """What will be spent."""

    what = LineField(label="What will be paid for?", called="what will be paid for")
    year = year_field()
    amount = MoneyField(label="How much, excluding VAT?", called="amount")
    basis = LineField(
        label="What does the figure rest on?",
        help_text="Like last year's spend and 4% for pay, or the signed contract.",
        max_length=300,
        called="what the figure rests on",
    )


class WorkTimeForm(SheetForm):
    """Days that somebody gives."""

    person = PersonField(
        Person.objects.none(), label="Who gives the time?", required=False, empty_label="Nobody named yet"
    )
    team = LineField(
        label="Which team or function?",
        help_text="Leave it open if you named a person whose team is known.",
        max_length=150,
        required=False,
    )
    month = forms.TypedChoiceField(
        label="In which month?",
        coerce=date.fromisoformat,
        error_messages={"required": "Choose the month", "invalid_choice": "Choose a month from the list"},
    )
    days = forms.DecimalField(
        label="How many working days?",
        help_text="Half days count as 0.5.",
        min_value=Decimal("0.1"),
        max_value=MOST_DAYS,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-5"}),
        error_messages={
            "required": "Enter the number of days",
            "invalid": "Enter a number of days, like 3 or 2.5",
            "min_value": "The days must be more than 0",
            "max_value": f"The days must be {MOST_DAYS} or fewer",
            "max_decimal_places": "Round to tenths of a day, like 2.5",
        },
    )
    work = LineField(label="For what?", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the people of the commission and the months from this one on."""
        super().__init__(*args, **kwargs)
        chosen = getattr(self.row, "person_id", None)
        self.fields["person"].queryset = choosable(self.commission, with_lead=chosen)  # type: ignore[attr-defined]
        first = clock.today().replace(day=1)
        months = {_months_on(first, ahead) for ahead in range(MONTHS)} | {getattr(self.row, "month", first)}
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a month"),
            *((month.isoformat(), f"{month:%B %Y}") for month in sorted(months)),
        ]

    def clean(self) -> dict[str, Any] | None:
        """Somebody gives it: a person, whose team is then known, or a team."""
        cleaned = super().clean()
        person = self.cleaned_data.get("person")
        if not self.cleaned_data.get("team"):
            self.cleaned_data["team"] = person.team if person else ""
        if not self.cleaned_data["team"] and "team" not in self.errors:
            self.add_error("team", "Name the team or function that gives the time")
        return cleaned


def _months_on(first: date, ahead: int) -> date:
    months = first.year * 12 + first.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)
