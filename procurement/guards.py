"""What still blocks each verb of this room, one sentence a thing. Guards read the dossier and write nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework.blockers import Blocker
from commissioning.models import AuthorityRecord
from commissioning.states import CommissionState
from organisation.formatting import listed, money

if TYPE_CHECKING:
    from procurement.dossier import ExerciseDossier, Standing

Inputs = Mapping[str, Any]


def open_exercise(standing: Standing) -> Iterator[Blocker]:
    """Framework 12: a service buys by itself only where its rules say so, on a signed-off specification, once."""
    yield from in_secure(standing)
    if not standing.is_buying:
        yield Blocker(
            "delivery",
            "Delivery decision: it does not lead to a purchase",
            "commissioning:delivery",
            (standing.commission.pk,),
        )
    yield from service_buys(standing)
    if standing.specification_number is None:
        yield _no_specification(standing)
    if standing.live_exercise:
        yield Blocker("live", f"{standing.live_exercise} is already under way: go on with it, or abandon it first")


def invite(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Somebody is asked, on a signed-off specification."""
    yield from in_secure(dossier.standing)
    yield from service_buys(dossier.standing)
    if dossier.standing.specification_number is None:
        yield _no_specification(dossier.standing)
    if not dossier.asked:
        yield Blocker("asked", "Suppliers to ask: none recorded", "procurement:ask_supplier", (dossier.exercise.pk,))


def decide(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """A price is chosen, and the reasons are written."""
    exercise = dossier.exercise
    yield from in_secure(dossier.standing)
    yield from service_buys(dossier.standing)
    yield from _same_specification(dossier)
    if not dossier.prices:
        yield Blocker("quotes", "Prices: none recorded", "procurement:record_quote", (exercise.pk,))
    elif dossier.chosen is None:
        yield _missing(exercise.pk, "chosen", "Chosen price: not chosen", "id_chosen")
    if not exercise.fairness.strip():
        yield _missing(exercise.pk, "fairness", "Why these suppliers: not written", "id_fairness")
    if not exercise.value_for_money.strip():
        yield _missing(exercise.pk, "value_for_money", "Value for money: not written", "id_value_for_money")
    if not exercise.social_value.strip():
        yield _missing(exercise.pk, "social_value", "Social value: not written", "id_social_value")


def award(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 9 and 12: gate 4 is settled where it is due, and the authority names this supplier and amount."""
    yield from in_secure(dossier.standing)
    yield from service_buys(dossier.standing)
    yield from gate_4(dossier.standing)
    yield from _same_specification(dossier)
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
            f"{needs.overlay.who_buys}, and a procurement request must be accepted first",
            "commissioning:risk",
            (commission.pk,),
        )


def gate_4(standing: Standing) -> Iterator[Blocker]:
    """Framework 12: an award waits for the full business case wherever that is due."""
    need = standing.needs.gate_4 if standing.needs else "not_required"
    if need in ("required", "expected"):
        yield Blocker("gate_4", f"Gate 4, full business case: {need}, not approved")


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


def _same_specification(dossier: ExerciseDossier) -> Iterator[Blocker]:
    number, asked_on = dossier.standing.specification_number, dossier.exercise.specification_number
    if number is None:
        yield _no_specification(dossier.standing)
    elif number != asked_on:
        yield Blocker(
            "specification",
            f"Suppliers were asked on version {asked_on} of the specification, and version {number} is now the one "
            "signed off: abandon this exercise and ask again",
        )


def _no_specification(standing: Standing) -> Blocker:
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
