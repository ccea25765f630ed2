"""Kinds that hold one value, or several of one list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from documents.kinds.base import Json, Kind, Posted, Shown, cleaned, typed_in
from documents.shape import QuestionShape
from organisation import formatting
from organisation.forms import DayField, LineField, MoneyField, NumberField, TextField

LONGEST_LINE = 250
LONGEST_TEXT = 50_000
# What a draft still keeps of a single line or a chosen value: enough to lose nothing anyone meant.
LONGEST_KEPT_LINE = 5_000


class TextKind(Kind):
    """A single line."""

    key = "text"
    words = "A line of text"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """One line."""
        return LineField(label=question.label, required=False, max_length=LONGEST_LINE)

    def read(self, question: QuestionShape, posted: Posted, name: str) -> Json:
        """The line, however long: a draft keeps it. A line break that was pasted becomes a space."""
        return " ".join(cleaned(posted.get(name, "")).split("\n"))[:LONGEST_KEPT_LINE] or None

    def tested(self, value: Json) -> set[str]:
        """The line."""
        return {value} if value else set()

    def from_fact(self, value: object) -> Json:
        """The fact's words on one line."""
        return " ".join(cleaned(value).split("\n")) or None


class LongTextKind(Kind):
    """Paragraphs, with a word limit if the template sets one. Too many words are kept, and refused on submission."""

    key = "long_text"
    words = "Longer text, with a word limit"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """A box whose height follows what is asked for."""
        rows = 10 if (question.word_limit or 250) > 120 else 5
        return TextField(
            label=question.label, required=False, max_length=LONGEST_TEXT, max_words=question.word_limit, rows=rows
        )

    def read(self, question: QuestionShape, posted: Posted, name: str) -> Json:
        """The text, however long."""
        return cleaned(posted.get(name, "")) or None

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """Paragraphs, one for each line that was typed."""
        return {"form": "prose", "paragraphs": [line for line in str(value).split("\n") if line.strip()]}

    def from_fact(self, value: object) -> Json:
        """The fact's words."""
        return cleaned(value) or None


class MoneyKind(Kind):
    """An amount in pounds, kept as text with its pence."""

    key = "money"
    words = "An amount in pounds"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """Pounds, as people write them."""
        return MoneyField(label=question.label, required=False)

    def to_json(self, answer: Any) -> Json:
        """Text: JSON numbers would round it."""
        return str(answer)

    def from_json(self, value: Json) -> Any:
        """The amount."""
        return Decimal(value)

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """£18,000."""
        return {"form": "words", "words": formatting.money(Decimal(value))}

    def tested(self, value: Json) -> set[str]:
        """The amount with and without pence, so that 18000 in a template meets 18000.00."""
        if self.is_blank(value) or typed_in(value) is not None:
            return set()
        return {value, value.removesuffix(".00")}

    def from_fact(self, value: object) -> Json:
        """The fact's amount."""
        return str(value.quantize(Decimal("0.01"))) if isinstance(value, Decimal) else None


class NumberKind(Kind):
    """A whole number; only in tables."""

    key = "number"
    words = "A whole number"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """A number, with or without commas."""
        return NumberField(label=question.label, required=False)

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """1,204."""
        return {"form": "words", "words": formatting.whole(value)}


class DateKind(Kind):
    """A date in three boxes, kept as ISO text."""

    key = "date"
    words = "A date"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """Three boxes."""
        return DayField(label=question.label, required=False)

    def to_json(self, answer: Any) -> Json:
        """ISO text."""
        return answer.isoformat()

    def from_json(self, value: Json) -> Any:
        """The date's three boxes, which is what the field cleans and the widget shows."""
        day = date.fromisoformat(value)
        return [str(day.day), str(day.month), str(day.year)]

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """21 November 2026."""
        return {"form": "words", "words": formatting.day(date.fromisoformat(value))}

    def from_fact(self, value: object) -> Json:
        """The fact's date."""
        return value.isoformat() if isinstance(value, date) else None


class ChoiceKind(Kind):
    """One of a list."""

    key = "choice"
    words = "One choice from a list"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """Radios."""
        choices = [(choice.value, choice.label) for choice in question.choices]
        return forms.ChoiceField(label=question.label, required=False, choices=choices, widget=forms.RadioSelect)

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """The words of the choice."""
        return {"form": "words", "words": question.choice_label(value)}

    def tested(self, value: Json) -> set[str]:
        """The chosen value."""
        return {value} if isinstance(value, str) else set()

    def from_fact(self, value: object) -> Json:
        """The fact, which the template is expected to offer as a choice; validation says so if it doesn't."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return cleaned(value) or None


class ChoicesKind(Kind):
    """Any number of a list, kept in the template's order."""

    key = "choices"
    words = "Several choices from a list"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """Checkboxes."""
        choices = [(choice.value, choice.label) for choice in question.choices]
        return forms.MultipleChoiceField(
            label=question.label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
        )

    def read(self, question: QuestionShape, posted: Posted, name: str) -> Json:
        """The ticked values in the template's order."""
        read = super().read(question, posted, name)
        if not isinstance(read, list):
            return read
        return [choice.value for choice in question.choices if choice.value in read]

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """The words of each choice."""
        return {"form": "list", "items": [question.choice_label(item) for item in value]}

    def tested(self, value: Json) -> set[str]:
        """Each ticked value."""
        return set(value) if isinstance(value, list) else set()

    def from_fact(self, value: object) -> Json:
        """The fact's values."""
        return [str(item) for item in value] or None if isinstance(value, (list, tuple, set, frozenset)) else None


class FlagKind(Kind):
    """A mark on a row, like "Preferred"; only in tables."""

    key = "flag"
    words = "A mark on the row, like “Preferred”"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """One box to tick."""
        return forms.BooleanField(label=question.label, required=False)

    def read(self, question: QuestionShape, posted: Posted, name: str) -> Json:
        """True when it is ticked, blank otherwise."""
        return True if posted.get(name) else None
