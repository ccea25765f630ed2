"""Keeping deadlines right, in the transaction that changes the fact they follow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, Q, Value, When

from casework.deadlines import Due, due, facts_of_row
from casework.models import CaseFile, Deadline
from organisation import clock
from organisation.models import Person

_CHANGEABLE = (*("title", "path", "due_on", "since", "set_on", "holder", "requester", "queue", "is_paused", "done_at"),)


def set_deadline(
    case_file: CaseFile,
    kind: str,
    key: str,
    *,
    due_on: date,
    holder: Person | None,
    title: str,
    path: str = "",
    since: date | None = None,
) -> None:
    """Say what falls due, when and from whom; the same call with other values changes the row, and reopens it.

    ``key`` tells several of one kind on one case apart. ``holder`` may be nobody: then the service leaders are told.
    ``since`` is the day from which somebody waits, for steps that count from there; by default the day this is first
    called. One statement where the row stands, two where it is new.
    """
    put(due(case_file, kind, key, due_on=due_on, title=title, path=path, holder=holder, since=since))


def put(wanted: Due) -> None:
    """Write one deadline as the facts have it."""
    today = clock.today()
    changed: dict[str, Any] = _values(wanted) | {
        "set_on": Case(When(due_on=wanted.due_on, done_at=None, then=F("set_on")), default=Value(today)),
        "done_at": None,
    }
    if wanted.since is not None:
        changed["since"] = wanted.since
    case_file_id, kind, key = wanted.identity
    if not Deadline.objects.filter(case_file_id=case_file_id, kind=kind, key=key).update(**changed):
        add([wanted])


def add(wanted: Iterable[Due]) -> None:
    """Write deadlines that are new, however many, in one statement."""
    rows = [_row(one, clock.today()) for one in wanted]
    if rows:
        Deadline.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["case_file", "kind", "key"],
            update_fields=_CHANGEABLE,
        )


def put_all(wanted: Iterable[Due]) -> list[Due]:
    """Make the rows say what the facts say, three statements however many; returns what had to be mended."""
    by_identity = {one.identity: one for one in wanted}
    cases = {case_file_id for case_file_id, _, _ in by_identity}
    known = {(row.case_file_id, row.kind, row.key): row for row in Deadline.objects.filter(case_file_id__in=cases)}
    today = clock.today()
    fresh, stale = [], []
    for identity, one in by_identity.items():
        row = known.get(identity)
        if row is None:
            fresh.append(one)
        elif row.done_at is not None or facts_of_row(row) != one.facts:
            stale.append((row, one))
    add(fresh)
    for row, one in stale:
        if row.due_on != one.due_on or row.done_at is not None:
            row.set_on = today
        for name, value in _values(one).items():
            setattr(row, name, value)
        row.since, row.done_at = one.since or row.since, None
    if stale:
        Deadline.objects.bulk_update([row for row, _ in stale], _CHANGEABLE, batch_size=500)
    return [*fresh, *(one for _, one in stale)]


def finish_deadline(case_file: CaseFile, kind: str, key: str) -> int:
    """Say that it is done, or no longer asked: reminders stop. Says whether it was open."""
    rows = Deadline.objects.filter(case_file=case_file, kind=kind, key=str(key), done_at=None)
    return rows.update(done_at=clock.now())


def finish_all(case_file: CaseFile, *kinds: str, with_below: bool = False) -> int:
    """Finish every deadline of a case (of these kinds only, if named), and of what hangs under it if wanted."""
    of_case = Q(case_file=case_file)
    if with_below:
        of_case |= Q(case_file__root=case_file)
    rows = Deadline.objects.filter(of_case, done_at=None)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.update(done_at=clock.now())


def finish_rows(ids: Iterable[int], at: datetime) -> int:
    """Finish rows by number: what the nightly proof finds standing without a fact."""
    return Deadline.objects.filter(pk__in=list(ids), done_at=None).update(done_at=at)


def _values(wanted: Due) -> dict[str, Any]:
    return {
        "title": wanted.title[:200],
        "path": wanted.path,
        "due_on": wanted.due_on,
        "holder_id": wanted.holder_id,
        "requester_id": wanted.requester_id,
        "queue_id": wanted.queue_id,
        "is_paused": wanted.is_paused,
    }


def _row(wanted: Due, today: date) -> Deadline:
    return Deadline(
        case_file_id=wanted.case_file_id,
        organisation_id=wanted.organisation_id,
        kind=wanted.kind,
        key=wanted.key,
        since=wanted.since or today,
        set_on=today,
        **_values(wanted),
    )
