"""Filling papers as somebody at a keyboard would: section by section, facts ticked, tables row by row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

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
    """Answer what is asked with the words given by question key: all sections, or only some."""
    for section in contents_of(_now(paper)).shape.sections:
        if only is not None and section.key not in only:
            continue
        # Read again for each section: which questions are asked follows from the answers before.
        contents = contents_of(_now(paper))
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
        if said or ticked:
            papers.save_answers(paper, section.key, said, by, contents.paper.version, confirmed=ticked)
        tables = [question for question in section.questions if question.kind == TABLE.key and question.key in words]
        if any(not question.asked_when.is_always for question in tables):
            contents = contents_of(_now(paper))
        for question in tables:
            if contents.conditions.is_asked(question) and contents.value(question.key) is None:
                for row in meant(story, question, words[question.key]):
                    papers.save_row(paper, section.key, question.key, "", row, by)


def _now(paper: Paper) -> Paper:
    return Paper.objects.select_related("case_file__organisation", "case_file__root", "template").get(pk=paper.pk)
