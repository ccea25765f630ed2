"""Writing the dated steps of a formal decision: its entry, the decision, call-in, and taking it back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from casework.audit import audited, record
from casework.blockers import Blocker
from casework.refusals import AlreadyDone, Blocked, Refused
from commissioning.decision_clock import FORWARD_PLAN, GENERAL_EXCEPTION, SPECIAL_URGENCY, earliest_decision
from commissioning.models import Commission, DecisionEntry
from commissioning.selectors.decision_timeline import periods_on
from commissioning.selectors.dossiers import rules_of, rules_version_of
from commissioning.services.values import locked_open, refuse
from organisation import clock
from organisation.formatting import day
from organisation.models import Person

ACT = "commission.authority"
CALL_IN_DAYS = "call_in_days"
STANDS = "its decisions stand"
Notice = DecisionEntry.Notice


def enter(
    commission: Commission,
    *,
    notice: str,
    title: str,
    by: Person,
    published_on: date | None = None,
    agreed_by: str = "",
    agreed_on: date | None = None,
    reason: str = "",
    planned_on: date | None = None,
    act_id: uuid.UUID | None = None,
) -> DecisionEntry:
    """Enter a decision that is to be taken, with the notice that was given. One stands at a time.

    Raises ``Blocked`` where the notice is not complete, or the planned day comes before it ends.
    """
    verb = "decision.entered"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(commission, by=by, act=ACT, verb=verb, stands=STANDS)
        missing = list(_missing(commission, notice, published_on, agreed_by, agreed_on, reason, planned_on))
        if missing:
            refuse(Blocked(missing, "You cannot enter this decision yet."), verb=verb, subject=commission, by=by)
        route = commission.governance_route
        assert route is not None
        made = DecisionEntry.objects.create(
            commission=commission,
            route=route,
            notice=notice,
            title=title,
            reason=reason,
            published_on=published_on,
            agreed_by=agreed_by,
            agreed_on=agreed_on,
            planned_on=planned_on,
            recorded_by=by,
        )
        record(
            verb=verb,
            subject=commission,
            reason=reason,
            changes={"decision": title, "notice": made.get_notice_display(), "published_on": published_on},
        )
        return made


def _missing(
    commission: Commission,
    notice: str,
    published_on: date | None,
    agreed_by: str,
    agreed_on: date | None,
    reason: str,
    planned_on: date | None,
) -> Iterator[Blocker]:
    if commission.governance_route_id is None:
        link = ("commissioning:facts", (commission.pk,))
        yield Blocker("route", "Governance route: not chosen", *link, anchor="id_governance_route")
    if commission.decision_entries.filter(withdrawn_at=None).exists():
        yield Blocker("standing", "A decision is entered already: withdraw it first")
    if notice in (FORWARD_PLAN, GENERAL_EXCEPTION) and published_on is None:
        yield Blocker("published_on", "Date the notice was published: not given")
    if notice in (GENERAL_EXCEPTION, SPECIAL_URGENCY) and not reason.strip():
        yield Blocker("reason", "Reason why the usual notice cannot be given: not written")
    if notice == SPECIAL_URGENCY and (agreed_on is None or not agreed_by.strip()):
        yield Blocker("agreed_by", "Special urgency: say which chair agreed, and when")
    earliest = earliest_decision(notice, published_on, agreed_on, periods_on(published_on or clock.today()))
    if earliest and planned_on and planned_on < earliest:
        yield Blocker("planned_on", f"Planned day: the decision may be taken from {day(earliest)} on")


def decide(
    entry: DecisionEntry,
    *,
    decided_on: date,
    decided_by: str,
    decision_reference: str,
    decision_published_on: date | None,
    by: Person,
    call_in_waived_because: str = "",
    act_id: uuid.UUID | None = None,
) -> DecisionEntry:
    """Record that it was decided. A key decision may be called in for the working days that the rules name.

    Raises ``Blocked`` on a day before the notice ends, and where the rules name no call-in period.
    """
    verb = "decision.taken"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(entry.pk)):
        commission, entry = _locked(entry, verb, by)
        if entry.decided_on is not None:
            refuse(AlreadyDone("This decision was recorded before."), verb=verb, subject=commission, by=by)
        is_key = entry.notice != Notice.NOT_KEY
        figure = rules_of(rules_version_of(commission)).figures.get(CALL_IN_DAYS)
        faults = []
        earliest = earliest_decision(
            entry.notice, entry.published_on, entry.agreed_on, periods_on(entry.published_on or decided_on)
        )
        if earliest and decided_on < earliest:
            words = f"Day of the decision: the notice runs, so it may be taken from {day(earliest)} on"
            faults.append(Blocker("decided_on", words, anchor="id_decided_on"))
        if decision_published_on and decision_published_on < decided_on:
            faults.append(Blocker("decision_published_on", "Publication: it cannot come before the decision"))
        if is_key and figure is None and not call_in_waived_because.strip():
            faults.append(
                Blocker("call_in", "Call-in: these rules name no period. An administrator adds the figure call_in_days")
            )
        if faults:
            refuse(Blocked(faults, "You cannot record this decision yet."), verb=verb, subject=commission, by=by)
        entry.decided_on, entry.decided_by = decided_on, decided_by
        entry.decision_reference, entry.decision_published_on = decision_reference, decision_published_on
        entry.call_in_waived_because = call_in_waived_because
        entry.call_in_days = int(figure.amount) if is_key and figure is not None else None
        entry.save()
        record(
            verb=verb,
            subject=commission,
            reason=call_in_waived_because,
            changes={"decision": f"{entry.title}, {decision_reference}", "by": decided_by, "decided_on": decided_on},
        )
        return entry


def publish(entry: DecisionEntry, *, on: date, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Record on which day the decision was published: call-in is counted from there."""
    verb = "decision.published"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(entry.pk)):
        commission, entry = _locked(entry, verb, by)
        if entry.decided_on is None or on < entry.decided_on:
            refuse(Refused("A decision is published once it is taken."), verb=verb, subject=commission, by=by)
        if entry.decision_published_on is not None:
            refuse(AlreadyDone("The publication was recorded before."), verb=verb, subject=commission, by=by)
        entry.decision_published_on = on
        entry.save(update_fields=["decision_published_on"])
        record(verb=verb, subject=commission, changes={"decision": entry.title, "published_on": on})


def call_in(entry: DecisionEntry, *, on: date, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Record that it was called in: nothing is awarded or signed until that is settled."""
    verb = "decision.called_in"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(entry.pk)):
        commission, entry = _locked(entry, verb, by)
        if entry.decided_on is None or entry.called_in_on is not None:
            words = "It was called in before." if entry.called_in_on else "Only a decision that is taken is called in."
            refuse(AlreadyDone(words), verb=verb, subject=commission, by=by)
        entry.called_in_on = on
        entry.save(update_fields=["called_in_on"])
        record(verb=verb, subject=commission, changes={"decision": entry.title, "called_in_on": on})


def settle_call_in(
    entry: DecisionEntry, *, on: date, outcome: str, by: Person, act_id: uuid.UUID | None = None
) -> None:
    """Record what came of a call-in that let the decision stand. One that did not is withdrawn instead."""
    verb = "decision.settled"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(entry.pk)):
        commission, entry = _locked(entry, verb, by)
        if entry.called_in_on is None or entry.call_in_settled_on is not None:
            refuse(AlreadyDone("There is no open call-in to settle."), verb=verb, subject=commission, by=by)
        if on < entry.called_in_on:
            refuse(Refused("A call-in is settled on or after its day."), verb=verb, subject=commission, by=by)
        entry.call_in_settled_on, entry.call_in_outcome = on, outcome
        entry.save(update_fields=["call_in_settled_on", "call_in_outcome"])
        record(verb=verb, subject=commission, reason=outcome, changes={"decision": entry.title})


def withdraw(entry: DecisionEntry, *, because: str, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Take an entry out: the row and its reason stay, and another may be entered."""
    verb = "decision.withdrawn"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(entry.pk)):
        commission, entry = _locked(entry, verb, by)
        entry.withdrawn_at, entry.withdrawn_because = clock.now(), because
        entry.save(update_fields=["withdrawn_at", "withdrawn_because"])
        record(verb=verb, subject=commission, reason=because, changes={"decision": entry.title})


def _locked(entry: DecisionEntry, verb: str, by: Person) -> tuple[Commission, Any]:
    commission = locked_open(entry.commission, by=by, act=ACT, verb=verb, stands=STANDS)
    row = DecisionEntry.objects.get(pk=entry.pk)
    if row.withdrawn_at is not None:
        refuse(AlreadyDone("This entry was withdrawn. Nothing was changed."), verb=verb, subject=commission, by=by)
    return commission, row
