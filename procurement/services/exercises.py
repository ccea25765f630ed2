"""Opening an exercise, and what follows each of its verbs."""

from __future__ import annotations

import uuid
from typing import Any

from casework import door
from casework.audit import audited, record, record_refusal
from casework.lifecycle import effect_of
from casework.refusals import Blocked, NotPermitted
from casework.services.cases import keep_right, open_case
from commissioning.models import Commission, ValueEstimate
from commissioning.services.values import locked, record_value
from organisation.actors import Actor, System
from organisation.models import Person
from organisation.permissions import may
from procurement import guards
from procurement.models import Exercise, RouteToMarket
from procurement.selectors.dossiers import standing_of
from procurement.states import ENDED, ExerciseState, RunBy

VERB = "exercise.open"


def open_exercise(
    commission: Commission, *, route: RouteToMarket, by: Person, title: str = "", act_id: uuid.UUID | None = None
) -> Exercise:
    """Open an exercise that the service runs itself.

    Raises ``NotPermitted``, or ``Blocked`` with everything that stands in the way: the stage, the delivery decision,
    the band or risk that gives the purchase to CCPS, the specification, another live exercise.
    """
    with audited(by=by, act_id=act_id, verb=VERB, subject=str(commission.pk)):
        commission = locked(commission)
        if not may(by, "exercise.open", commission):
            words = door.who_words("exercise.open", commission)
            record_refusal(verb=VERB, subject=commission, by=by, words=words)
            raise NotPermitted(words)
        standing = standing_of(commission.pk)
        blockers = list(guards.open_exercise(standing))
        if blockers or standing.specification_number is None:
            refusal = Blocked(blockers, "You cannot open an exercise yet.")
            record_refusal(verb=VERB, subject=commission, by=by, words=refusal.words)
            raise refusal
        return _make(standing.commission, route, title, standing.specification_number)


def _make(commission: Commission, route: RouteToMarket, title: str, specification_number: int) -> Exercise:
    case = commission.case_file
    own = open_case(
        kind="exercise",
        prefix="EXE",
        organisation=case.organisation,
        service_area=case.service_area,
        title=title or case.title,
        holder=case.holder,
        state=ExerciseState.PLANNED,
        root=case,
        value_ex_vat=case.value_ex_vat,
        value_inc_vat=case.value_inc_vat,
    )
    exercise = Exercise.objects.create(
        case_file=own,
        commission=commission,
        run_by=RunBy.SERVICE,
        route=route,
        specification_number=specification_number,
    )
    keep_right(own, path=exercise.get_absolute_url(), is_high_risk=case.is_high_risk)
    record(
        verb=VERB,
        subject=exercise,
        to_state=exercise.state,
        changes={"route": route.name, "specification version": specification_number},
        rules_version=commission.rules_number,
    )
    return exercise


# --- what follows each verb, in the same transaction -----------------------------------------------------------------


@effect_of(Exercise, "invite")
@effect_of(Exercise, "reconsider")
@effect_of(Exercise, "abandon")
def _moved(exercise: Exercise, *, by: Actor, note: str, **_: Any) -> None:
    """Keep the case file right."""
    _keep(exercise)


@effect_of(Exercise, "decide")
def _decided(exercise: Exercise, *, by: Actor, note: str, **_: Any) -> None:
    """The chosen price becomes the commission's value, so that a price over a threshold moves the band at once."""
    _value_is_the_price(exercise, ValueEstimate.Basis.QUOTES, by)
    _keep(exercise)


@effect_of(Exercise, "award")
def _awarded(exercise: Exercise, *, by: Actor, note: str, **_: Any) -> None:
    """If somebody put another value on the commission meanwhile, what was awarded is its value again."""
    case, chosen = exercise.commission.case_file, exercise.chosen
    if chosen and (case.value_ex_vat, case.value_inc_vat) != (chosen.amount_ex_vat, chosen.amount_inc_vat):
        _value_is_the_price(exercise, ValueEstimate.Basis.AWARD, by)
    _keep(exercise)


def _value_is_the_price(exercise: Exercise, basis: str, by: Actor) -> None:
    chosen = exercise.chosen
    if chosen is None or chosen.amount_ex_vat is None or chosen.amount_inc_vat is None:
        raise ValueError("A decided exercise has a chosen price")  # the guard saw to it
    record_value(
        exercise.commission,
        amount_ex_vat=chosen.amount_ex_vat,
        amount_inc_vat=chosen.amount_inc_vat,
        basis=basis,
        reason=f"{exercise.case_file.reference}: the price of {chosen.supplier}",
        by=by,
    )


def _keep(exercise: Exercise) -> None:
    facts: dict[str, Any] = {"state": exercise.state, "is_open": exercise.state not in ENDED}
    if exercise.chosen is not None and exercise.state in (ExerciseState.DECIDED, ExerciseState.AWARDED):
        facts |= {"value_ex_vat": exercise.chosen.amount_ex_vat, "value_inc_vat": exercise.chosen.amount_inc_vat}
    keep_right(exercise.case_file, **facts)


@effect_of(Commission, "stop")
def _commission_stopped(commission: Commission, *, by: Actor, note: str, **_: Any) -> None:
    """Nothing more is bought for a commission that was stopped."""
    because = f"The commission was stopped: {note}"
    for exercise in Exercise.objects.filter(commission=commission).exclude(state=ExerciseState.ABANDONED):
        door.carry_out(exercise, "abandon", by=System(because=because), note=because)
