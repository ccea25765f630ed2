"""Forms for what a contract is measured by, and for the results of a period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from contracts.services.readings import Entry, missing_of
from contracts.states import Direction, Interval, Rating
from organisation.formatting import MINUS
from organisation.forms import LineField, VersionedPageForm

if TYPE_CHECKING:
    from contracts.selectors.readings import SheetRow

CLASS_OF: dict[type, str] = {
    forms.TextInput: "govuk-input",
    forms.Textarea: "govuk-textarea",
    forms.Select: "govuk-select",
}
FIELD_OF = {"value": "value", "comment": "comment", "rating_reason": "why"}


class MeasureField(forms.DecimalField):
    """A number as people write it: 84, 97.5, 1,204 or 84%. Up to ten figures before the point and four after it."""

    widget = forms.TextInput

    def __init__(self, *, called: str = "", **kwargs: Any) -> None:
        """Take the name of the number inside a sentence."""
        self.called = called
        super().__init__(max_digits=14, decimal_places=4, **kwargs)
        name = called or str(self.label or "number")
        self.error_messages |= {
            "invalid": f"Enter the {name} as a number, like 84 or 97.5",
            "max_digits": f"Enter the {name} with at most 14 figures",
            "max_decimal_places": f"Enter the {name} with at most 4 figures after the point",
            "max_whole_digits": f"Enter the {name} with at most 10 figures before the point",
        }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask phones for a keyboard with a point."""
        return {"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-5"}

    def prepare_value(self, value: Any) -> Any:
        """Show a number without needless noughts; leave what was typed as it was typed."""
        if isinstance(value, Decimal):
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        return value

    def to_python(self, value: Any) -> Any:
        """Read a number with or without commas, a pound sign or a per cent sign."""
        if isinstance(value, str):
            value = re.sub(r"[\s,£%]", "", value).replace(MINUS, "-")
        return super().to_python(value)


class IndicatorForm(VersionedPageForm):
    """One measure of a contract."""

    submit_label = "Save this indicator"

    name = LineField(label="What is measured?", called="measure")
    outcome = LineField(
        label="Which outcome does it show? (optional)", called="outcome", max_length=500, required=False
    )
    unit = LineField(
        label="Unit (optional)",
        help_text="For example %, £, people or days.",
        called="unit",
        max_length=60,
        width="width-10",
        required=False,
    )
    baseline = MeasureField(
        label="Baseline (optional)", help_text="Where it stands today.", called="baseline", required=False
    )
    target = MeasureField(label="Target", called="target")
    direction = forms.ChoiceField(
        label="Which way is better?",
        choices=Direction.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which way is better"},
    )
    tolerance = MeasureField(
        label="Tolerance",
        help_text="How far short of the target a result may fall and still be amber, in the same unit. "
        "0 makes every miss red.",
        called="tolerance",
        min_value=0,
    )
    interval = forms.ChoiceField(
        label="How often is it read?",
        choices=Interval.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often it is read"},
    )
    source_of_data = LineField(
        label="Where do the figures come from? (optional)", called="source", max_length=300, required=False
    )
    is_safeguarding = forms.BooleanField(
        label="It watches over safeguarding",
        help_text="Like concerns raised and looked into in time, or checks on staff that are up to date.",
        required=False,
    )


class ReadingsForm(VersionedPageForm):
    """The results of one period: a row for each measure that is still open. Any of them may be left for later."""

    submit_label = "Save results"

    def __init__(self, *args: Any, rows: Sequence[SheetRow], **kwargs: Any) -> None:
        """Make the fields of each row that can still be filled in."""
        self.rows = rows
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]  # one form's own fields, not the class's
        for row in rows:
            if row.is_open:
                self.base_fields.update(_fields_of(row))
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # The cells are laid out by the page's own template, so the classes are given here.
            own = CLASS_OF.get(type(field.widget), "")
            field.widget.attrs["class"] = f"{own} {field.widget.attrs.get('class', '')}".strip()

    def clean(self) -> dict[str, Any] | None:
        """Say at its own field what a red result or another rating still needs."""
        cleaned = super().clean()
        for row in self.rows:
            key = row.indicator.pk
            if not row.is_open or f"value_{key}" in self.errors:
                continue
            for name, words in missing_of(row.indicator, self._entry(key)).items():
                self.add_error(f"{FIELD_OF[name]}_{key}", words)
        return cleaned

    @property
    def entries(self) -> dict[int, Entry]:
        """What was typed, by indicator."""
        return {row.indicator.pk: self._entry(row.indicator.pk) for row in self.rows if row.is_open}

    def cells(self) -> list[tuple[SheetRow, dict[str, forms.BoundField]]]:
        """Each row with its fields, for the table."""
        names = ("value", "evidence", "comment", "rating", "why")
        return [
            (row, {name: self[f"{name}_{row.indicator.pk}"] for name in names} if row.is_open else {})
            for row in self.rows
        ]

    def _entry(self, key: int) -> Entry:
        data = self.cleaned_data
        return Entry(
            value=data.get(f"value_{key}"),
            evidence=data.get(f"evidence_{key}", ""),
            comment=data.get(f"comment_{key}", ""),
            rating=data.get(f"rating_{key}", ""),
            rating_reason=data.get(f"why_{key}", ""),
        )


def _fields_of(row: SheetRow) -> dict[str, forms.Field]:
    indicator, reading = row.indicator, row.reading
    key, name = indicator.pk, indicator.name
    given = reading.rating if reading and reading.rating != reading.computed else ""
    return {
        f"value_{key}": MeasureField(
            label=f"Result of {name}",
            called=f"result of {name}",
            required=False,
            initial=reading.value if reading else None,
        ),
        f"evidence_{key}": LineField(
            label=f"Evidence for {name}",
            called=f"evidence for {name}",
            max_length=500,
            required=False,
            initial=reading.evidence if reading else "",
        ),
        f"comment_{key}": LineField(
            label=f"Comment on {name}",
            called=f"comment on {name}",
            max_length=1000,
            required=False,
            initial=reading.comment if reading else "",
            widget=forms.Textarea(attrs={"rows": 2}),
        ),
        f"rating_{key}": forms.ChoiceField(
            label=f"Rating of {name}",
            choices=[("", "As worked out"), *Rating.choices],
            required=False,
            initial=given,
        ),
        f"why_{key}": LineField(
            label=f"Why {name} is rated otherwise",
            called=f"reason for the rating of {name}",
            max_length=500,
            required=False,
            initial=reading.rating_reason if reading else "",
        ),
    }
