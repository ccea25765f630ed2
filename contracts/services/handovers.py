"""The handover from CCPS to the contract manager: begun at signing, confirmed heading by heading, offered, answered."""

from __future__ import annotations

import uuid
from typing import Any

from casework import door
from casework.audit import audited, record, record_refusal
from casework.lifecycle import effect_of
from casework.refusals import NotPermitted, Refused, Stale
from casework.services import deadlines
from contracts import notifications
from contracts.models import Contract, Handover, HandoverPart
from contracts.selectors import due
from contracts.selectors.dossiers import parts_of
from contracts.selectors.handovers import known_lines
from contracts.states import HandoverState, Heading
from organisation import clock
from organisation.actors import System
from organisation.models import Person
from organisation.permissions import may
from procurement.states import RunBy

WITH_CCPS = (HandoverState.PREPARING, HandoverState.RETURNED)


def begin(contract: Contract) -> Handover | None:
    """Lay out the handover of a signed contract for the CCPS lead; none where the service bought by itself.

    The lead is whoever CCPS named when it accepted the request. The caller keeps its deadline.
    """
    exercise = contract.exercise
    if exercise is None or exercise.run_by != RunBy.CCPS:
        return None
    lead = exercise.request.lead if exercise.request else None
    made = Handover.objects.create(contract=contract, case_file=contract.case_file, lead=lead)
    HandoverPart.objects.bulk_create(
        [HandoverPart(handover=made, heading=heading, order=order) for order, heading in enumerate(Heading, 1)]
    )
    record(
        verb="handover.begin",
        subject=made,
        by=System(because="Both sides signed"),
        to_state=made.state,
        changes={"lead_id": made.lead_id},
    )
    return made


def confirm_part(
    part: HandoverPart, *, version: int, words: str, by: Person, act_id: uuid.UUID | None = None
) -> HandoverPart:
    """Confirm one heading with what CCPS adds to it; a gap that was named there is met by that.

    Raises ``NotPermitted``, ``Refused`` while the manager has it or has accepted it, and ``Stale`` with the other
    person's words.
    """
    verb = "handover.confirm"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(part.pk)):
        rows = Handover.objects.select_for_update(of=("self",)).select_related("case_file")
        handover = rows.get(pk=part.handover_id)
        if not may(by, "handover.prepare", handover):
            refused = door.who_words("handover.prepare", handover)
            record_refusal(verb=verb, subject=handover, by=by, words=refused)
            raise NotPermitted(refused)
        if handover.state not in WITH_CCPS:
            refused = f"This handover is {handover.get_state_display().lower()}, so what it says stands."
            record_refusal(verb=verb, subject=handover, by=by, words=refused)
            raise Refused(refused)
        row = HandoverPart.objects.get(pk=part.pk)
        row.handover = handover
        if version != row.version:
            raise Stale("Someone else confirmed this after you opened it.", {"What CCPS adds": row.words})
        row.words, row.gap = words, ""
        row.confirmed_at, row.confirmed_by = clock.now(), by
        row.version += 1
        row.save(update_fields=["words", "gap", "confirmed_at", "confirmed_by", "version"])
        record(verb=verb, subject=handover, changes={"heading": row.get_heading_display()})
        return row


@effect_of(Handover, "offer")
def _offered(handover: Handover, *, by: Any, note: str, **_: Any) -> None:
    """What is known is frozen as it was offered, and the contract manager is asked to answer."""
    known = known_lines(handover.contract)
    parts = parts_of(handover)
    for part in parts:
        part.known = known[Heading(part.heading)]
    HandoverPart.objects.bulk_update(parts, ["known"])
    _keep_deadline(handover)
    notifications.handover_offered(handover)


@effect_of(Handover, "accept")
def _accepted(handover: Handover, *, by: Any, note: str, **_: Any) -> None:
    """Nobody has to act on it any more."""
    deadlines.finish_deadline(handover.case_file, due.HANDOVER, "handover")


@effect_of(Handover, "send_back")
def _returned(handover: Handover, *, by: Any, note: str, gaps: dict[str, str] | None = None, **_: Any) -> None:
    """Each gap stands under its heading, which is no longer confirmed, and the CCPS lead has it again."""
    parts = [part for part in parts_of(handover) if (gaps or {}).get(part.heading)]
    for part in parts:
        part.gap = (gaps or {})[part.heading]
        part.confirmed_at, part.confirmed_by = None, None
        part.version += 1
    HandoverPart.objects.bulk_update(parts, ["gap", "confirmed_at", "confirmed_by", "version"])
    _keep_deadline(handover)
    notifications.handover_returned(handover)


def _keep_deadline(handover: Handover) -> None:
    for one in due.of_handover(handover):
        deadlines.put(one)
