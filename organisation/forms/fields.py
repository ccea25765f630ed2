"""Fields that many pages share: a line, a text, money, a day, a number, yes or no, a person, a supplier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.widgets import DateInputWidget
from django import forms

from organisation import formatting
from organisation.forms.wording import Called

# DecimalField(14, 2): twelve figures before the point.
MOST_MONEY = Decimal("999999999999.99")
_POUNDS = re.compile(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EARLIEST = date(1900, 1, 1)
_LATEST = date(2199, 12, 31)


class LineField(forms.CharField):
    """One line of text."""

    def __init__(self, *, max_length: int = 200, width: str = "", called: str = "", **kwargs: Any) -> None:
        """Take `width` as a GOV.UK input width, like "width-20"."""
        self.called = called
        attrs = {"class": f"govuk-input--{width}"} if width else {}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave `maxlength` out: it would cut off what is pasted without a word."""
        return _without_maxlength(super().widget_attrs(widget))


class TextField(forms.CharField):
    """Several lines of text, perhaps limited in words."""

    shows_count = True

    def __init__(
        self, *, max_length: int = 10_000, max_words: int | None = None, rows: int = 5, called: str = "", **kwargs: Any
    ) -> None:
        """Take the limits; the count under the box follows them."""
        self.called = called
        self.max_words = max_words
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        """Count a line break as one character, as the count under the box does."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave `maxlength` out: it would cut off what is pasted without a word."""
        return _without_maxlength(super().widget_attrs(widget))

    def validate(self, value: Any) -> None:
        """Refuse more words than allowed, and say how many there are."""
        super().validate(value)
        found = len(value.split())
        if self.max_words and found > self.max_words:
            subject = Called.by(str(self.called or self.label or "Your answer")).subject
            raise forms.ValidationError(
                f"{subject} must be {self.max_words} words or fewer. It has {found:,}", code="max_words"
            )


class MoneyField(forms.Field):
    """Pounds, as people write them: £18,000 or 18000.50. Gives a Decimal with two places."""

    widget = forms.TextInput
    prefix = "£"

    def __init__(self, *, called: str = "", allow_negative: bool = False, **kwargs: Any) -> None:
        """Take `called` as the name of the amount inside a sentence, when the label is a question."""
        self.called = called
        self.allow_negative = allow_negative
        super().__init__(**kwargs)
        name = Called.by(str(self.called or self.label or "amount"))
        self._enter = f"Enter {name.thing} in pounds, like 18000"
        self._subject = name.subject
        if "required" not in (kwargs.get("error_messages") or {}):
            self.error_messages["required"] = self._enter

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask phones for a keyboard with a point; keep the box as wide as an amount."""
        return {"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-10"}

    def prepare_value(self, value: Any) -> Any:
        """Show an amount without needless pence; leave what was typed as it was typed."""
        if isinstance(value, Decimal | int):
            return formatting.money(value).removeprefix("£")
        return value

    def to_python(self, value: Any) -> Decimal | None:
        """Read an amount. Raises ValidationError with the words to show by the field."""
        if value in self.empty_values:
            return None
        typed = re.sub(r"[\s£]", "", str(value)).replace(formatting.MINUS, "-")
        if not typed:
            return None
        negative = typed.startswith("-")
        digits = typed.removeprefix("-")
        if not _POUNDS.fullmatch(digits):
            raise forms.ValidationError(self._enter, code="invalid")
        # Measured as text: a million digits must not become a number.
        if len(digits.replace(",", "").partition(".")[0].lstrip("0")) > 12:
            raise forms.ValidationError(f"{self._subject} must be less than £1,000 billion", code="max_value")
        found = Decimal(digits.replace(",", "")).quantize(Decimal("0.01"))
        if negative and found and not self.allow_negative:
            raise forms.ValidationError(f"{self._subject} must be £0 or more", code="min_value")
        return -found if negative else found


class NumberField(forms.IntegerField):
    """A whole number, typed with or without commas. A plain text box: number boxes change when scrolled over."""

    widget = forms.TextInput

    def __init__(
        self, *, min_value: int = 0, max_value: int = 1_000_000_000, suffix: str = "", called: str = "", **kwargs: Any
    ) -> None:
        """Take the bounds, and the unit shown after the box."""
        self.called = called
        self.suffix = suffix
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask phones for figures."""
        return {"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-5"}

    def to_python(self, value: Any) -> int | None:
        """Read a number with or without commas."""
        return super().to_python(re.sub(r"[\s,]", "", value) if isinstance(value, str) else value)


class DayWidget(DateInputWidget):
    """Three boxes. No `maxlength`: it would cut off what is pasted; and months may be typed as words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask phones for figures in each box."""
        super().__init__(*args, **kwargs)
        for box in self.widgets:
            box.attrs |= {"inputmode": "numeric", "autocomplete": "off"}


class DayField(DateInputField):
    """A date in three boxes, with a message that says what is wrong with it."""

    widget = DayWidget

    def __init__(
        self, *, called: str = "", earliest: date | None = None, latest: date | None = None, **kwargs: Any
    ) -> None:
        """Take `called` as the name of the date inside a sentence, and the first and last day allowed."""
        self.called = called
        self.earliest = earliest or _EARLIEST
        self.latest = latest or _LATEST
        kwargs.setdefault("help_text", "For example, 27 3 2027")
        own_words = kwargs.pop("error_messages", None) or {}
        super().__init__(require_all_fields=False, **kwargs)
        for box in self.fields:
            box.required = False
            box.validators = []
            box.max_length = None
        name = Called.by(str(self.called or self.label or "date"))
        self._subject = name.subject
        self.error_messages |= {"required": f"Enter {name.thing}", **own_words}

    def clean(self, value: Any) -> date | None:
        """Read the three boxes. Raises ValidationError and marks the boxes that are wrong."""
        boxes = [str(part).strip() if part is not None else "" for part in value or ()] + ["", "", ""]
        for box in self.fields:
            box.widget.errors = []
        if not any(boxes):
            if self.required:
                raise self._fault(self.error_messages["required"], (0, 1, 2))
            return None
        missing = [place for place in range(3) if not boxes[place]]
        if missing:
            wanted = formatting.listed([("a day", "a month", "a year")[place] for place in missing])
            raise self._fault(f"{self._subject} must include {wanted}", missing)
        found = self._real_date(boxes)
        if found < self.earliest:
            raise self._fault(f"{self._subject} must be on or after {formatting.day(self.earliest)}", (0, 1, 2))
        if found > self.latest:
            raise self._fault(f"{self._subject} must be on or before {formatting.day(self.latest)}", (0, 1, 2))
        self.run_validators(found)
        return found

    def _real_date(self, boxes: Sequence[str]) -> date:
        if not re.fullmatch(r"[0-9]{4}", boxes[2]):
            raise self._fault(f"{self._subject} must have a year of 4 figures, like 2027", (2,))
        month = _month(boxes[1])
        if month is None:
            raise self._fault(f"{self._subject} must have a month from 1 to 12", (1,))
        try:
            return date(int(boxes[2]), month, int(boxes[0]) if re.fullmatch(r"[0-9]{1,2}", boxes[0]) else 0)
        except ValueError:
            raise self._fault(f"{self._subject} must be a real date, like 27 3 2027", (0,)) from None

    def _fault(self, words: str, places: Sequence[int]) -> forms.ValidationError:
        """Mark the wrong boxes; the summary links to the first of them, and says it once."""
        for place in places:
            self.fields[place].widget.errors = [words]
        return forms.ValidationError(words)


class YesNoField(forms.TypedChoiceField):
    """Two radios side by side. Gives True, False, or None when it may be left open."""

    def __init__(self, *, called: str = "", yes: str = "Yes", no: str = "No", **kwargs: Any) -> None:
        """Take the words of the two answers."""
        self.called = called
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(
            choices=[("yes", yes), ("no", no)], coerce=lambda sent: sent == "yes", empty_value=None, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        """Show a stored True or False as the answer it stands for."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class PersonField(forms.ModelChoiceField):
    """One person out of those the user may choose; give it a narrowed queryset."""

    def __init__(self, queryset: Any, *, called: str = "", **kwargs: Any) -> None:
        """Take the people who may be chosen."""
        self.called = called
        kwargs.setdefault("empty_label", "Choose a person")
        super().__init__(queryset, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Name, then team: two people may share a name."""
        return str(obj.label)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows out of those the user may choose. A number too long to be an id is refused like any stranger's."""

    def clean(self, value: Any) -> Any:
        """Refuse ids that no database holds, before one is asked."""
        sent = value if isinstance(value, list | tuple) else []
        if any(len(str(one)) > 18 for one in sent):
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "a number"}
            )
        return super().clean(value)


class SupplierField(forms.ModelChoiceField):
    """One supplier out of those the user may choose; give it a narrowed queryset."""

    def __init__(self, queryset: Any, *, called: str = "", **kwargs: Any) -> None:
        """Take the suppliers who may be chosen."""
        self.called = called
        kwargs.setdefault("empty_label", "Choose a supplier")
        super().__init__(queryset, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Name, then company number: names repeat, numbers do not."""
        return f"{obj.name}, {obj.company_number}" if obj.company_number else str(obj.name)


def _without_maxlength(attrs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attrs.items() if name != "maxlength"}


def _month(typed: str) -> int | None:
    if re.fullmatch(r"[0-9]{1,2}", typed):
        return int(typed) if 1 <= int(typed) <= 12 else None
    short = typed[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS and typed.isalpha() else None
