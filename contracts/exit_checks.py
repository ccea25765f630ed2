"""What contracts add to the verbs of the rooms below. Checks of one page share one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casework.blockers import Blocker
from casework.lifecycle import exit_check
from commissioning.models import Commission
from contracts.selectors.standing import Line, of_commission, of_exercise
from contracts.states import BINDING
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
    reference, args = line.case_file.reference, (line.contract.pk,)
    if not line.is_binding:
        yield Blocker("signed", f"Contract {reference}: not signed by both sides", "contracts:contract", args)
        return
    if line.contract.registered_at is None:
        yield Blocker("registered", f"Contract {reference}: not entered in the register", "contracts:contract", args)
    yield from _tasks(line.open_tasks, line.case_file.pk, f"Mobilisation of {reference}")
    if line.contract.exercise is not None and line.contract.exercise.run_by == RunBy.CCPS:
        yield Blocker("handover", f"Handover of {reference} from CCPS: not accepted", "contracts:contract", args)


def _tasks(count: int, case_file_id: int, what: str) -> Iterator[Blocker]:
    if count:
        words = f"{what}: {counted(count, 'task')} not done"
        yield Blocker(f"mobilisation:{case_file_id}", words, "contracts:mobilisation", (case_file_id,))


@exit_check(Commission, "stop", "return_to_plan")
def is_bound(commission: Commission) -> Sequence[Blocker]:
    """Framework 3.1: a commission is stopped or sent back only before a contract is signed."""
    return [_bound(line.contract.pk, line.case_file.reference) for line in of_commission(commission.case_file).binding]


@exit_check(Exercise, "abandon")
def contract_binds(exercise: Exercise) -> Sequence[Blocker]:
    """An award is taken back only while nobody is bound by it."""
    contract = of_exercise(exercise)
    if contract is None or contract.state not in BINDING:
        return []
    return [_bound(contract.pk, contract.case_file.reference)]


def _bound(contract_id: int, reference: str) -> Blocker:
    words = f"Contract {reference} is signed: it can be varied or ended, not undone"
    return Blocker("contract", words, "contracts:contract", (contract_id,))


@exit_check(Exercise, "award")
def manager_is_named(exercise: Exercise) -> Sequence[Blocker]:
    """Every contract needs a named contract manager before it is awarded (framework 8)."""
    draft = of_exercise(exercise)
    if draft is None or draft.case_file.holder_id is not None:
        return []
    return [Blocker("manager", "Contract manager: not named", "contracts:facts", (draft.pk,), anchor="id_manager")]
