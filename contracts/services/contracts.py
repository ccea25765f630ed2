"""Making a contract out of a decision, and what follows each of its verbs. Nothing is typed twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from casework import door
from casework.audit import record
from casework.lifecycle import effect_of
from casework.refusals import Refused
from casework.services import deadlines, work_items
from casework.services.cases import keep_right, open_case
from casework.services.rules import rules_of
from commissioning.models import Commission
from commissioning.selectors.dossiers import rules_version_of
from contracts.models import Contract, ContractTerm, ContractValue, Signature
from contracts.selectors import due
from contracts.selectors.standing import of_exercise
from contracts.services import handovers, indicators, mobilisation, payment, readings
from contracts.states import OVER, ContractState, Party
from organisation.actors import Actor, System
from organisation.formatting import date_range, money
from organisation.models import Person
from organisation.permissions import may
from procurement.models import Exercise

Tier = Contract.Tier


@effect_of(Exercise, "decide")
def make_from_exercise(exercise: Exercise, *, by: Actor, note: str, **_: Any) -> None:
    """Draft the contract of the chosen supplier from what the exercise and the commission already say."""
    commission, chosen = exercise.commission, exercise.chosen
    if chosen is None:
        raise ValueError("A decided exercise has a chosen price")  # the guard saw to it
    source = exercise.case_file
    case = open_case(
        kind="contract",
        prefix="CON",
        organisation=commission.case_file.organisation,
        service_area=commission.case_file.service_area,
        title=source.title,
        holder=exercise.contract_manager,
        state=ContractState.DRAFTED,
        root=commission.case_file,
        value_ex_vat=chosen.amount_ex_vat,
        value_inc_vat=chosen.amount_inc_vat,
    )
    contract = Contract.objects.create(
        case_file=case,
        organisation_id=case.organisation_id,
        commission=commission,
        exercise=exercise,
        supplier=chosen.supplier,
        category_id=commission.category_id,
        tier=_tier(commission, chosen.amount_ex_vat),
        starts_on=exercise.starts_on,
        ends_on=exercise.ends_on,
    )
    keep_right(case, path=contract.get_absolute_url(), is_high_risk=commission.case_file.is_high_risk)
    indicators.copy_planned(contract)
    record(
        verb="contract.draft",
        subject=contract,
        by=System(because=f"The decision of {source.reference} was recorded"),
        to_state=contract.state,
        changes={
            "supplier": chosen.supplier.name,
            "value": f"{money(chosen.amount_ex_vat)} excluding VAT",
            "term": date_range(exercise.starts_on, exercise.ends_on),
        },
        rules_version=commission.rules_number,
    )


def _tier(commission: Commission, amount: Decimal | None) -> str:
    """Framework 13: CCPS supports contracts of high value (a figure of the rules) and high risk."""
    if commission.case_file.is_high_risk:
        return Tier.CCPS_SUPPORTED
    figure = rules_of(rules_version_of(commission)).figures.get("contract_support")
    over = figure is not None and amount is not None and amount > figure.amount
    return Tier.CCPS_SUPPORTED if over else Tier.SERVICE_MANAGED


@effect_of(Exercise, "award")
def _exercise_awarded(exercise: Exercise, *, by: Actor, note: str, **_: Any) -> None:
    """The draft becomes the awarded contract."""
    _carry(exercise, "award", f"{exercise.case_file.reference} was awarded")


@effect_of(Exercise, "reconsider")
def _exercise_reconsidered(exercise: Exercise, *, by: Actor, note: str, **_: Any) -> None:
    """The draft of the old decision is withdrawn; the next decision makes its own."""
    _carry(exercise, "withdraw", f"The decision of {exercise.case_file.reference} was opened again: {note}", note)


@effect_of(Exercise, "abandon")
def _exercise_abandoned(exercise: Exercise, *, by: Actor, note: str, **_: Any) -> None:
    """No contract comes of it."""
    _carry(exercise, "withdraw", f"{exercise.case_file.reference} was abandoned: {note}", note)


def _carry(exercise: Exercise, verb: str, because: str, note: str = "") -> None:
    contract = of_exercise(exercise)
    if contract is not None:
        door.carry_out(contract, verb, by=System(because=because), note=note)


# --- what follows each verb, in the same transaction -----------------------------------------------------------------


@effect_of(Contract, "award")
def _awarded(contract: Contract, *, by: Actor, note: str, **_: Any) -> None:
    """Ask the queues that the rules name, such as Finance for payment set-up."""
    _keep(contract)
    if contract.commission_id is not None:
        payment.ask(contract, by=by)


@effect_of(Contract, "withdraw")
def _withdrawn(contract: Contract, *, by: Actor, note: str, **_: Any) -> None:
    """Nobody works on a contract that does not come: what was asked about it leaves the queues."""
    work_items.close_outstanding(contract.case_file, because="The draft contract was withdrawn")
    _keep(contract)


@effect_of(Contract, "go_live")
def _live(contract: Contract, *, by: Actor, note: str, **_: Any) -> None:
    """The first results fall due."""
    _keep(contract)
    readings.keep_deadlines(contract)


@effect_of(Contract, "sign_for_council")
def _signed_by_council(
    contract: Contract, *, by: Actor, note: str, person: Person, role: str, signed_on: date, how: str, **_: Any
) -> None:
    """Keep the council's signature: a person of ours who may sign."""
    if not may(person, "contract.sign", contract):
        raise Refused(f"{person.name} may not sign for the council here.")
    _add_signature(contract, Party.COUNCIL, by, person.name, role, signed_on, how, person)


@effect_of(Contract, "sign_for_supplier")
def _signed_by_supplier(
    contract: Contract, *, by: Actor, note: str, signed_by: str, role: str, signed_on: date, how: str, **_: Any
) -> None:
    """Keep the supplier's signature."""
    _add_signature(contract, Party.SUPPLIER, by, signed_by, role, signed_on, how, None)


def _add_signature(
    contract: Contract, party: Party, by: Actor, name: str, role: str, on: date, how: str, person: Person | None
) -> None:
    if not isinstance(by, Person):
        raise TypeError("A signature is recorded by a person")
    Signature.objects.create(
        contract=contract,
        party=party,
        signed_by=name,
        person=person,
        role=role,
        signed_on=on,
        method=how,
        recorded_by=by,
    )
    if contract.state == ContractState.SIGNED:
        _both_signed(contract, by)


def _both_signed(contract: Contract, by: Person) -> None:
    """What was agreed becomes the first row of each history; then what must be in place is laid out."""
    case = contract.case_file
    if contract.starts_on is None or contract.ends_on is None or case.value_ex_vat is None:
        raise ValueError("A contract that can be signed has a term and a value")  # the guard saw to it
    agreed: dict[str, Any] = {"contract": contract, "reason": "As signed", "recorded_by": by}
    ContractTerm.objects.create(starts_on=contract.starts_on, ends_on=contract.ends_on, **agreed)
    ContractValue.objects.create(
        amount_ex_vat=case.value_ex_vat,
        amount_inc_vat=case.value_inc_vat or case.value_ex_vat,
        valid_from=contract.starts_on,
        **agreed,
    )
    door.carry_out(contract, "begin_mobilisation", by=System(because="Both sides signed"))


@effect_of(Contract, "begin_mobilisation")
def _mobilising(contract: Contract, *, by: Actor, note: str, **_: Any) -> None:
    """Lay out the council's tasks, begin the handover where CCPS bought, and keep the dates that now bind."""
    asked = payment.asked_for(contract)
    tasks = mobilisation.lay_out(
        contract.case_file,
        mobilisation.FOR_CONTRACT,
        due_on=contract.starts_on,
        asked={payment.TASK_KEY: asked} if asked else None,
    )
    handover = handovers.begin(contract)
    deadlines.add(
        [
            *due.of_tasks(tasks),
            *due.of_term(contract, contract.options.order_by("number")),
            *(due.of_handover(handover) if handover else ()),
        ]
    )
    _keep(contract)


@effect_of(Contract, "enter_in_register")
def _registered(contract: Contract, *, by: Actor, note: str, **_: Any) -> None:
    """The task for the register entry is done by the entry itself."""
    mobilisation.finish_by_key(contract.case_file, "register_entry", by)
    deadlines.add(one for one in due.of_term(contract, ()) if one.kind == due.REVIEW)
    _keep(contract)


def _keep(contract: Contract) -> None:
    keep_right(contract.case_file, state=contract.state, is_open=contract.state not in OVER)
