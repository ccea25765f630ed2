"""Papers: begun on a published template, answered as a draft, submitted as a frozen revision, reopened, compared."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from casework.audit import audited, record
from casework.blockers import Blocker
from casework.door import Outcome, carry_out, who_words
from casework.lifecycle import effect_of
from casework.models import CaseFile
from casework.refusals import NotPermitted, Refused
from documents import comparing, facts, guards, selectors
from documents.comparing import SectionChanges
from documents.freezing import fingerprint, freeze
from documents.kinds import Json, kind_of
from documents.models import Answer, Paper, Revision, Template
from documents.services import renderings
from documents.services.answers import KeptAside, Saved, choose_answer, remove_row, save_answers, save_row
from documents.shape import QuestionShape, TemplateShape
from organisation import clock
from organisation.actors import Actor
from organisation.models import Person
from organisation.permissions import may

__all__ = [
    "KeptAside",
    "NoTemplate",
    "Saved",
    "begin",
    "blockers",
    "choose_answer",
    "compare",
    "remove_row",
    "reopen",
    "save_answers",
    "save_row",
    "submit",
]

_EARLIER_PAPERS_READ = 10


class NoTemplate(Refused):
    """The organisation's framework has no published template of that key."""


def begin(case_file: CaseFile, template_key: str, by: Actor, label: str = "") -> Paper:
    """Begin a paper on the newest published template, or return the one that was begun already.

    Idempotent for one case file, template and label. Copies in what facts and earlier papers already say, marked with
    where it came from; audits. Raises ``NoTemplate`` or ``NotPermitted``.
    """
    with audited(by=by):
        key = {"case_file": case_file, "template_key": template_key, "label": label.strip()}
        standing = Paper.objects.filter(**key).select_related("case_file", "template").first()
        if standing is not None:
            return standing
        template = Template.objects.latest_of(case_file.organisation.framework_id, template_key)
        if template is None:
            raise NoTemplate(
                f"There is no published template for “{template_key}”. Ask an administrator to publish one."
            )
        now = clock.now()
        paper = Paper(**key, template=template, begun_by=by if isinstance(by, Person) else None, begun_at=now)
        if not may(by, "paper.write", paper):
            raise NotPermitted(who_words("paper.write", paper))
        try:
            with transaction.atomic():
                paper.save()
        except IntegrityError:
            # Two people began it in the same instant; the unique key let one through.
            return Paper.objects.select_related("case_file", "template").get(**key)
        Answer.objects.bulk_create(
            Answer(paper=paper, question_key=question_key, value=value, version=1, saved_at=now, came_from=came_from)
            for question_key, (value, came_from) in _already_known(paper).items()
        )
        record(verb="paper.begin", subject=paper, to_state=paper.state)
        return paper


def submit(paper: Paper, by: Actor, act_id: uuid.UUID | None = None, **inputs: Any) -> Outcome:
    """Submit a paper: every missing or wrong answer blocks it; otherwise it is frozen as the next revision.

    Effects in order: the revision, its PDF to be made, then whatever higher rooms registered with
    ``effect_of(Paper, "submit")``; they find the revision with ``paper.revisions.latest("number")``.
    """
    return carry_out(paper, "submit", by=by, act_id=act_id, **inputs)


def reopen(
    paper: Paper,
    by: Actor,
    note: str,
    section_notes: Mapping[str, str] | None = None,
    act_id: uuid.UUID | None = None,
) -> Outcome:
    """Make a submitted paper a draft again. The note, and those for single sections, are shown word for word."""
    return carry_out(paper, "reopen", by=by, act_id=act_id, note=note, section_notes=dict(section_notes or {}))


def blockers(paper: Paper) -> list[Blocker]:
    """Everything that stops a paper from being submitted, each linked to its question."""
    contents = selectors.contents_of(paper)
    return list(guards.submit(contents, {}))


def compare(earlier: Revision, later: Revision) -> list[SectionChanges]:
    """What changed between two revisions, of one paper or of two that share questions."""
    return comparing.compare(earlier.content, later.content)


@effect_of(Paper, "submit")
def freeze_revision(paper: Paper, *, by: Actor, note: str = "", **inputs: Any) -> None:
    """Keep what was submitted, and have its PDF made."""
    contents = getattr(paper, "contents_read", None) or selectors.contents_of(paper)
    label = by.label if isinstance(by, Person) else str(by)
    submitted_at = paper.submitted_at or clock.now()
    content = freeze(contents, number=paper.revision_number, submitted_by=label, submitted_at=submitted_at)
    revision = Revision.objects.create(
        paper=paper,
        number=paper.revision_number,
        content=content,
        sha256=fingerprint(content),
        submitted_by=paper.submitted_by,
        submitted_at=submitted_at,
    )
    renderings.ask_for_revision(revision)


# --- what is already known ------------------------------------------------------------------------------------------


def _already_known(paper: Paper) -> dict[str, tuple[Json, str]]:
    """The answers that facts and earlier papers give, each with where it came from. Facts come first."""
    shape = selectors.shape_of(paper.template, begun_on=selectors.day_of(paper))
    known = _from_facts(paper, shape)
    open_questions = {key: question for key, question in shape.questions.items() if key not in known}
    return known | _from_earlier_papers(paper, open_questions)


def _from_facts(paper: Paper, shape: TemplateShape) -> dict[str, tuple[Json, str]]:
    wanted = {key: question for key, question in shape.questions.items() if question.fact and question.kind != "fact"}
    values = facts.load_facts([paper.case_file], {question.fact for question in wanted.values()})[paper.case_file_id]
    found = {}
    for key, question in wanted.items():
        fact = values.get(question.fact)
        value = kind_of(question.kind).from_fact(fact.value) if fact and fact.value is not None else None
        if value is not None and not kind_of(question.kind).faults(question, value):
            found[key] = (value, fact.source if fact else "")
    return {key: (value, source or "The record") for key, (value, source) in found.items()}


def _from_earlier_papers(paper: Paper, questions: Mapping[str, QuestionShape]) -> dict[str, tuple[Json, str]]:
    """Answers to questions with the same key and kind in the papers already submitted on this case, newest first."""
    if not questions:
        return {}
    earlier = Revision.objects.filter(paper__case_file_id=paper.case_file_id).order_by("-submitted_at", "-id")
    found: dict[str, tuple[Json, str]] = {}
    for number, content in earlier.values_list("number", "content")[:_EARLIER_PAPERS_READ]:
        for frozen in (question for section in content["sections"] for question in section["questions"]):
            key, value = frozen["key"], frozen.get("value")
            question = questions.get(key)
            if question is None or key in found or question.kind != frozen["kind"] or value is None:
                continue
            if not kind_of(question.kind).faults(question, value):
                found[key] = (value, f"{content['paper']}, revision {number}"[:200])
    return found
