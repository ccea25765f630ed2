"""Answering the high-risk criteria."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.audit import audited, record
from casework.refusals import Stale
from casework.routing import Rules
from commissioning.dossier import CriterionLine
from commissioning.models import Commission, RiskAnswer, RiskFigures
from commissioning.risk_ticks import answered_by, tick_of
from commissioning.selectors.dossiers import criteria_of
from commissioning.selectors.risk_figures import measured_of
from commissioning.services import assessment
from commissioning.services.values import locked_open
from organisation import clock
from organisation.actors import Actor
from organisation.models import Person

FIGURE_LABELS = {
    "outage_days": "Longest outage, days",
    "yearly_value": "Value a year",
    "turnover": "Supplier's turnover a year",
    "likelihood": "Chance of a legal challenge",
    "supplier": "Present or likely supplier",
}


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
    figures: Mapping[str, Any] | None = None,
    version: int | None = None,
    act_id: uuid.UUID | None = None,
) -> assessment.Shift:
    """Answer criteria by their keys; any one that applies makes the commission high risk at once (framework 4.3).

    ``figures`` are the fields of ``RiskFigures`` as they were entered (None leaves them as they are): a criterion
    that they tick applies, whatever was answered.

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
        rows: list[RiskAnswer] = []
        said: dict[str, list[str]] = {}
        if figures is not None:
            said |= _keep_figures(commission, figures)
            answers = _ticked_anyway(commission, lines.values(), answers, before.rules)
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


def tick(commission: Commission, key: str, explanation: str, *, by: Actor) -> assessment.Shift:
    """Say from elsewhere (a market analysis, an unplanned extension) that a criterion applies.

    Nothing moves where the framework does not ask it, or where it applies already.
    """
    with audited(by=by):
        line = next((line for line in criteria_of(commission) if line.key == key), None)
        if line is None or line.applies:
            return assessment.Shift()
        return answer(commission, {key: Ticked(True, explanation[:1000])}, by=by)


def _keep_figures(commission: Commission, figures: Mapping[str, Any]) -> dict[str, list[str]]:
    """Write what was entered; returns what changed, in words."""
    row, _ = RiskFigures.objects.get_or_create(commission=commission)
    changed = {name: value for name, value in figures.items() if getattr(row, name) != value}
    said = {FIGURE_LABELS[name]: [_shown(getattr(row, name)), _shown(value)] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=list(changed))
    return said


def _ticked_anyway(
    commission: Commission, lines: Iterable[CriterionLine], answers: Mapping[str, Ticked], rules: Rules
) -> dict[str, Ticked]:
    """The answers, with what the figures tick or settle."""
    measured = measured_of(commission)
    found = dict(answers)
    for line in lines:
        because = tick_of(line.measure, measured, rules)
        given = found.get(line.key)
        if because and (given is None or not given.applies or not given.explanation):
            found[line.key] = Ticked(True, because[:1000])
        elif given is None and not because and answered_by(line.measure, measured):
            found[line.key] = Ticked(False)
    return found


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _theirs(lines: Mapping[str, CriterionLine], answers: Mapping[str, Ticked]) -> dict[str, str]:
    """What stands where it differs from what was sent."""
    return {
        lines[key].name: f"{_words(lines[key].applies)}. {lines[key].explanation}".strip()
        for key, given in answers.items()
        if (lines[key].applies, lines[key].explanation) != (given.applies, given.explanation)
    }


def _words(applies: bool | None) -> str:
    return "not answered" if applies is None else "applies" if applies else "does not apply"
