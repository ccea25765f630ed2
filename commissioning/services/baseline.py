"""The baseline of a commission: the main dates that the approval of gate 1 committed to, and how they move since."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from casework.audit import audited, record
from casework.refusals import AlreadyDone, Refused, Stale
from commissioning.models import BaselineMilestone, Commission, GateRound
from commissioning.services.values import locked_open, refuse
from documents.models import Revision
from organisation import clock
from organisation.formatting import day
from organisation.models import Person

MILESTONES = "milestones"


def freeze(commission: Commission, made: GateRound) -> int:
    """Keep the main dates of the paper that was approved as the baseline; says how many there are.

    The first approval counts: dates that were committed to are never replaced. Runs in the transaction of the approval.
    """
    if BaselineMilestone.objects.filter(commission=commission).exists():
        return 0
    content = _content_of(made)
    rows = [_milestone(row) for row in _rows_in(content, MILESTONES)]
    dated = sorted((found for found in rows if found is not None), key=lambda found: found[1])
    BaselineMilestone.objects.bulk_create(
        BaselineMilestone(
            commission=commission, round=made, order=order, name=name, owner=owner, baseline_on=on, expected_on=on
        )
        for order, (name, on, owner) in enumerate(dated, start=1)
    )
    return len(dated)


def move(
    row: BaselineMilestone,
    *,
    expected_on: date,
    done_on: date | None,
    reason: str,
    version: int,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> BaselineMilestone:
    """Say when a main date is expected today, or on which day it was reached. The baseline stays as it was.

    Raises ``Refused`` for a date other than the baseline's without a reason, ``Stale`` when somebody was first.
    """
    verb = "commission.baseline"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(row.pk)):
        commission = locked_open(row.commission, by=by, act="commission.edit", verb=verb, stands="its dates stand")
        found = BaselineMilestone.objects.get(pk=row.pk, commission=commission)
        if found.version != version:
            theirs = {"Expected on": day(found.expected_on)}
            raise Stale("Someone else changed this date after you opened it.", theirs)
        if expected_on != found.baseline_on and not reason.strip():
            refuse(Refused("Say why the date moved."), verb=verb, subject=commission, by=by)
        if done_on is not None and done_on > clock.today():
            refuse(Refused("A date is reached today or before."), verb=verb, subject=commission, by=by)
        if (expected_on, done_on, reason) == (found.expected_on, found.done_on, found.reason):
            raise AlreadyDone("Nothing was changed.")
        before = found.done_on or found.expected_on
        found.expected_on, found.done_on, found.reason = expected_on, done_on, reason[:500]
        found.version, found.changed_by, found.changed_at = found.version + 1, by, clock.now()
        found.save()
        what = "reached" if done_on else "expected"
        record(
            verb=verb,
            subject=commission,
            reason=reason,
            changes={"milestone": found.name, what: [day(before), day(done_on or expected_on)]},
        )
        return found


def committed_resources(commission: Commission) -> list[list[str]]:
    """What the approved paper lists as people's time, in rows as they were shown: one statement; heads first."""
    first = BaselineMilestone.objects.filter(commission=commission).select_related("round__gate__paper").first()
    if first is None:
        return []
    for question in _questions(_content_of(first.round)):
        shown = question.get("shown") or {}
        if question["key"] == "resources" and shown.get("form") == "table":
            return [
                [str(column["label"]) for column in shown["columns"]],
                *[list(row["cells"]) for row in shown["rows"]],
            ]
    return []


def _content_of(made: GateRound) -> Mapping[str, Any]:
    """The paper that a round decided on."""
    rows = Revision.objects.filter(paper=made.gate.paper, number=made.revision_number)
    return rows.values_list("content", flat=True).first() or {}


def _questions(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [question for section in content.get("sections", ()) for question in section["questions"]]


def _rows_in(content: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = next((question for question in _questions(content) if question["key"] == key), None)
    value = found.get("value") if found else None
    return value if isinstance(value, list) else []


def _milestone(row: Mapping[str, Any]) -> tuple[str, date, str] | None:
    cells = row.get("cells") or {}
    on = parse_date(str(cells.get("on") or ""))
    name = str(cells.get("milestone") or "").strip()
    return (name[:300], on, str(cells.get("owner") or "")[:200]) if on and name else None
