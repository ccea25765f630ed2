"""A paper as it stands, as one JSON value that a page, a PDF and a comparison can show for ever. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from documents.contents import PaperContents, fact_label
from documents.kinds import Json
from documents.shape import QuestionShape, SectionShape
from documents.states import Classification

FORMAT = 1

USUAL_STATEMENT = (
    "I confirm that, to the best of my knowledge, what this paper says is complete and correct, and that I am the "
    "person accountable for it."
)


def freeze(
    contents: PaperContents, *, number: int | None = None, submitted_by: str = "", submitted_at: datetime | None = None
) -> dict[str, Any]:
    """The whole paper. ``number`` is the revision's; a draft has none."""
    paper, case_file = contents.paper, contents.paper.case_file
    return {
        "format": FORMAT,
        "council": case_file.organisation.name,
        "reference": case_file.reference,
        "case_title": case_file.title,
        "paper": paper.name,
        "template_key": contents.shape.key,
        "template_version": contents.shape.version,
        "number": number,
        "begun_by": paper.begun_by.label if paper.begun_by else "",
        "submitted_by": submitted_by,
        "submitted_at": submitted_at.isoformat() if submitted_at else "",
        "statement": statement_of(contents),
        "sections": [_section(contents, section) for section in contents.shape.sections],
        "attachments": [
            {
                "id": attachment.pk,
                "question": question.label,
                "filename": attachment.filename,
                "size": attachment.size,
                "sha256": attachment.sha256,
                "content_type": attachment.content_type,
                "classification": str(Classification(attachment.classification).label),
                "uploaded_by": attachment.uploaded_by.label,
                "uploaded_at": attachment.uploaded_at.isoformat(),
            }
            for section in contents.shape.sections
            for question in contents.asked_in(section)
            for attachment in contents.files.get(question.key, ())
        ],
    }


def statement_of(contents: PaperContents) -> str:
    """What the person who submits confirms."""
    return contents.paper.template.statement.strip() or USUAL_STATEMENT


def fingerprint(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the content's canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def size_of(content: Mapping[str, Any]) -> int:
    """How much there is to print, in characters."""
    return len(json.dumps(content["sections"], ensure_ascii=False))


def _section(contents: PaperContents, section: SectionShape) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "questions": [_question(contents, question) for question in contents.asked_in(section)],
    }


def _question(contents: PaperContents, question: QuestionShape) -> dict[str, Any]:
    frozen: dict[str, Json] = {
        "key": question.key,
        "kind": question.kind,
        "label": fact_label(question),
        "required": contents.conditions.is_required(question),
        "shown": contents.show(question),
    }
    if question.kind == "fact":
        return frozen | _fact(contents, question)
    return frozen | {"value": contents.value(question.key)}


def _fact(contents: PaperContents, question: QuestionShape) -> dict[str, Json]:
    fact, confirmation = contents.facts.get(question.fact), contents.confirmed.get(question.fact)
    known = confirmation if confirmation is not None and contents.is_confirmed(question) else None
    return {
        "fact": question.fact,
        "detail": fact.detail if fact else "",
        "source": fact.source if fact else "",
        "on": fact.on.isoformat() if fact and fact.on else "",
        "tables": [table.frozen() for table in fact.tables] if fact else [],
        "confirmed_by": known.confirmed_by.label if known else "",
        "confirmed_at": known.confirmed_at.isoformat() if known else "",
    }
