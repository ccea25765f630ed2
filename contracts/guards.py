"""What still blocks each verb of this room, one sentence a thing. Guards read the dossier and write nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from casework.blockers import Blocker
from casework.clocks import local_day
from contracts.states import ContractState, Heading, Party, Side
from organisation import clock
from organisation.formatting import day
from procurement import guards as buying
from procurement.states import Path, RunBy

if TYPE_CHECKING:
    from contracts.dossier import ContractDossier, HandoverDossier
    from contracts.models import Contract

Inputs = Mapping[str, Any]


def sign_for_council(dossier: ContractDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 9: the council signs only with authority that names this provider and amount, and terms complete."""
    yield from _signing(dossier, inputs, Party.COUNCIL)
    supplier = dossier.signature_of(Party.SUPPLIER)
    person = inputs.get("person")
    if supplier and person and _same_name(supplier.signed_by, person.name):
        yield Blocker("person", f"{person.name} signed for the supplier, so cannot sign for the council")
    if inputs.get("how") and (inputs["how"] == "sealed") != (dossier.contract.execution == "sealed"):
        yield Blocker(
            "how",
            f"How it was signed: this contract is to be {_execution_words(dossier)}",
            "contracts:facts",
            (dossier.contract.pk,),
            anchor="id_execution",
        )


def sign_for_supplier(dossier: ContractDossier, inputs: Inputs) -> Iterator[Blocker]:
    """The supplier's signature counts under the same conditions; nobody signs for both sides."""
    yield from _signing(dossier, inputs, Party.SUPPLIER)
    council = dossier.signature_of(Party.COUNCIL)
    name, recorder = str(inputs.get("signed_by", "")), inputs.get("recorder")
    if name and council and _same_name(name, council.signed_by):
        yield Blocker("signed_by", f"{council.signed_by} signed for the council, so cannot sign for the supplier")
    elif name and recorder and _same_name(name, recorder.name):
        yield Blocker("signed_by", "You work for the council, so you cannot sign for the supplier")


def before_award(contract: Contract) -> Iterator[Blocker]:
    """Nobody signs a draft: the exercise behind it is awarded first."""
    exercise = contract.exercise
    if contract.state == ContractState.DRAFTED and exercise is not None:
        words = f"{exercise.case_file.reference}: {exercise.get_state_display().lower()}, not awarded. Award it first"
        yield Blocker("award", words, "procurement:exercise", (exercise.pk,))


def enter_in_register(dossier: ContractDossier, inputs: Inputs) -> Iterator[Blocker]:
    """A register entry has a manager, a term and the date of its first review."""
    contract = dossier.contract
    if contract.registered_at is not None:
        yield Blocker("registered", f"Already in the register since {day(contract.registered_at)}")
    if contract.case_file.holder_id is None:
        yield Blocker("manager", "Contract manager: not named")
    if "review_on" in inputs and inputs["review_on"] is None:
        yield Blocker("review_on", "Review date: not given")


def go_live(dossier: ContractDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 12: never with a council task open, nor before the day it starts."""
    contract = dossier.contract
    for task in dossier.tasks:
        if task.side == Side.COUNCIL and task.done_at is None:
            link = "contracts:task_done"
            if task.key == "register_entry":
                yield Blocker(f"task:{task.pk}", f"{task.title}: not done", "contracts:contract_verb", _entry(contract))
            elif task.waits_for_queue:
                args, queue = (task.asked_id,), task.queue_name
                yield Blocker(f"task:{task.pk}", f"{task.title}: not done", "casework:item", args, waits_for=queue)
            else:
                waits_for = task.owner.name if task.owner else ""
                yield Blocker(f"task:{task.pk}", f"{task.title}: not done", link, (task.pk,), waits_for=waits_for)
    if contract.starts_on and contract.starts_on > clock.today():
        yield Blocker("starts_on", f"The contract starts on {day(contract.starts_on)}")


def offer_handover(dossier: HandoverDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 12: obligations, indicators, risks, dates and documents are passed on to a named manager."""
    contract = dossier.handover.contract
    if contract.case_file.holder_id is None:
        yield Blocker("manager", "Contract manager: not named", "contracts:contract", (contract.pk,))
    for part in dossier.parts:
        if part.confirmed_at is None:
            words = f"{part.get_heading_display()}: not confirmed"
            yield Blocker(f"part:{part.heading}", words, "contracts:handover_part", (part.pk,))
        elif part.heading == Heading.INDICATORS and not dossier.has_indicators and not part.words.strip():
            words = "Indicators: none is set. Add one with its interval, or write why none is needed"
            yield Blocker("indicators", words, "contracts:indicators", (contract.pk,))


def return_handover(dossier: HandoverDossier, inputs: Inputs) -> Iterator[Blocker]:
    """What is returned says what is missing."""
    if "gaps" in inputs and not any(str(words).strip() for words in (inputs["gaps"] or {}).values()):
        yield Blocker("gaps", "Gaps: none named")


# --- shared ----------------------------------------------------------------------------------------------------------


def _signing(dossier: ContractDossier, inputs: Inputs, party: Party) -> Iterator[Blocker]:
    contract, standing = dossier.contract, dossier.standing
    own = dossier.signature_of(party)
    if own is not None:
        yield Blocker("signed", f"{own.get_party_display()} signed already: {own.signed_by}, {day(own.signed_on)}")
    if standing is None:
        yield Blocker("commission", "Commission: none is linked, so there is no authority to award")
    else:
        yield from buying.in_secure(standing)
        if standing.live_run_by != RunBy.CCPS:
            yield from buying.service_buys(standing)
        yield from buying.gate_4(standing)
        yield from standing.held_back
        yield from buying.authority_to_award(
            dossier.authority, contract.supplier_id, contract.case_file.value_ex_vat, standing.commission.pk
        )
    yield from _standstill(dossier, inputs)
    for challenge in dossier.challenges:
        yield Blocker(
            f"challenge:{challenge.pk}",
            f"Challenge by {challenge.raised_by}, {day(challenge.raised_on)}: not settled",
            "procurement:exercise",
            (challenge.exercise_id,),
        )
    if contract.starts_on is None or contract.ends_on is None:
        yield _fact(contract.pk, "term", "Term: start and end dates not recorded", "id_starts_on_0")
    if contract.case_file.holder_id is None:
        yield _fact(contract.pk, "manager", "Contract manager: not named", "id_manager")
    signed_on = inputs.get("signed_on")
    if signed_on and contract.awarded_at and signed_on < local_day(contract.awarded_at):
        yield Blocker("signed_on", f"Date signed: before the award on {day(contract.awarded_at)}")


def _standstill(dossier: ContractDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Procurement Act 2023, section 51: no contract is entered into before the standstill has ended."""
    exercise = dossier.contract.exercise
    if exercise is None:
        return
    link, args = "procurement:exercise", (exercise.pk,)
    if exercise.path == Path.SOURCING and exercise.run_by == RunBy.CCPS and not exercise.standstill_basis:
        yield Blocker("standstill", "Standstill: not recorded, nor why none applies", link, args, waits_for="CCPS")
    ends_on = exercise.standstill_ends_on
    if ends_on is None:
        return
    first = day(ends_on + timedelta(days=1))
    if clock.today() <= ends_on:
        yield Blocker("standstill", f"Standstill ends on {day(ends_on)}: sign from {first}", link, args)
    elif inputs.get("signed_on") and inputs["signed_on"] <= ends_on:
        yield Blocker("signed_on", f"Date signed: the standstill ended on {day(ends_on)}, so it is {first} or later")


def _fact(contract_id: int, key: str, words: str, anchor: str) -> Blocker:
    return Blocker(key, words, "contracts:facts", (contract_id,), anchor=anchor)


def _entry(contract: Any) -> tuple[object, ...]:
    return (contract.pk, "enter_in_register")


def _execution_words(dossier: ContractDossier) -> str:
    return "under seal" if dossier.contract.execution == "sealed" else "signed underhand"


def _same_name(one: str, other: str) -> bool:
    return one.split() != [] and one.casefold().split() == other.casefold().split()
