"""Opening an exercise, and what follows each of its verbs."""

from __future__ import annotations

import uuid
from typing import Any

from casework import door
from casework.audit import audited, record, record_refusal
from casework.audit.decisions import DOCUMENT
from casework.lifecycle import effect_of
from casework.refusals import Blocked, NotPermitted
from casework.services.cases import keep_right, open_case
from casework.services.work_items import open_item
from commissioning.models import Commission, ValueEstimate
from commissioning.services.values import locked, record_value
from organisation.actors import Actor, System
from organisation.models import Person
from organisation.permissions import may
from procurement import guards
from procurement.dossier import Standing
from procurement.models import Exercise, RouteToMarket
from procurement.selectors.dossiers import quotes_of, standing_of
from procurement.services.sourcing_advice import ask_about_route
from procurement.states import ENDED, ExerciseState, Path, RunBy

VERB = "exercise.open"
OPENS: dict[str, str] = {RunBy.SERVICE: "exercise.open", RunBy.CCPS: "exercise.open_for_ccps"}


def open_exercise(
    commission: Commission,
    *,
    route: RouteToMarket,
    by: Person,
    title: str = "",
    run_by: str = RunBy.SERVICE,
    openness: str = "",
    act_id: uuid.UUID | None = None,
) -> Exercise:
    """Open an exercise that the service runs itself or, on an accepted request, one that CCPS runs.

    It confirms the route: one without competition says in ``openness`` how fairness, transparency and competition were
    considered, and one that is rarely used goes to Legal. Raises ``NotPermitted``, or ``Blocked`` with everything that
    stands in the way: the stage, the delivery decision, the band or risk that gives the purchase to CCPS, the request,
    the specification, another live exercise.
    """
    act = OPENS[run_by]
    with audited(by=by, act_id=act_id, verb=VERB, subject=str(commission.pk)):
        commission = locked(commission)
        if not may(by, act, commission):
            words = door.who_words(act, commission)
            record_refusal(verb=VERB, subject=commission, by=by, words=words)
            raise NotPermitted(words)
        standing = standing_of(commission.pk)
        blockers = [*guards.open_exercise(standing, run_by), *guards.route_is_explained(route, openness)]
        if blockers or standing.specification_number is None:
            refusal = Blocked(blockers, "You cannot open an exercise yet.")
            record_refusal(verb=VERB, subject=commission, by=by, words=refusal.words)
            raise refusal
        made = _make(standing, route, title, run_by, standing.specification_number, openness)
        ask_about_route(standing.commission, route, by=by, path=made.get_absolute_url())
        return made


def _make(
    standing: Standing, route: RouteToMarket, title: str, run_by: str, specification_number: int, openness: str
) -> Exercise:
    commission, case = standing.commission, standing.commission.case_file
    request = standing.request if run_by == RunBy.CCPS else None
    own = open_case(
        kind="exercise",
        prefix="EXE",
        organisation=case.organisation,
        service_area=case.service_area,
        title=title or case.title,
        holder=Person.objects.get(pk=request.lead_id) if request and request.lead_id else case.holder,
        state=ExerciseState.PLANNED,
        root=case,
        value_ex_vat=case.value_ex_vat,
        value_inc_vat=case.value_inc_vat,
    )
    exercise = Exercise.objects.create(
        case_file=own,
        commission=commission,
        run_by=run_by,
        path=request.path if request else Path.QUOTATION,
        request_id=request.pk if request else None,
        route=route,
        specification_number=specification_number,
        openness=openness.strip(),
    )
    keep_right(own, path=exercise.get_absolute_url(), is_high_risk=case.is_high_risk)
    record(
        verb=VERB,
        subject=exercise,
        to_state=exercise.state,
        reason=exercise.openness,
        changes={"route": route.name, DOCUMENT: f"Specification, version {specification_number}"},
        rules_version=commission.rules_number,
    )
    return exercise


# --- what follows each verb, in the same transaction -----------------------------------------------------------------


@effect_of(Exercise, "invite")
@effect_of(Exercise, "publish")
@effect_of(Exercise, "close_bids")
@effect_of(Exercise, "confirm")
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


@effect_of(Exercise, "set_aside")
def _set_aside(exercise: Exercise, *, by: Actor, note: str, **_: Any) -> None:
    """What the market asks becomes the commission's value: the band moves at once, and with it what is asked."""
    standing = [quote for quote in quotes_of(exercise) if quote.stands and not quote.declined]
    telling = next((quote for quote in standing if quote.pk == exercise.chosen_id), None) or min(
        standing, key=lambda quote: quote.amount_ex_vat or 0
    )
    if telling.amount_ex_vat is None or telling.amount_inc_vat is None:
        raise ValueError("A standing price has both amounts")  # the database saw to it
    record_value(
        exercise.commission,
        amount_ex_vat=telling.amount_ex_vat,
        amount_inc_vat=telling.amount_inc_vat,
        basis=ValueEstimate.Basis.QUOTES,
        reason=f"{exercise.case_file.reference}: the quotes were set aside. {note}"[:500],
        by=System(because=f"The quotes of {exercise.case_file.reference} were set aside"),
    )
    _keep(exercise)


@effect_of(Exercise, "end_without_award")
def _ended_without_award(exercise: Exercise, *, by: Actor, note: str, **_: Any) -> None:
    """The commission goes back to the route to market; whoever holds it checks value and risk again."""
    case = exercise.commission.case_file
    if case.holder is not None:
        open_item(
            case,
            by=by,
            kind="check_again",
            key=f"check_again:{exercise.pk}",
            title="Check value, risk and the route to market again",
            asks="do",
            because=f"{exercise.case_file.reference} ended without an award: {note}"[:1000],
            assignee=case.holder,
            path=exercise.commission.get_absolute_url(),
        )
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
        by=by if may(by, "commission.edit", exercise.commission) else System(because="A price was chosen"),
    )


def _keep(exercise: Exercise) -> None:
    facts: dict[str, Any] = {"state": exercise.state, "is_open": exercise.state not in ENDED}
    if exercise.chosen is not None and exercise.state in (ExerciseState.DECIDED, ExerciseState.AWARDED):
        facts |= {"value_ex_vat": exercise.chosen.amount_ex_vat, "value_inc_vat": exercise.chosen.amount_inc_vat}
    keep_right(exercise.case_file, **facts)
