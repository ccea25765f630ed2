"""What a sourcing exercise is published with: its timetable, what bidders are told, and how bids are judged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from casework.audit import audited, record, record_refusal
from casework.refusals import Blocked, Refused, Stale
from organisation.formatting import in_sentence, percent
from organisation.models import Person
from procurement import guards
from procurement.models import AwardCriterion, Exercise
from procurement.selectors.dossiers import standing_of
from procurement.services.prices import taken, words_of
from procurement.states import ExerciseState, Path

LABELS = {
    "lots": "Lots",
    "publish_on": "Publication",
    "deadline_on": "Deadline for bids",
    "evaluate_by": "Evaluation done by",
    "award_by": "Award by",
    "starts_on": "Contract starts",
    "social_value": "Social value",
    "had_engagement": "Market engagement took place",
    "engagement_notice": "Market engagement notice",
    "engagement_explanation": "Why engagement took place without a notice",
}
# The days of a timetable, in the order in which they have to come.
TIMETABLE = ("publish_on", "deadline_on", "evaluate_by", "award_by", "starts_on")


def write_tender(
    exercise: Exercise, *, version: int, by: Person, act_id: uuid.UUID | None = None, **answers: Any
) -> Exercise:
    """Keep the timetable and what the tender says. Anything may still be blank; a published tender stands.

    Raises ``Stale`` with the other person's answers when the form was opened on an earlier version.
    """
    verb = "exercise.write_tender"
    unknown = set(answers) - set(LABELS)
    if unknown:
        raise TypeError(f"Not part of a tender: {sorted(unknown)}")
    with audited(by=by, act_id=act_id, verb=verb, subject=str(exercise.pk)):
        row = _planned(exercise, verb, by)
        now = {name: words_of(getattr(row, name)) for name in LABELS}
        if version != row.version:
            theirs = {LABELS[name]: now[name] for name in answers if now[name] != words_of(answers[name])}
            raise Stale("Someone else changed this after you opened it.", theirs)
        changes = {
            LABELS[name]: [now[name], words_of(value)]
            for name, value in answers.items()
            if now[name] != words_of(value)
        }
        if not changes:
            return row
        for name, value in answers.items():
            setattr(row, name, value)
        _in_order(row)
        row.version += 1
        row.save(update_fields=[*answers, "version"])
        record(verb=verb, subject=row, changes=changes)
        return row


def write_criteria(
    exercise: Exercise, criteria: Sequence[tuple[str, Decimal]], *, by: Person, act_id: uuid.UUID | None = None
) -> None:
    """Replace the award criteria of a tender that is not published yet; weights are per cent.

    They need not sum to 100 until it is published. Raises ``Refused`` once it is.
    """
    verb = "exercise.write_criteria"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(exercise.pk)):
        row = _planned(exercise, verb, by)
        before = [str(old) for old in row.criteria.order_by("order", "pk")]
        row.criteria.all().delete()
        made = AwardCriterion.objects.bulk_create(
            AwardCriterion(exercise=row, name=name, weight=weight, order=order)
            for order, (name, weight) in enumerate(criteria)
        )
        after = [f"{one.name}, {percent(one.weight)}" for one in made]
        record(verb=verb, subject=row, changes={"criteria": ["; ".join(before), "; ".join(after)]})


def _planned(exercise: Exercise, verb: str, by: Person) -> Exercise:
    row = taken(exercise, verb, by, (ExerciseState.PLANNED,), "What was published stands, so that all bidders read it.")
    if row.path != Path.SOURCING:
        raise Refused("These are quotes: there is no tender to write.")
    waits = list(guards.waits_for_gate_3(standing_of(row.commission_id)))
    if waits:
        refusal = Blocked(waits, "The tender can only be read.")
        record_refusal(verb=verb, subject=row, by=by, words=refusal.words)
        raise refusal
    return row


def _in_order(row: Exercise) -> None:
    known = [(LABELS[name], getattr(row, name)) for name in TIMETABLE if getattr(row, name)]
    for (earlier, first), (later, second) in pairwise(known):
        if second < first:
            raise Refused(f"{later} cannot be before {in_sentence(earlier)}.")
