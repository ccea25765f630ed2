"""The fixed picture of one template version: what is asked, in what order, and when. Plain values, no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen."""

    value: str
    label: str


@dataclass(frozen=True)
class Column:
    """One typed column of a table question. ``sums`` names the money columns that a "sum" column adds up.

    ``row`` is said by the first column: what a row is, with its article ("a risk").
    """

    key: str
    label: str
    kind: str
    choices: tuple[Choice, ...] = ()
    sums: tuple[str, ...] = ()
    row: str = ""


@dataclass(frozen=True)
class When:
    """A condition: a fact or an earlier answer is one of some values. Without a ``kind`` it always holds."""

    kind: str = ""
    key: str = ""
    values: tuple[str, ...] = ()

    @property
    def is_always(self) -> bool:
        """Whether there is nothing to test."""
        return not self.kind


@dataclass(frozen=True)
class QuestionShape:
    """One question of a template version."""

    key: str
    kind: str
    label: str
    hint: str = ""
    required: bool = False
    word_limit: int | None = None
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    fact: str = ""
    asked_when: When = field(default_factory=When)
    required_when: When = field(default_factory=When)

    @property
    def row_words(self) -> str:
        """What a row of a table is, with its article; "a row" where the template does not say."""
        return (self.columns[0].row if self.columns else "") or "a row"

    def choice_label(self, value: str) -> str:
        """The words of a choice, or the value itself when the template has no such choice."""
        return next((choice.label for choice in self.choices if choice.value == value), value)


@dataclass(frozen=True)
class SectionShape:
    """One topic: a page of questions."""

    key: str
    title: str
    guidance: str = ""
    questions: tuple[QuestionShape, ...] = ()

    def question(self, key: str) -> QuestionShape | None:
        """The question of this section with that key."""
        return next((question for question in self.questions if question.key == key), None)


@dataclass(frozen=True)
class TemplateShape:
    """One template version. A published one never changes, so its picture is kept while a process lives."""

    id: int
    key: str
    name: str
    version: int
    purpose: str
    written_by: tuple[str, ...]
    sections: tuple[SectionShape, ...]

    @cached_property
    def questions(self) -> dict[str, QuestionShape]:
        """Every question by its key, in the order of the paper."""
        return {question.key: question for section in self.sections for question in section.questions}

    def section(self, key: str) -> SectionShape | None:
        """The section with that key."""
        return next((section for section in self.sections if section.key == key), None)

    def section_of(self, question_key: str) -> SectionShape:
        """The section in which a question stands."""
        return next(section for section in self.sections if section.question(question_key))

    def after(self, section_key: str) -> SectionShape | None:
        """The section that follows, or None after the last one."""
        keys = [section.key for section in self.sections]
        place = keys.index(section_key) + 1
        return self.sections[place] if place < len(self.sections) else None

    def number_of(self, section_key: str) -> int:
        """The place of a section, counted from one."""
        return [section.key for section in self.sections].index(section_key) + 1

    def fact_keys(self) -> Iterator[str]:
        """Every fact that the paper shows, copies from or tests."""
        seen: set[str] = set()
        for question in self.questions.values():
            tested = [when.key for when in (question.asked_when, question.required_when) if when.kind == "fact"]
            for key in [question.fact, *tested]:
                if key and key not in seen:
                    seen.add(key)
                    yield key
