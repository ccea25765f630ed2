"""Filling papers as somebody at a keyboard would: section by section, facts ticked, tables row by row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from documents.conditions import Conditions
from documents.contents import fact_words
from documents.kinds import TABLE, digest
from documents.models import Paper
from documents.selectors import contents_of
from documents.services import papers
from organisation.models import Person
from reporting.demo.stage import Story
from reporting.demo.wording import meant


def fill(
    story: Story,
    template: str,
    *,
    paper: Paper | None = None,
    own: dict[str, Any] | None = None,
    only: Collection[str] | None = None,
    submits: bool = True,
) -> None:
    """Answer a paper with the story's own words and the common ones, and submit it.

    With ``only``, answer just those sections and leave it a draft. Without ``submits``, leave it complete.
    """
    by = story.holder
    paper = paper or papers.begin(story.case, template, by=by)
    told = story.told.get("papers", {}).get(template, {})
    answer(story, paper, story.stage.words[template] | told | (own or {}), by, only=only)
    if only is None and submits:
        papers.submit(_now(paper), by)


def answer(
    story: Story, paper: Paper, words: Mapping[str, Any], by: Person, *, only: Collection[str] | None = None
) -> None:
    """Answer what is asked with the words given by question key: all sections, or only some.

    The paper is read once: which questions are asked follows from what was just said.
    """
    contents = contents_of(_now(paper))
    version = contents.paper.version
    answers = {key: kept.value for key, kept in contents.answers.items()}
    for section in contents.shape.sections:
        if only is not None and section.key not in only:
            continue
        ticked = {
            question.fact: digest(fact_words(contents.facts[question.fact]))
            for question in section.questions
            if question.kind == "fact" and question.fact in contents.facts
        }
        said = {
            question.key: meant(story, question, words[question.key])
            for question in section.questions
            if question.key in words and question.kind not in ("fact", "file", TABLE.key)
        }
        answers |= said
        if said or ticked:
            version = papers.save_answers(paper, section.key, said, by, version, confirmed=ticked).version
        conditions = Conditions(contents.shape, answers, contents.facts)
        for question in section.questions:
            is_table = question.kind == TABLE.key and question.key in words
            if is_table and conditions.is_asked(question) and answers.get(question.key) is None:
                for row in meant(story, question, words[question.key]):
                    version = papers.save_row(paper, section.key, question.key, "", row, by).version


def _now(paper: Paper) -> Paper:
    return Paper.objects.select_related("case_file__organisation", "case_file__root", "template").get(pk=paper.pk)
