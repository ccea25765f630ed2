"""Saving a draft. Nothing that reached the server is lost: where two tabs meet, both values are kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from casework.audit import audited, record
from casework.refusals import AlreadyDone, Refused
from documents import selectors
from documents.kinds import TABLE, Json, digest, kind_of
from documents.models import Answer, Paper
from documents.services import drafts
from organisation.models import Person


@dataclass(frozen=True)
class Saved:
    """What came of a save: the paper's version now, when, and the questions for which two answers are now kept."""

    paper: Paper
    version: int
    saved_at: datetime
    conflicts: list[str] = field(default_factory=list)
    row_id: str = ""


class KeptAside(AlreadyDone):
    """The paper was submitted before this save arrived. What was typed is kept with it, and said so."""


def save_answers(
    paper: Paper,
    section: str,
    answers: Mapping[str, Json],
    by: Person,
    version: int,
    *,
    was: Mapping[str, str] | None = None,
    confirmed: Mapping[str, str] | None = None,
    is_autosave: bool = False,
    tab: str = "",
) -> Saved:
    """Save some answers of one section. Blanks and wrong values are let through: it is a draft.

    ``version`` is the paper's version that the page showed; ``was`` holds the digest of each value it showed, so that
    an answer this tab left alone is left alone. Where another tab saved a different value meanwhile, both are kept:
    the one that stands, and this one offered beside it. ``confirmed`` holds, for each fact that was ticked, the digest
    of the words that were ticked; a fact that reads differently now stays unconfirmed. ``tab`` tells one open page from
    another. A replayed form changes nothing: its answers are those that stand.

    Effects: the answers, the confirmations, the paper's version, one event in the history for each sitting. Raises
    ``NotPermitted``; ``KeptAside`` when the paper was submitted meanwhile (what was typed is kept).
    """
    late: KeptAside | None = None
    with audited(by=by):
        draft = drafts.lock(paper, section, by)
        draft.tab = tab[:36]
        settled = drafts.with_people(draft, answers)
        held = drafts.held(draft, settled)
        is_late = not draft.paper.is_draft
        for key, value in settled.items():
            question = draft.section.question(key)
            if question is not None and kind_of(question.kind).in_form:
                drafts.settle(draft, question, value, held.get(key), version, (was or {}).get(key), is_late=is_late)
        if is_late:
            late = KeptAside(drafts.late_words(draft))
        else:
            drafts.confirm(draft, confirmed or {})
            drafts.finish(draft, is_autosave=is_autosave)
        saved = Saved(draft.paper, draft.paper.version, draft.now, draft.conflicts)
    if late is not None:
        raise late
    return saved


def save_row(
    paper: Paper,
    section: str,
    question_key: str,
    row_id: str,
    cells: Mapping[str, Json],
    by: Person,
    *,
    was: str = "",
    act_id: uuid.UUID | None = None,
) -> Saved:
    """Add a row to a table (empty ``row_id``), or change one.

    A row that someone else changed meanwhile (``was`` is the digest of what the page showed) keeps their cells, and
    these are offered beside it. Raises like ``save_answers``.
    """
    with audited(by=by, act_id=act_id, verb="paper.save_row", subject=f"{paper.pk}:{question_key}"):
        draft, question = drafts.lock_table(paper, section, question_key, by)
        answer = drafts.held(draft, [question_key]).get(question_key)
        rows = list(answer.value or []) if answer else []
        place = next((index for index, row in enumerate(rows) if row["id"] == row_id), None)
        row_id = row_id or uuid.uuid4().hex[:10]
        fresh = {"id": row_id, "cells": dict(cells)}
        if place is None:
            if len(rows) >= TABLE.most_rows:
                raise Refused(f"{question.label}: keep to {TABLE.most_rows} rows. Remove one to add another.")
            # A row that was removed in another tab comes back as it was typed here.
            rows.append(fresh)
        elif was and digest(rows[place]["cells"]) not in (was, digest(cells)):
            drafts.offer(draft, question, fresh, row_id=row_id)
            drafts.finish(draft, is_autosave=False)
            return Saved(draft.paper, draft.paper.version, draft.now, draft.conflicts, row_id=row_id)
        else:
            rows[place] = fresh
        drafts.write(draft, question, rows, answer)
        drafts.finish(draft, is_autosave=False)
        return Saved(draft.paper, draft.paper.version, draft.now, row_id=row_id)


def remove_row(
    paper: Paper, section: str, question_key: str, row_id: str, by: Person, *, act_id: uuid.UUID | None = None
) -> Saved:
    """Take a row out of a table. What it said stays in the history."""
    with audited(by=by, act_id=act_id, verb="paper.remove_row", subject=f"{paper.pk}:{question_key}"):
        draft, question = drafts.lock_table(paper, section, question_key, by)
        answer = drafts.held(draft, [question_key]).get(question_key)
        rows = list(answer.value or []) if answer else []
        gone = next((row for row in rows if row["id"] == row_id), None)
        if gone is None:
            raise AlreadyDone("This row was already removed. Nothing was changed.")
        drafts.write(draft, question, [row for row in rows if row["id"] != row_id] or None, answer)
        record(
            verb="paper.remove_row",
            subject=draft.paper,
            changes={"question": [None, question.label], "row": [drafts.in_words(question, gone), None]},
        )
        drafts.finish(draft, is_autosave=True)
        return Saved(draft.paper, draft.paper.version, draft.now)


def choose_answer(
    paper: Paper, answer_id: int, *, takes_offered: bool, by: Person, act_id: uuid.UUID | None = None
) -> Saved:
    """Settle one question that has two answers. The one that is not chosen goes into the history, not away."""
    with audited(by=by, act_id=act_id, verb="paper.choose", subject=f"{paper.pk}:{answer_id}"):
        offered = Answer.objects.filter(paper=paper, pk=answer_id, is_offered=True).first()
        if offered is None:
            raise AlreadyDone("Someone has already chosen between these two answers. Nothing was changed.")
        section = selectors.shape_of(paper.template).section_of(offered.question_key)
        draft = drafts.lock(paper, section.key, by)
        drafts.refuse_if_late(draft)
        question = draft.question(offered.question_key)
        standing = drafts.held(draft, [offered.question_key]).get(offered.question_key)
        dropped: Json = offered.value
        if takes_offered:
            value = offered.value
            dropped = standing.value if standing else None
            if offered.row_id:
                rows = list(standing.value or []) if standing else []
                dropped = next((row for row in rows if row["id"] == offered.row_id), None)
                value = [offered.value if row["id"] == offered.row_id else row for row in rows]
                value = value if dropped is not None else [*rows, offered.value]
            drafts.write(draft, question, value, standing)
        offered.delete()
        record(
            verb="paper.choose",
            subject=draft.paper,
            changes={"question": [None, question.label], "not_kept": [drafts.in_words(question, dropped), None]},
        )
        drafts.finish(draft, is_autosave=True, is_touched=True)
        return Saved(draft.paper, draft.paper.version, draft.now)
