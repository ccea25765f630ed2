"""What contracts add to the verbs of the rooms below. Checks of one page share one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casework.blockers import Blocker
from casework.lifecycle import exit_check
from commissioning.models import Commission
from contracts.models import Contract, Handover
from contracts.selectors.safeguarding import lacks_safeguarding
from contracts.selectors.standing import Line, of_commission, of_exercise
from contracts.states import BINDING, HandoverState
from organisation.formatting import counted
from procurement.models import Exercise
from procurement.states import RunBy


@exit_check(Commission, "to_review")
def is_secured(commission: Commission) -> Sequence[Blocker]:
    """Framework 3.1: a purchase is signed, registered, mobilised and handed over; anything else is mobilised."""
    standing = of_commission(commission.case_file)
    found: list[Blocker] = []
    if standing.is_buying and not standing.in_force:
        found.append(Blocker("contract", "Contract: none is signed"))
    for line in standing.in_force:
        found.extend(_of_contract(line))
    found.extend(_tasks(standing.own_open_tasks, commission.case_file_id, "Mobilisation"))
    return found


def _of_contract(line: Line) -> Iterator[Blocker]:
    which = f"Contract {line.name}".rstrip()
    if not line.is_binding:
        yield _blocker(line, "signed", f"{which}: not signed by both sides")
        return
    if line.contract.registered_at is None:
        yield _blocker(line, "registered", f"{which}: not entered in the register")
    what = f"Mobilisation of {line.name}" if line.name else "Mobilisation of a contract"
    yield from _tasks(line.open_tasks, line.case_file.pk, what, is_open=not line.is_walled)
    if line.contract.exercise is not None and line.contract.exercise.run_by == RunBy.CCPS:
        yield from _handover(line)


def _handover(line: Line) -> Iterator[Blocker]:
    """Framework 12: what CCPS bought is handed over before its commission is reviewed."""
    handover: Handover | None = getattr(line.contract, "handover", None)
    state = handover.state if handover else HandoverState.PREPARING
    words = {
        HandoverState.PREPARING: "not offered yet",
        HandoverState.OFFERED: "offered, not accepted yet",
        HandoverState.RETURNED: "returned with gaps",
    }.get(HandoverState(state))
    if words:
        which = f"Handover of {line.name} from CCPS" if line.name else "Handover from CCPS"
        waits_for = "Contract manager" if state == HandoverState.OFFERED else "CCPS"
        yield _blocker(line, "handover", f"{which}: {words}", "contracts:handover", waits_for)


def _blocker(line: Line, key: str, words: str, link: str = "contracts:contract", waits_for: str = "") -> Blocker:
    """Only what everybody may open is linked."""
    return Blocker(key, words, "" if line.is_walled else link, (line.contract.pk,), waits_for=waits_for)


def _tasks(count: int, case_file_id: int, what: str, *, is_open: bool = True) -> Iterator[Blocker]:
    if count:
        words = f"{what}: {counted(count, 'task')} not done"
        link = "contracts:mobilisation" if is_open else ""
        yield Blocker(f"mobilisation:{case_file_id}", words, link, (case_file_id,))


@exit_check(Commission, "stop", "return_to_plan")
def is_bound(commission: Commission) -> Sequence[Blocker]:
    """Framework 3.1: a commission is stopped or sent back only before a contract is signed."""
    binding = of_commission(commission.case_file).binding
    return [_bound(line.contract.pk, line.name, is_open=not line.is_walled) for line in binding]


@exit_check(Exercise, "abandon")
def contract_binds(exercise: Exercise) -> Sequence[Blocker]:
    """An award is taken back only while nobody is bound by it."""
    contract = of_exercise(exercise)
    if contract is None or contract.state not in BINDING:
        return []
    return [_bound(contract.pk, contract.case_file.reference)]


def _bound(contract_id: int, name: str, *, is_open: bool = True) -> Blocker:
    which = f"Contract {name}" if name else "A contract"
    words = f"{which} is signed: it can be varied or ended, not undone"
    return Blocker("contract", words, "contracts:contract" if is_open else "", (contract_id,))


@exit_check(Contract, "go_live")
def safeguarding_is_watched(contract: Contract) -> Sequence[Blocker]:
    """The service runs for people who may be vulnerable only where an indicator watches over how they are kept safe."""
    if not lacks_safeguarding(contract):
        return []
    words = "Safeguarding: no indicator watches over it, and the commission serves people who may be vulnerable"
    return [Blocker("safeguarding", words, "contracts:indicators", (contract.pk,))]


@exit_check(Exercise, "award")
def manager_is_named(exercise: Exercise) -> Sequence[Blocker]:
    """Every contract needs a named contract manager before it is awarded (framework 8)."""
    draft = of_exercise(exercise)
    if draft is None or draft.case_file.holder_id is not None:
        return []
    return [Blocker("manager", "Contract manager: not named", "contracts:facts", (draft.pk,), anchor="id_manager")]
