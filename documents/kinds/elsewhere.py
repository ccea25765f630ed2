"""Kinds whose answer lives elsewhere: a file, a person, a fact to confirm."""

from __future__ import annotations

from typing import Any

from django import forms

from documents.kinds.base import Json, Kind, Posted, Shown, as_typed, cleaned, typed_in
from documents.shape import QuestionShape


class FileKind(Kind):
    """Files. They are attachments of the paper under the question's key, not part of the answer."""

    key = "file"
    words = "A file to attach"
    in_form = False
    missing_words = "not uploaded"


class PersonKind(Kind):
    """Someone who works in the organisation, as ``{"id", "name"}``.

    The form reads an id as typed; the service looks it up, and a stranger's stays as typed and is refused.
    """

    key = "person"
    words = "A person"
    missing_words = "nobody named"

    def bare_field(self, question: QuestionShape) -> forms.Field:
        """A list of people; the section's form fills it in."""
        return forms.ChoiceField(label=question.label, required=False)

    def read(self, question: QuestionShape, posted: Posted, name: str) -> Json:
        """The chosen id, as typed until the service has looked it up."""
        chosen = cleaned(posted.get(name, ""))[:20]
        return as_typed(chosen) if chosen else None

    def from_json(self, value: Json) -> Any:
        """The id that the list offers."""
        return str(value["id"])

    def faults(self, question: QuestionShape, value: Json) -> list[str]:
        """Not someone who can be chosen here."""
        if typed_in(value) is not None:
            return [f"Choose someone who works in this organisation for “{question.label}”"]
        return []

    def show(self, question: QuestionShape, value: Json) -> Shown:
        """The person's name and team; a stranger's number is not repeated."""
        if typed_in(value) is not None:
            return {"form": "typed", "words": "Someone who cannot be chosen here"}
        return super().show(question, value)

    def show_answer(self, question: QuestionShape, value: Json) -> Shown:
        """The name as it stood when it was chosen."""
        return {"form": "words", "words": value["name"]}

    def from_fact(self, value: object) -> Json:
        """A fact whose value is a person's id and name."""
        return value if isinstance(value, dict) and set(value) == {"id", "name"} else None


class FactKind(Kind):
    """Something the record already holds, shown to confirm; it is changed where it lives."""

    key = "fact"
    words = "A fact to confirm"
    in_form = False
    missing_words = "not confirmed"
