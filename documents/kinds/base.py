"""What every kind of question has in common."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django import forms

from documents.shape import QuestionShape
from organisation.forms.wording import give_words

Json = Any
"""An answer as it is kept: whatever JSON can hold. None is a blank."""

Posted = Mapping[str, Any]
"""A submitted form: Django's QueryDict, or a plain mapping."""

Shown = dict[str, Any]
"""An answer as a page, a frozen revision and a PDF show it. ``form`` says which of these it is:

``blank``; ``words`` (``words``); ``prose`` (``paragraphs``); ``list`` (``items``); ``table`` (``columns`` with
``label`` and ``is_number``, ``rows`` with ``id``, ``cells`` and ``marks``, ``total``); ``typed`` (``words``).
"""

# Tabs and line breaks stay; other control characters have no business in a paper and break what prints it.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def cleaned(raw: object) -> str:
    """What a person typed, without null bytes, with one kind of line break and no space around it."""
    text = str(raw if raw is not None else "")
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def as_typed(typed: str | list[str]) -> Json:
    """Keep what was typed where it could not be read as an answer."""
    return {"typed": typed}


def typed_in(value: Json) -> str | list[str] | None:
    """What was typed and not understood, or None for a proper answer."""
    return value["typed"] if isinstance(value, dict) and "typed" in value else None


def digest(value: Json) -> str:
    """A short fingerprint of an answer, with which a page says what it showed."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


class Kind:
    """One kind of question.

    ``in_form`` kinds are answered by a field in the section's own form; the others on a page of their own. The field
    says what can be read and in which words it is refused; this class turns what it reads into JSON and back.
    """

    key = ""
    words = ""
    in_form = True
    missing_words = "not answered"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """The form field, before it is given its words."""
        raise TypeError(f"A {self.key} question has no field of its own")

    def field(self, question: QuestionShape) -> forms.Field:
        """The form field that reads this answer. Never required: a draft may be blank."""
        field = self.bare_field(question)
        give_words(question.key, field)
        return field

    def read(self, question: QuestionShape, posted: Posted, name: str) -> Json:
        """The answer in a submitted form. Never raises: what can't be read is kept as typed."""
        field = self.field(question)
        raw = field.widget.value_from_datadict(posted, {}, name)
        typed = [cleaned(part) for part in raw] if isinstance(raw, list) else cleaned(raw)
        if not (any(typed) if isinstance(typed, list) else typed):
            return None
        try:
            answer = field.clean(typed)
        except forms.ValidationError:
            return as_typed(typed)
        # A field may find nothing in what was typed, as in a pound sign alone.
        return None if answer is None else self.to_json(answer)

    def to_json(self, answer: Any) -> Json:
        """What the field read, as it is kept."""
        return answer

    def for_field(self, value: Json) -> Any:
        """What is kept, as the field shows it; what was typed comes back as it was typed."""
        typed = typed_in(value)
        if value is None or typed is not None:
            return typed
        return self.from_json(value)

    def from_json(self, value: Json) -> Any:
        """A proper answer as the field knows it."""
        return value

    def is_blank(self, value: Json) -> bool:
        """Whether nothing was answered."""
        return value in (None, "", [], {})

    def faults(self, question: QuestionShape, value: Json) -> list[str]:
        """What is wrong with an answer that was given, as sentences that say how to mend it."""
        try:
            self.field(question).clean(self.for_field(value))
        except forms.ValidationError as refusal:
            return list(refusal.messages)
        return []

    def show(self, question: QuestionShape, value: Json) -> Shown:
        """The answer for a reader."""
        if self.is_blank(value):
            return {"form": "blank"}
        typed = typed_in(value)
        if typed is not None:
            return {"form": "typed", "words": typed if isinstance(typed, str) else " ".join(filter(None, typed))}
        return self.show_answer(question, value)

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """The answer for a reader, once it is known to be there and to be readable."""
        return {"form": "words", "words": str(value)}

    def tested(self, value: Json) -> set[str]:
        """The values that a condition on this question compares. Kinds that conditions don't test have none."""
        return set()

    def from_fact(self, value: object) -> Json:
        """The answer that a fact suggests when a paper is begun, or None where the fact doesn't fit."""
        return None
