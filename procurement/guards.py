"""What still blocks each verb of this room, one sentence a thing. Guards read the dossier and write nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework.blockers import Blocker
from commissioning.models import AuthorityRecord
from commissioning.shifts import GATES
from commissioning.states import CommissionState
from organisation.formatting import day, listed, money
from procurement.states import ExerciseState, Path, RunBy

if TYPE_CHECKING:
    from procurement.dossier import ExerciseDossier, Standing
    from procurement.models import RouteToMarket

Inputs = Mapping[str, Any]

WAITING = "Waiting for gate 3"


def open_exercise(standing: Standing, run_by: str = RunBy.SERVICE) -> Iterator[Blocker]:
    """Framework 12: on a signed-off specification, once; by the service or by CCPS, as the rules and a request say."""
    yield from in_secure(standing)
    if not standing.is_buying:
        yield Blocker(
            "delivery",
            "Delivery decision: it does not lead to a purchase",
            "commissioning:delivery",
            (standing.commission.pk,),
        )
    if run_by == RunBy.CCPS:
        yield from ccps_buys(standing, standing.request.path if standing.request else "")
    else:
        yield from service_buys(standing)
    if standing.specification_number is None:
        yield no_specification(standing)
    if standing.live_exercise:
        yield Blocker("live", f"{standing.live_exercise} is already under way: go on with it, or abandon it first")


def route_is_explained(route: RouteToMarket, openness: str) -> Iterator[Blocker]:
    """Framework 4.4: a route without competition is confirmed only with a statement of how it is fair and open."""
    if route.is_without_competition and not openness.strip():
        words = f"{route.name}: how fairness, transparency and competition were considered is not written"
        yield Blocker("openness", words, anchor="id_openness")


def invite(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Somebody is asked, on a signed-off specification."""
    if dossier.is_sourcing:
        yield Blocker("path", "This is a sourcing exercise: publish the tender instead")
        return
    yield from in_secure(dossier.standing)
    yield from may_go_on(dossier)
    if dossier.standing.specification_number is None:
        yield no_specification(dossier.standing)
    if not dossier.asked:
        yield Blocker("asked", "Suppliers to ask: none recorded", "procurement:ask_supplier", (dossier.exercise.pk,))


def decide(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """A price is chosen, and the reasons are written."""
    exercise = dossier.exercise
    yield from in_secure(dossier.standing)
    yield from may_go_on(dossier)
    yield from same_specification(dossier)
    if dossier.is_sourcing and exercise.state != ExerciseState.EVALUATING:
        yield Blocker("bids", "Bids: not closed yet")
        return
    if not dossier.prices:
        what = "Winning price: not recorded" if dossier.is_sourcing else "Prices: none recorded"
        yield Blocker("quotes", what, "procurement:record_quote", (exercise.pk,))
    elif dossier.chosen is None:
        yield _missing(exercise.pk, "chosen", "Chosen price: not chosen", "id_chosen")
    elif beyond_quotes(dossier, dossier.chosen.amount_ex_vat):
        yield Blocker(
            "band",
            f"{money(dossier.chosen.amount_ex_vat)} is over the {money(quotes_reach(dossier.standing))} that quotes "
            "may reach: set the quotes aside",
            "procurement:exercise_verb",
            (exercise.pk, "set_aside"),
        )
    if not exercise.fairness.strip() and not dossier.is_sourcing:
        yield _missing(exercise.pk, "fairness", "Why these suppliers: not written", "id_fairness")
    if not exercise.value_for_money.strip():
        yield _missing(exercise.pk, "value_for_money", "Value for money: not written", "id_value_for_money")
    if not exercise.social_value.strip():
        yield _missing(exercise.pk, "social_value", "Social value: not written", "id_social_value")


def set_aside(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Only where the recommended price, or without one the lowest, is more than quotes may reach."""
    if dossier.is_sourcing or not dossier.by_ccps:
        yield Blocker("path", "Only quotes that CCPS asked for are set aside")
        return
    if not dossier.prices:
        yield Blocker("quotes", "Prices: none recorded", "procurement:record_quote", (dossier.exercise.pk,))
    elif not beyond_quotes(dossier, dossier.telling_price):
        reach = money(quotes_reach(dossier.standing))
        yield Blocker("band", f"A price of {money(dossier.telling_price)} is within the {reach} that quotes may reach")


def confirm(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 12: CCPS recommends a quote, the commissioner confirms it."""
    if dossier.is_sourcing or not dossier.by_ccps:
        yield Blocker("path", "Only what CCPS recommends on quotes is confirmed")
    elif dossier.exercise.confirmed_at is not None:
        who = dossier.exercise.confirmed_by
        yield Blocker("confirmed", f"The recommendation is confirmed already, by {who.name if who else 'somebody'}")


def award(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 9 and 12: gate 4 is settled where it is due, and the authority names this supplier and amount."""
    yield from in_secure(dossier.standing)
    yield from may_go_on(dossier)
    if dossier.by_ccps and not dossier.is_sourcing and dossier.exercise.confirmed_at is None:
        words = "CCPS’s recommendation: not confirmed by the commissioner"
        yield Blocker(
            "confirmed",
            words,
            "procurement:exercise_verb",
            (dossier.exercise.pk, "confirm"),
            waits_for="Commissioner",
        )
    yield from gate(dossier.standing, 4)
    yield from dossier.standing.held_back
    yield from same_specification(dossier)
    yield from no_challenge(dossier)
    chosen = dossier.chosen
    if chosen is None:
        yield _missing(dossier.exercise.pk, "chosen", "Chosen price: not chosen", "id_chosen")
        return
    yield from authority_to_award(
        dossier.authority, chosen.supplier_id, chosen.amount_ex_vat, dossier.standing.commission.pk
    )


# --- shared, also with the room that signs ---------------------------------------------------------------------------


def in_secure(standing: Standing) -> Iterator[Blocker]:
    """Buying happens in Secure Services and nowhere else; a commission on hold buys nothing."""
    commission = standing.commission
    if commission.state != CommissionState.SECURE:
        yield Blocker(
            "stage",
            f"The commission is {_state_words(commission.state)}: buying belongs to Secure Services",
            "commissioning:commission",
            (commission.pk,),
        )


def service_buys(standing: Standing) -> Iterator[Blocker]:
    """Whether the rules leave the purchase to the service as value and risk stand now, with each reason why not."""
    needs, facts, commission = standing.needs, standing.facts, standing.commission
    if needs is None or facts is None:
        yield Blocker("value", "Estimated value: not recorded", "commissioning:value", (commission.pk,))
        return
    if needs.band.request != "not_required":
        yield Blocker(
            "request",
            f"The value is {money(facts.value)}, so this is now in the {needs.band.name} band: "
            f"{needs.band.who_buys}, and a procurement request must be accepted first",
            "commissioning:value",
            (commission.pk,),
        )
    if needs.overlay is not None and needs.overlay.request != "not_required":
        yield Blocker(
            "request_risk",
            f"This is high risk ({listed(list(facts.criteria.values()))}), so the purchase goes to "
            f"{needs.who_buys}, and a procurement request must be accepted first",
            "commissioning:risk",
            (commission.pk,),
        )


def may_go_on(dossier: ExerciseDossier) -> Iterator[Blocker]:
    """Whether whoever runs the exercise may still buy, as value, risk, gates and request stand now."""
    if dossier.by_ccps:
        yield from ccps_buys(dossier.standing, dossier.exercise.path)
    else:
        yield from service_buys(dossier.standing)


def ccps_buys(standing: Standing, path: str) -> Iterator[Blocker]:
    """Framework 6.2: no officer runs quotes or a tender before a request is accepted, and for the path it is on."""
    commission = standing.commission
    if standing.request is None:
        yield Blocker(
            "request",
            "Procurement request: not accepted by CCPS",
            "procurement:request_open",
            (commission.pk,),
            waits_for="CCPS",
        )
    if standing.needs is None or standing.facts is None:
        yield Blocker("value", "Estimated value: not recorded", "commissioning:value", (commission.pk,))
        return
    if path == Path.QUOTATION and standing.facts.value > quotes_reach(standing):
        request = standing.request
        yield Blocker(
            "band",
            f"The value is {money(standing.facts.value)}, over the {money(quotes_reach(standing))} that quotes may "
            f"reach: this is now in the {standing.needs.band.name} band, so CCPS changes the path to sourcing",
            "procurement:request" if request else "",
            (request.pk,) if request else (),
            waits_for="CCPS",
        )
    yield from gate(standing, 1)


def gate(standing: Standing, number: int) -> Iterator[Blocker]:
    """Framework 3.1 and 12: a gate that is required or expected is settled first."""
    need = standing.needs.gate(number) if standing.needs else "not_required"
    if need not in ("required", "expected") or number in standing.gates_settled:
        return
    yield Blocker(
        f"gate_{number}",
        f"{GATES[number]}: {need}, not approved",
        "commissioning:gate",
        (standing.commission.pk, number),
    )


def waits_for_gate_3(standing: Standing) -> Iterator[Blocker]:
    """Framework 6 and 12: the tender stays as it is until the outline business case is approved or waived."""
    for blocker in gate(standing, 3):
        yield replace(blocker, words=f"{WAITING}. {blocker.words}: approved in Plan, or waived with a reason")


def gate_4(standing: Standing) -> Iterator[Blocker]:
    """Framework 12: an award waits for the full business case wherever that is due."""
    yield from gate(standing, 4)


def quotes_reach(standing: Standing) -> Decimal:
    """The value up to which quotes may be asked for; more than it is sourced (framework 4.1)."""
    return standing.rules.amount("sourcing")


def beyond_quotes(dossier: ExerciseDossier, amount: Decimal | None) -> bool:
    """Whether a price takes what CCPS buys on quotes over what quotes may reach."""
    if dossier.is_sourcing or not dossier.by_ccps or amount is None:
        return False
    return amount > quotes_reach(dossier.standing)


def no_challenge(dossier: ExerciseDossier) -> Iterator[Blocker]:
    """Framework 22.1: while a bidder's challenge is open the next step waits."""
    for challenge in dossier.challenges:
        if challenge.is_open:
            yield Blocker(
                f"challenge:{challenge.pk}",
                f"Challenge by {challenge.raised_by}, {day(challenge.raised_on)}: not settled",
                "procurement:exercise",
                (challenge.exercise_id,),
                anchor="challenges",
                waits_for="Legal",
            )


def authority_to_award(
    records: Iterable[AuthorityRecord], supplier_id: int, amount: Decimal | None, commission_id: int
) -> Iterator[Blocker]:
    """Framework 9: an award and a contract are checked against a decision that names the provider, or names none."""

    def blocker(words: str) -> Blocker:
        return Blocker("authority", words, "commissioning:authority", (commission_id,))

    to_award = [record for record in records if record.may_award and record.withdrawn_at is None]
    if not to_award:
        yield blocker("Authority to award: not recorded")
        return
    for_this = [record for record in to_award if _is_for(record, supplier_id)]
    if not for_this:
        others = sorted({str(record.provider) for record in to_award if record.provider_id is not None})
        if others:
            yield blocker(f"Authority to award names another provider: {listed(others)}")
        else:
            yield blocker("Authority to award: the cabinet decision names no provider")
        return
    if not any(record.reaches(amount) for record in for_this):
        furthest = max(record.limit_ex_vat or Decimal(0) for record in for_this)
        yield blocker(f"Authority to award stops at {money(furthest)}; the award is {money(amount)}")


def _is_for(record: AuthorityRecord, supplier_id: int) -> bool:
    """A cabinet decision stands in for a delegated one only where it names the provider (framework 4.1)."""
    if record.provider_id is None:
        return record.kind != AuthorityRecord.Kind.CABINET
    return record.provider_id == supplier_id


def same_specification(dossier: ExerciseDossier) -> Iterator[Blocker]:
    """The version that suppliers were asked on is still the one signed off."""
    number, asked_on = dossier.standing.specification_number, dossier.exercise.specification_number
    if number is None:
        yield no_specification(dossier.standing)
    elif number != asked_on:
        yield Blocker(
            "specification",
            f"Suppliers were asked on version {asked_on} of the specification, and version {number} is now the one "
            "signed off: abandon this exercise and ask again",
        )


def no_specification(standing: Standing) -> Blocker:
    """Nobody is asked on words that are not signed off."""
    return Blocker(
        "specification",
        "Specification: not signed off",
        "commissioning:specification",
        (standing.commission.pk,),
        waits_for="Service leader",
    )


def _missing(exercise_id: int, key: str, words: str, anchor: str) -> Blocker:
    return Blocker(key, words, "procurement:decision", (exercise_id,), anchor=anchor)


def _state_words(state: str) -> str:
    label = CommissionState(state).label
    ended_or_held = (CommissionState.ON_HOLD, CommissionState.CLOSED, CommissionState.STOPPED, CommissionState.DRAFT)
    return label.lower() if state in ended_or_held else f"in {label}"
