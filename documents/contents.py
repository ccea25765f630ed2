"""One paper with everything in it, as pages, guards and the freezing of a revision read it. No database here.

``documents.selectors.contents_of`` loads it in a fixed number of statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from documents.conditions import Conditions
from documents.facts import FactValue, label_of
from documents.kinds import Json, Shown, kind_of
from documents.shape import QuestionShape, SectionShape, TemplateShape
from documents.states import ProblemKind, SectionStatus
from organisation import formatting

if TYPE_CHECKING:
    from documents.models import Answer, Attachment, FactConfirmation, Paper


@dataclass(frozen=True)
class Problem:
    """One thing that stops a paper from being submitted. ``words`` has no final stop."""

    section: SectionShape
    question: QuestionShape
    kind: ProblemKind
    words: str

    @property
    def anchor(self) -> str:
        """The place on the section's page where it is mended."""
        return f"question-{self.question.key}"


@dataclass(frozen=True)
class Progress:
    """How far a paper has come, counted in the sections that it needs."""

    done: int
    needed: int

    @property
    def short_words(self) -> str:
        """6 of 9 completed."""
        return f"{self.done} of {self.needed} completed"

    @property
    def words(self) -> str:
        """6 of 9 sections completed."""
        return f"{self.done} of {formatting.counted(self.needed, 'section')} completed"


@dataclass(frozen=True)
class PaperContents:
    """A paper, its questions, its answers, and the facts and files that belong to them."""

    paper: Paper
    shape: TemplateShape
    answers: Mapping[str, Answer]
    others: Mapping[str, Sequence[Answer]]
    """Values that lost a race between two tabs and wait for someone to choose, by question."""
    facts: Mapping[str, FactValue]
    confirmed: Mapping[str, FactConfirmation]
    files: Mapping[str, Sequence[Attachment]]
    earlier_files: Mapping[str, Sequence[Attachment]] = field(default_factory=dict)
    """Files that were replaced or removed. They are kept, and listed apart."""
    strangers: frozenset[int] = field(default_factory=frozenset)
    """People who were chosen once and can't be chosen any more."""

    @cached_property
    def conditions(self) -> Conditions:
        """Which questions are asked."""
        return Conditions(self.shape, {key: answer.value for key, answer in self.answers.items()}, self.facts)

    def value(self, question_key: str) -> Json:
        """The answer that stands, or None."""
        answer = self.answers.get(question_key)
        return answer.value if answer else None

    def asked_in(self, section: SectionShape) -> list[QuestionShape]:
        """The questions of a section that are asked now."""
        return [question for question in section.questions if self.conditions.is_asked(question)]

    def is_confirmed(self, question: QuestionShape) -> bool:
        """Whether the fact was confirmed as it reads now. A fact that changed since must be looked at again."""
        fact, confirmation = self.facts.get(question.fact), self.confirmed.get(question.fact)
        return fact is not None and confirmation is not None and confirmation.value_shown == fact_words(fact)

    def show(self, question: QuestionShape) -> Shown:
        """The answer to one question, of any kind, for a reader."""
        if question.kind == "fact":
            fact = self.facts.get(question.fact)
            return {"form": "words", "words": fact.shown} if fact else {"form": "blank"}
        if question.kind == "file":
            names = [attachment.filename for attachment in self.files.get(question.key, ())]
            return {"form": "list", "items": names} if names else {"form": "blank"}
        return kind_of(question.kind).show(question, self.value(question.key))

    def problems_in(self, section: SectionShape) -> list[Problem]:
        """Everything that is missing or wrong in one section, in the order of its questions."""
        return [problem for question in self.asked_in(section) for problem in self._problems(section, question)]

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that is missing or wrong in the whole paper."""
        return [problem for section in self.shape.sections for problem in self.problems_in(section)]

    def status_of(self, section: SectionShape) -> SectionStatus:
        """Where one section stands."""
        asked = self.asked_in(section)
        if not asked:
            return SectionStatus.NOT_NEEDED
        if not self._is_started(section, asked):
            return SectionStatus.NOT_STARTED
        return SectionStatus.IN_PROGRESS if self.problems_in(section) else SectionStatus.COMPLETED

    @cached_property
    def statuses(self) -> dict[str, SectionStatus]:
        """Where each section stands, by its key."""
        return {section.key: self.status_of(section) for section in self.shape.sections}

    @cached_property
    def progress(self) -> Progress:
        """How many of the needed sections are completed."""
        needed = [status for status in self.statuses.values() if status != SectionStatus.NOT_NEEDED]
        return Progress(needed.count(SectionStatus.COMPLETED), len(needed))

    def _is_started(self, section: SectionShape, asked: Sequence[QuestionShape]) -> bool:
        if section.key in self.paper.sections_saved:
            return True
        # What was copied in when the paper was begun is not yet anyone's work.
        typed = (self.answers.get(question.key) for question in asked)
        return (
            any(answer is not None and answer.value is not None and not answer.came_from for answer in typed)
            or any(self.files.get(question.key) for question in asked)
            or any(question.kind == "fact" and question.fact in self.confirmed for question in asked)
        )

    def _problems(self, section: SectionShape, question: QuestionShape) -> list[Problem]:
        def problem(kind: ProblemKind, words: str) -> Problem:
            return Problem(section, question, kind, words)

        if self.others.get(question.key):
            return [problem(ProblemKind.TWO_ANSWERS, f"{question.label}: two answers were saved, choose one")]
        required = self.conditions.is_required(question)
        if question.kind == "fact":
            return [problem(*found) for found in self._fact_problem(question, required)]
        if question.kind == "file":
            return [problem(*found) for found in self._file_problems(question, required)]
        kind, value = kind_of(question.kind), self.value(question.key)
        if kind.is_blank(value):
            return [problem(ProblemKind.MISSING, f"{question.label}: {kind.missing_words}")] if required else []
        if question.kind == "person" and isinstance(value, dict) and value.get("id") in self.strangers:
            return [problem(ProblemKind.WRONG, f"{question.label}: {value['name']} no longer works here, choose again")]
        return [problem(ProblemKind.WRONG, words) for words in kind.faults(question, value)]

    def _fact_problem(self, question: QuestionShape, required: bool) -> list[tuple[ProblemKind, str]]:
        fact = self.facts.get(question.fact)
        if fact is None or fact.value is None:
            words = f"{question.label}: {formatting.NOT_RECORDED.lower()}"
            return [(ProblemKind.MISSING, words)] if required else []
        if self.is_confirmed(question) or not required:
            return []
        changed = question.fact in self.confirmed
        return [
            (
                ProblemKind.UNCONFIRMED,
                f"{question.label}: {'changed since it was confirmed' if changed else 'not confirmed'}",
            )
        ]

    def _file_problems(self, question: QuestionShape, required: bool) -> list[tuple[ProblemKind, str]]:
        files = self.files.get(question.key, ())
        if not files:
            words = f"{question.label}: {kind_of('file').missing_words}"
            return [(ProblemKind.MISSING, words)] if required else []
        return [
            (ProblemKind.WRONG, f"{attachment.filename}: still being checked for viruses")
            for attachment in files
            if not attachment.is_available
        ]


def fact_words(fact: FactValue) -> str:
    """What a person confirms: the fact and its second line."""
    return f"{fact.shown} {fact.detail}".strip()[:500]


def fact_label(question: QuestionShape) -> str:
    """What a fact question is called: its own label, or the fact's."""
    return question.label or label_of(question.fact)
