"""Answering the high-risk criteria."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from casework.audit import audited, record
from casework.refusals import Stale
from commissioning.dossier import CriterionLine
from commissioning.models import Commission, RiskAnswer
from commissioning.selectors.dossiers import criteria_of
from commissioning.services import assessment
from commissioning.services.values import locked_open
from organisation import clock
from organisation.actors import Actor
from organisation.models import Person


@dataclass(frozen=True)
class Ticked:
    """One answer: whether the criterion applies, and the short explanation that each tick needs."""

    applies: bool
    explanation: str = ""


def answer(
    commission: Commission,
    answers: Mapping[str, Ticked],
    *,
    by: Actor,
    version: int | None = None,
    act_id: uuid.UUID | None = None,
) -> assessment.Shift:
    """Answer criteria by their keys; any one that applies makes the commission high risk at once (framework 4.3).

    Returns what moved. Raises ``Refused`` on a commission that has ended, and ``Stale`` with the answers that stand
    when the form was opened on an earlier version.
    """
    with audited(by=by, act_id=act_id, verb="commission.risk", subject=str(commission.pk)):
        commission = locked_open(
            commission, by=by, act="commission.edit", verb="commission.risk", stands="its risk form stands"
        )
        before = assessment.stand_of(commission)
        lines = {line.key: line for line in criteria_of(commission)}
        if version is not None and version != commission.version:
            raise Stale("Someone else changed this commission after you opened it.", _theirs(lines, answers))
        now, person = clock.now(), by if isinstance(by, Person) else None
        rows, said = [], {}
        for key, given in answers.items():
            line = lines[key]
            if line.applies == given.applies and line.explanation == given.explanation and not line.is_reworded:
                continue
            rows.append(
                RiskAnswer(
                    commission=commission,
                    criterion_id=line.pk,
                    name=line.asks[0],
                    question=line.asks[1],
                    applies=given.applies,
                    explanation=given.explanation,
                    answered_at=now,
                    answered_by=person,
                )
            )
            said[line.name] = [_words(line.applies), _words(given.applies), given.explanation]
        RiskAnswer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["commission", "criterion"],
            update_fields=["applies", "explanation", "answered_at", "answered_by", "name", "question"],
        )
        if said:
            commission.version += 1
            commission.save(update_fields=["version"])
            record(verb="commission.risk", subject=commission, changes=said)
        ticked = ", ".join(line.name for line in criteria_of(commission) if line.applies) or "no criterion"
        return assessment.settle(commission, before, by=by, because=f"Risk form answered again: {ticked}")


def _theirs(lines: Mapping[str, CriterionLine], answers: Mapping[str, Ticked]) -> dict[str, str]:
    """What stands where it differs from what was sent."""
    return {
        lines[key].name: f"{_words(lines[key].applies)}. {lines[key].explanation}".strip()
        for key, given in answers.items()
        if (lines[key].applies, lines[key].explanation) != (given.applies, given.explanation)
    }


def _words(applies: bool | None) -> str:
    return "not answered" if applies is None else "applies" if applies else "does not apply"
