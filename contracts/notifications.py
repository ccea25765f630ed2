"""The messages of this room: who is told, and in which words. Written with the act, sent after it."""

from __future__ import annotations

from django.conf import settings

from casework.models import CaseFile
from casework.services import outbox
from contracts.models import Handover
from organisation.formatting import day
from organisation.models import Person


def handover_offered(handover: Handover) -> None:
    """Ask the contract manager to answer."""
    _tell(
        handover.case_file.holder,
        handover,
        kind="handover_offered",
        act="Accept the handover",
        why="You manage this contract. CCPS, which bought it, offers you the handover.",
        otherwise="If you do nothing the commission stays in Secure Services. If something is missing, return it and "
        "say what.",
    )


def handover_returned(handover: Handover) -> None:
    """Tell the CCPS lead that something is missing; what it is stands on the page."""
    _tell(
        handover.lead or handover.offered_by,
        handover,
        kind="handover_returned",
        act="Close the gaps in the handover",
        why="The contract manager has returned the handover you lead, and says what is missing.",
        otherwise="If you do nothing the commission stays in Secure Services.",
    )


def _tell(person: Person | None, handover: Handover, *, kind: str, act: str, why: str, otherwise: str) -> None:
    """Write one message, unless there is nobody or they may not see the contract."""
    case = handover.case_file
    if person is None or not person.is_active:
        return
    if not CaseFile.objects.visible_to(person).filter(pk=case.pk).exists():
        return
    starts = f" The contract starts on {day(handover.contract.starts_on)}." if handover.contract.starts_on else ""
    outbox.post(
        person,
        kind=kind,
        subject=f"{act}: {case.reference} {case.title}",
        body=(
            f"{why}{starts}\n\n{case.reference} {case.title}\n\n"
            f"{settings.SITE_URL}{handover.get_absolute_url()}\n\n{otherwise}\n\n"
            f"Questions go to CCPS, quoting {case.reference}.\n"
        ),
        case_file=case,
    )
