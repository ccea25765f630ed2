"""Answering a stage's key questions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.audit import audited, record
from casework.refusals import Stale
from commissioning.models import Commission, KeyAnswer, KeyQuestion
from commissioning.services.values import locked_open
from organisation import clock
from organisation.models import Person


@dataclass(frozen=True)
class Given:
    """One answer. When the question does not apply, ``answer`` holds the reason; blank leaves it open.

    ``links`` are addresses of evidence.
    """

    answer: str
    does_not_apply: bool = False
    version: int = 0
    links: tuple[str, ...] = ()


def answer(
    commission: Commission, answers: Mapping[int, Given], *, by: Person, act_id: uuid.UUID | None = None
) -> None:
    """Keep the answers to key questions, by question id; blanks may stay.

    Raises ``Stale`` when somebody else has answered one of them since the form was opened: nothing is overwritten.
    """
    with audited(by=by, act_id=act_id, verb="commission.questions", subject=str(commission.pk)):
        commission = locked_open(
            commission, by=by, act="commission.review", verb="commission.questions", stands="its answers stand"
        )
        questions = {
            row.pk: row
            for row in KeyQuestion.objects.filter(
                pk__in=answers, framework_id=commission.case_file.organisation.framework_id
            )
        }
        known = {row.question_id: row for row in commission.key_answers.filter(question_id__in=questions)}
        theirs: dict[str, str] = {}
        rows: list[KeyAnswer] = []
        said: dict[str, Any] = {}
        for pk, given in answers.items():
            question, old = questions[pk], known.get(pk)
            held = old.answer if old else ""
            kept = tuple(old.links) if old else ()
            is_same = held == given.answer and (old is None or old.does_not_apply == given.does_not_apply)
            if is_same and kept == given.links:
                continue
            if (old.version if old else 0) != given.version:
                theirs[question.text] = held
                continue
            rows.append(
                KeyAnswer(
                    commission=commission,
                    question=question,
                    answer=given.answer,
                    does_not_apply=given.does_not_apply,
                    links=list(given.links),
                    answered_by=by,
                    answered_at=clock.now(),
                    version=given.version + 1,
                )
            )
            if not is_same:
                said[f"{question.stage} {question.number}"] = "does not apply" if given.does_not_apply else "answered"
            if kept != given.links:
                said[f"{question.stage} {question.number}, links"] = [list(kept), list(given.links)]
        if theirs:
            raise Stale("Someone else answered after you opened this page.", theirs)
        KeyAnswer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["commission", "question"],
            update_fields=["answer", "does_not_apply", "links", "answered_by", "answered_at", "version"],
        )
        if said:
            record(verb="commission.questions", subject=commission, changes=said)
