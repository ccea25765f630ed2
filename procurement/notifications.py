"""The messages of this room: who is told, and in which words. Written with the act, sent after it."""

from __future__ import annotations

from django.conf import settings

from casework.querysets import people_seeing
from casework.services import outbox
from casework.topics import ANSWERS, ASKED, register_message_kind
from organisation.actors import Actor
from organisation.formatting import day
from organisation.models import Person
from procurement.models import ProcurementRequest


def request_accepted(request: ProcurementRequest, by: Actor) -> None:
    """Tell the requester who leads, by which path and by when, and what happens next."""
    lead = request.lead.name if request.lead else "CCPS"
    said = f"{request.get_path_display()}, led by {lead}. CCPS aims to award it by {day(request.target_on)}."
    _tell(request, by, kind="request_accepted", act="CCPS accepted", said=said)


def request_declined(request: ProcurementRequest, by: Actor) -> None:
    """Tell the requester why, and what can be done instead."""
    said = f"{request.get_decline_ground_display()}. {request.decline_reason}"
    _tell(request, by, kind="request_declined", act="CCPS declined", said=said)


def request_question(request: ProcurementRequest, by: Actor, question: str) -> None:
    """Tell the requester what CCPS has to know."""
    said = f"{question}\n\nThe clock stands still until you send the request back."
    _tell(request, by, kind="request_question", act="CCPS asks for information on", said=said)


def _tell(request: ProcurementRequest, by: Actor, *, kind: str, act: str, said: str) -> None:
    """Write one message to whoever submitted it, unless they did it themselves or may not see the request."""
    case = request.case_file
    person: Person | None = request.submitted_by or case.holder
    if person is None or person == by or not people_seeing(case).filter(pk=person.pk).exists():
        return
    outbox.post(
        person,
        kind=kind,
        subject=f"{act} {case.reference} {case.title}",
        body=(
            f"{act} {case.reference} {case.title}.\n\n{said}\n\nNext steps: {request.next_steps}\n\n"
            f"{settings.SITE_URL}{request.get_absolute_url()}\n\nQuestions go to CCPS, quoting {case.reference}.\n"
        ),
        case_file=case,
        path=request.get_absolute_url(),
    )


def register_own() -> None:
    """Register the topics of these messages."""
    for kind, topic in (("request_accepted", ANSWERS), ("request_declined", ANSWERS), ("request_question", ASKED)):
        register_message_kind(kind, topic)
