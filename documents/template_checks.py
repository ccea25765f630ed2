"""What is wrong with a template before it is published. Pure; the admin and the loader both ask."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from documents.kinds import COLUMN_KINDS, KINDS
from documents.shape import QuestionShape, TemplateShape, When

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_TESTED_KINDS = ("choice", "choices", "text", "money")


def faults_of(shape: TemplateShape, knows_fact: Callable[[str], bool], roles: frozenset[str]) -> list[str]:
    """Every reason why a template can't be published, in words that name the question."""
    return [*_whole(shape, roles), *_questions(shape, knows_fact)]


def _whole(shape: TemplateShape, roles: frozenset[str]) -> Iterator[str]:
    if not shape.sections:
        yield "Add at least one section."
    keys = Counter(question.key for section in shape.sections for question in section.questions)
    keys.update(f"section {section.key}" for section in shape.sections)
    for key, count in keys.items():
        if count > 1:
            yield f"The key “{key}” is used {count} times; give each its own."
    for section in shape.sections:
        if not section.questions:
            yield f"Section “{section.title}” has no questions."
        if not _KEY.fullmatch(section.key):
            yield f"The key “{section.key}” must be small letters, figures and underscores, like economic_case."
    for role in shape.written_by:
        if role not in roles:
            yield f"“{role}” is not a role that can write a paper."


def _questions(shape: TemplateShape, knows_fact: Callable[[str], bool]) -> Iterator[str]:
    earlier: dict[str, QuestionShape] = {}
    for question in (question for section in shape.sections for question in section.questions):
        named = f"“{question.label or question.key}”"
        for fault in _question(question, knows_fact):
            yield f"{named} {fault}"
        for when in (question.asked_when, question.required_when):
            for fault in _condition(when, earlier, knows_fact):
                yield f"{named} {fault}"
        earlier[question.key] = question


def _question(question: QuestionShape, knows_fact: Callable[[str], bool]) -> Iterator[str]:
    if not _KEY.fullmatch(question.key):
        yield "needs a key of small letters, figures and underscores, like whole_life_cost."
    if question.kind not in KINDS:
        yield f"is of a kind that does not exist: {question.kind}."
    if not question.label:
        yield "needs a label."
    if question.kind in ("choice", "choices") and not question.choices:
        yield "needs choices."
    if question.word_limit is not None and question.word_limit < 1:
        yield "needs a word limit of 1 or more."
    if question.kind == "fact" and not question.fact:
        yield "needs a fact to show."
    if question.fact and not knows_fact(question.fact):
        yield f"names a fact that no record offers: {question.fact}."
    if question.kind == "table":
        yield from _columns(question)


def _columns(question: QuestionShape) -> Iterator[str]:
    keys = [column.key for column in question.columns]
    if not keys:
        yield "needs columns."
    if len(set(keys)) != len(keys):
        yield "has two columns with the same key."
    for column in question.columns:
        if column.kind not in COLUMN_KINDS:
            yield f"has a column of a kind that does not exist: {column.kind}."
        if column.kind == "choice" and not column.choices:
            yield f"needs choices for its column “{column.label}”."
        money = {other.key for other in question.columns if other.kind == "money"}
        if not set(column.sums) <= money:
            yield f"adds up columns in “{column.label}” that are not amounts."


def _condition(when: When, earlier: dict[str, QuestionShape], knows_fact: Callable[[str], bool]) -> Iterator[str]:
    if when.is_always:
        return
    if not when.values:
        yield "has a condition without a value to compare with."
    if when.kind == "fact":
        if not knows_fact(when.key):
            yield f"hangs on a fact that no record offers: {when.key}."
        return
    other = earlier.get(when.key)
    if other is None:
        yield f"hangs on “{when.key}”, which is not a question before it."
    elif other.kind not in _TESTED_KINDS:
        yield f"hangs on “{other.label}”, but only choices, lines of text and amounts can be tested."
    elif other.choices and not set(when.values) <= {choice.value for choice in other.choices}:
        yield f"hangs on an answer that “{other.label}” does not offer."
