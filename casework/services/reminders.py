"""The sweep: everybody who is to be reminded today is, once, by one INSERT … SELECT over deadlines and steps."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from casework import reminder_sql
from casework.models import Deadline, ReminderPolicy, Sweep
from casework.reminder_days import Step, Window, dates_falling
from organisation import clock
from organisation.working_days import ENGLAND, holidays_of, is_working_day

# People wake up to their reminders; nobody's telephone rings at night.
FIRST_HOUR = 7
# Before the first sweep of all there is nothing to take up; a long week end is looked back on.
_FIRST_LOOK_BACK = timedelta(days=7)
# No step lies further from its date than this.
_FAR = timedelta(days=5 * 366)

Asked = dict[str, str | bool | date | datetime | None]


@dataclass(frozen=True)
class Swept:
    """What a sweep added: reminders, and messages that tell of them."""

    reminders: int = 0
    messages: int = 0


def sweep_now() -> Swept:
    """Sweep today, once the day has begun."""
    now = clock.now().astimezone(clock.LONDON)
    return sweep(now.date()) if now.hour >= FIRST_HOUR else Swept()


def sweep(day: date) -> Swept:
    """Remind everybody of what a step says for ``day``, and for the days since the last sweep.

    Nothing happens on days that are no working days: their steps wait. One transaction, the same few statements
    however many deadlines there are; a second run, or one begun again after it was killed, adds nothing twice.
    """
    holidays = holidays_of(ENGLAND)
    if not is_working_day(day, holidays):
        return Swept()
    with transaction.atomic():
        steps = _steps_of(day, holidays)
        made = told = 0
        if steps:
            asked: Asked = {"steps": json.dumps(steps), "today": connection.ops.adapt_datefield_value(day)}
            made = _run(reminder_sql.remind(), asked)
        # Also what a sweep of earlier today could not finish telling.
        told = _run(reminder_sql.tell(), _told(day))
        Sweep.objects.bulk_create(
            [Sweep(day=day, swept_at=clock.now())],
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["swept_at"],
        )
    return Swept(reminders=made, messages=told)


def step_of(policy: ReminderPolicy) -> Step:
    """When a policy's step falls."""
    return Step(policy.offset, policy.unit, policy.repeat_every, policy.repeat_unit)


def _steps_of(day: date, holidays: frozenset[date]) -> list[tuple[int, str, str]]:
    """Each policy with every date it counts from that makes it fall now: what the database joins to the deadlines."""
    before = Sweep.objects.filter(day__lt=day).order_by("-day").values_list("day", flat=True).first()
    window = Window(after=before or day - _FIRST_LOOK_BACK, until=day)
    found: list[tuple[int, str, str]] = []
    for policy in _policies():
        earliest = policy.oldest_due if policy.counted_from == ReminderPolicy.CountedFrom.DUE else policy.oldest_since
        if earliest is not None:
            # The arithmetic goes through every holiday, so it is given only those it can meet.
            near = frozenset(one for one in holidays if earliest - _FAR <= one <= day + _FAR)
            falling = dates_falling(step_of(policy), window, earliest, near)
            found += [(policy.pk, base.isoformat(), falls.isoformat()) for base, falls in falling.items()]
    return found


def _policies() -> Iterable[Any]:
    """The steps in use, each with the oldest dates it can count from: a step is not looked for before them."""
    running = Deadline.objects.running().filter(kind=OuterRef("kind"))
    return ReminderPolicy.objects.filter(is_on=True).annotate(
        oldest_due=Subquery(running.order_by("due_on").values("due_on")[:1]),
        oldest_since=Subquery(running.order_by("since").values("since")[:1]),
    )


def _told(day: date) -> Asked:
    return {
        "today": connection.ops.adapt_datefield_value(day),
        "now": connection.ops.adapt_datetimefield_value(clock.now()),
        "token": uuid.uuid4().hex,
        "host": urlsplit(settings.SITE_URL).hostname or "gatehouse.invalid",
        "yes": True,
    }


def _run(statement: str, asked: Asked) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return max(cursor.rowcount, 0)
