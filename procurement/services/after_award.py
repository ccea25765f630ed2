"""What follows an award before anything is signed: the standstill, and bidders' challenges."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from casework import door
from casework.audit import audited, record
from casework.deadlines import Due, due
from casework.refusals import Refused
from casework.services.deadlines import finish_deadline, put_all
from commissioning.models import Commission
from commissioning.services import asking
from commissioning.states import CommissionState
from organisation import clock
from organisation.actors import System
from organisation.formatting import day
from organisation.models import Person
from organisation.statutory_dates import mandatory_standstill
from organisation.statutory_figures import days_of
from organisation.working_days import UK_UNION, holidays_of
from procurement.models import Challenge, Exercise
from procurement.services.prices import taken
from procurement.states import ExerciseState, StandstillBasis

STANDSTILL = "standstill_end"
AFTER_DECISION = (ExerciseState.DECIDED, ExerciseState.AWARDED)


def standstill_end(notice_on: date) -> date:
    """The last day of a standstill that begins with an award notice on a day (Procurement Act 2023, section 51).

    A voluntary one must be at least as long, so it is counted in the same way.
    """
    return mandatory_standstill(notice_on, days_of("standstill.days", notice_on), holidays_of(UK_UNION)).last_day


def record_standstill(
    exercise: Exercise,
    *,
    basis: str,
    award_notice_on: date | None,
    reason: str,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> Exercise:
    """Say on what basis nothing is signed for some days after the award notice, or why no days have to pass."""
    verb = "exercise.standstill"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(exercise.pk)):
        row = taken(exercise, verb, by, (ExerciseState.AWARDED,), "A standstill follows the award.")
        if basis != StandstillBasis.MANDATORY and not reason.strip():
            raise Refused("Say why: it is not required by the Act, or none is held.")
        if basis != StandstillBasis.NONE and award_notice_on is None:
            raise Refused("Give the day of the award notice: the standstill is counted from it.")
        before = row.standstill_ends_on
        row.standstill_basis, row.standstill_reason = basis, reason
        row.award_notice_on = award_notice_on
        row.standstill_ends_on = (
            standstill_end(award_notice_on) if award_notice_on and basis != StandstillBasis.NONE else None
        )
        row.version += 1
        row.save(
            update_fields=[
                "standstill_basis",
                "standstill_reason",
                "award_notice_on",
                "standstill_ends_on",
                "version",
            ]
        )
        record(
            verb=verb,
            subject=row,
            reason=reason,
            changes={
                "basis": row.get_standstill_basis_display(),
                "award notice": day(award_notice_on) if award_notice_on else "none",
                "ends": [day(before) if before else "", day(row.standstill_ends_on) if row.standstill_ends_on else ""],
            },
        )
        _set_deadline(row)
        return row


def standstills() -> Iterable[Due]:
    """Every standstill that still binds. One statement."""
    rows = Exercise.objects.filter(state=ExerciseState.AWARDED, standstill_ends_on__gte=clock.today())
    return [_due(row, row.standstill_ends_on) for row in rows.select_related("case_file__holder")]


def _set_deadline(row: Exercise) -> None:
    if row.standstill_ends_on is None or row.standstill_ends_on < clock.today():
        finish_deadline(row.case_file, STANDSTILL, STANDSTILL)
    else:
        put_all([_due(row, row.standstill_ends_on)])


def _due(row: Exercise, ends_on: Any) -> Due:
    return due(
        row.case_file,
        STANDSTILL,
        STANDSTILL,
        due_on=ends_on,
        holder=row.case_file.holder,
        title="Hold the signatures until the standstill ends",
        path=row.get_absolute_url(),
    )


def raise_challenge(
    exercise: Exercise,
    *,
    raised_by: str,
    raised_on: date,
    words: str,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> Challenge:
    """Record that a bidder challenges what was done: Legal is asked, and the commission waits (framework 22.1)."""
    verb = "exercise.challenge"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(exercise.pk)):
        row = taken(exercise, verb, by, AFTER_DECISION, "A challenge follows a decision.")
        made = Challenge.objects.create(
            exercise=row, raised_by=raised_by, raised_on=raised_on, words=words, recorded_by=by
        )
        record(verb=verb, subject=row, reason=words, changes={"bidder": raised_by, "raised": day(raised_on)})
        commission = Commission.objects.select_related(
            "case_file__organisation__framework", "case_file__service_area", "rules_version"
        ).get(pk=row.commission_id)
        asking.fire(
            commission,
            "challenge_raised",
            by=by,
            ask=f"challenge:{made.pk}",
            question=f"{raised_by}: {words}",
            path=row.get_absolute_url(),
        )
        if commission.state != CommissionState.ON_HOLD:
            because = f"{raised_by} challenged {row.case_file.reference}"
            door.carry_out(
                commission,
                "hold",
                by=System(because=because),
                note=because,
                resume_needs="Settle the challenge, then resume.",
            )
        return made


def settle_challenge(challenge: Challenge, *, outcome: str, by: Person, act_id: uuid.UUID | None = None) -> Challenge:
    """Write how a challenge ended. Whoever may hold the commission resumes it."""
    verb = "exercise.settle_challenge"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(challenge.pk)):
        exercise = taken(challenge.exercise, verb, by, AFTER_DECISION, "A challenge follows a decision.")
        row = Challenge.objects.select_for_update().get(pk=challenge.pk)
        if not row.is_open:
            raise Refused(f"This challenge was settled on {day(row.settled_on)}. Nothing was changed.")
        row.outcome, row.settled_on, row.settled_by = outcome, clock.today(), by
        row.save(update_fields=["outcome", "settled_on", "settled_by"])
        record(verb=verb, subject=exercise, reason=outcome, changes={"bidder": row.raised_by})
        return row
