"""When a question is asked, and when it must be answered. Fixed columns, no expression language."""

from __future__ import annotations

from collections.abc import Mapping

from documents.facts import FactValue, label_of
from documents.kinds import Json, kind_of
from documents.shape import QuestionShape, TemplateShape, When
from organisation import formatting


class Conditions:
    """Answers, for one paper, which questions are asked and which must be answered."""

    def __init__(self, shape: TemplateShape, answers: Mapping[str, Json], facts: Mapping[str, FactValue]) -> None:
        """Take the paper's questions, answers and facts."""
        self._questions = shape.questions
        self._answers = answers
        self._facts = facts
        self._asked: dict[str, bool] = {}

    def is_asked(self, question: QuestionShape) -> bool:
        """Whether the question is asked at all. One that hangs on a question that isn't asked isn't asked either."""
        if question.key not in self._asked:
            # A circle of conditions, which publishing refuses, would ask nothing rather than run for ever.
            self._asked[question.key] = False
            self._asked[question.key] = self._holds(question.asked_when)
        return self._asked[question.key]

    def is_required(self, question: QuestionShape) -> bool:
        """Whether an asked question must be answered before the paper is submitted."""
        if not self.is_asked(question):
            return False
        return question.required or (not question.required_when.is_always and self._holds(question.required_when))

    def why(self, question: QuestionShape) -> str:
        """Why a question is asked or needed, in words, or nothing when it always is."""
        for opening, when in (("Asked", question.asked_when), ("Needed", question.required_when)):
            if not when.is_always and self._holds(when):
                return f"{opening} because {self._because(when)}."
        return ""

    def why_not(self, question: QuestionShape) -> str:
        """Why a question is left out, in words."""
        when = question.asked_when
        wanted = formatting.listed(self._value_words(when), join="or")
        return f"Asked only when {self._name(when)} is {wanted}."

    def _holds(self, when: When) -> bool:
        if when.is_always:
            return True
        return bool(self._tested(when) & set(when.values))

    def _tested(self, when: When) -> set[str]:
        if when.kind == "fact":
            fact = self._facts.get(when.key)
            return fact.tested() if fact else set()
        earlier = self._questions.get(when.key)
        if earlier is None or not self.is_asked(earlier):
            return set()
        return kind_of(earlier.kind).tested(self._answers.get(when.key))

    def _name(self, when: When) -> str:
        label = label_of(when.key) if when.kind == "fact" else self._questions[when.key].label
        if label.endswith("?"):
            return f"the answer to “{label}”"
        return formatting.in_sentence(label)

    def _value_words(self, when: When) -> list[str]:
        if when.kind == "fact":
            fact = self._facts.get(when.key)
            met = fact.tested() & set(when.values) if fact else set()
            if fact and met:
                return [fact.shown]
            names = fact.names if fact else {}
            return [formatting.in_sentence(names.get(value) or value.replace("_", " ")) for value in when.values]
        earlier = self._questions.get(when.key)
        return [earlier.choice_label(value) if earlier else value for value in when.values]

    def _because(self, when: When) -> str:
        met = self._tested(when) & set(when.values)
        if when.kind == "fact":
            words = self._value_words(when)
        else:
            words = [self._questions[when.key].choice_label(value) for value in when.values if value in met]
        return f"{self._name(when)} is {formatting.listed(words)}"
