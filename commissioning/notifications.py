"""The messages about gates: who is told, and in which words. Written with the act, sent after it."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from casework.models import WorkItem
from casework.querysets import people_seeing
from casework.services import outbox
from casework.states import OUTSTANDING
from commissioning.models import Gate, GateRound
from commissioning.shifts import GATES
from organisation.actors import Actor
from organisation.formatting import day, in_sentence
from organisation.models import Person


def decision_asked(item: WorkItem, gate: Gate) -> None:
    """Tell an approver that a gate waits for them."""
    by_when = f" by {day(item.due_on)}" if item.due_on else ""
    _tell(
        [item.assignee_id],
        gate,
        kind="gate_decision",
        act=f"Decide gate {gate.number}{by_when}",
        why=f"{GATES[gate.number]} was submitted, and you are asked to decide on it.",
        path=item.path,
        otherwise="If you do nothing the commission cannot go on, and your service leader is told.",
    )


def condition_set(item: WorkItem, gate: Gate) -> None:
    """Tell the owner of a condition what is asked of them."""
    _tell(
        [item.assignee_id],
        gate,
        kind="gate_condition",
        act=f"Meet a condition of gate {gate.number} by {day(item.due_on)}",
        why=f"Gate {gate.number} was approved on a condition, and you are its owner: {item.because}",
        path=item.path,
        otherwise="If you do nothing the commission is held up at the gate that waits for it.",
    )


def outcomes_asked(item: WorkItem, gate: Gate) -> None:
    """Tell somebody that their view of the target outcomes is asked for."""
    _tell(
        [item.assignee_id],
        gate,
        kind="outcome_view",
        act="Say what you think of the target outcomes",
        why=f"The initiation document names what should change for people. {item.because}.",
        path=item.path,
        otherwise="If you say nothing, those who decide see that you were asked and gave no view.",
    )


def round_settled(gate: Gate, made: GateRound, by: Actor) -> None:
    """Tell whoever submitted the paper what came of it, with the reason word for word."""
    if made.submitted_by_id is None or made.submitted_by == by:
        return
    outcome = str(made.get_outcome_display())
    paper = in_sentence(GATES[gate.number])
    reason = f"\n\n{made.reason}" if made.reason else ""
    _tell(
        [made.submitted_by_id],
        gate,
        kind="gate_outcome",
        act=f"Gate {gate.number}: {outcome.lower()}",
        why=f"You submitted {paper}, and it is decided: {outcome}.{reason}",
        path=gate.get_absolute_url(),
        otherwise="The gate's page says what happens next.",
    )


def commission_refused(gate: Gate, by: Actor, note: str) -> None:
    """Tell everyone who holds something of a commission that its gate was refused and their item closes."""
    case = gate.commission.case_file
    holders = WorkItem.objects.filter(state__in=OUTSTANDING, assignee__isnull=False)
    of_case = holders.filter(case_file=case) | holders.filter(case_file__root=case)
    ids = set(of_case.values_list("assignee_id", flat=True))
    if isinstance(by, Person):
        ids.discard(by.pk)
    _tell(
        sorted(ids),
        gate,
        kind="commission_stopped",
        act="No longer needed",
        why=f"Gate {gate.number} was refused, so the commission stops. What you hold of it is closed.\n\n{note}",
        path=gate.commission.get_absolute_url(),
        otherwise="You need do nothing.",
    )


def _tell(ids: Any, gate: Gate, *, kind: str, act: str, why: str, path: str, otherwise: str) -> None:
    """Write one message to each of these people who may see the case."""
    case = gate.commission.case_file
    for person in people_seeing(case).filter(pk__in=[pk for pk in ids if pk]).order_by("pk"):
        outbox.post(
            person,
            kind=kind,
            subject=f"{act}: {case.reference} {case.title}",
            body=(
                f"{why}\n\n{case.reference} {case.title}\n\n{settings.SITE_URL}{path}\n\n{otherwise}\n\n"
                f"Questions go to whoever holds {case.reference}.\n"
            ),
            case_file=case,
        )
