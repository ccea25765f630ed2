"""The pages that are measured, their limits, and the budgets they are held to."""

from __future__ import annotations

import io
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import django
from django.core.management import call_command

django.setup()

from django.db import connection, transaction  # noqa: E402 - after the set-up
from django.test import Client, override_settings  # noqa: E402

from benchmarks import limit, measuring, seeding  # noqa: E402
from casework.models import CaseFile, Deadline, WorkItem  # noqa: E402
from casework.services import reminders  # noqa: E402
from commissioning.models import Commission  # noqa: E402
from organisation import clock  # noqa: E402
from organisation.models import Person  # noqa: E402
from organisation.working_days import add_working_days, holidays_of  # noqa: E402

SMALL = 1_000
Ask = Callable[[], Any]


@dataclass(frozen=True)
class Budget:
    """What performance is promised: the least rate beside the limit, the most statements and bytes, the growth."""

    rate: float
    statements: int
    size: int = 0
    growth: float = 1.15


BUDGETS = {
    "list of commissions": Budget(0.65, 5, 45_000),
    "CCPS queue": Budget(0.65, 5, 45_000),
    "record": Budget(0.5, 8, 40_000),
    "dashboard": Budget(0.6, 8),
    "transition": Budget(0.5, 12),
}


def run(*, full: int, rounds: int, fresh: bool) -> int:
    """Fill, measure at both sizes, print; 1 when a figure is outside its budget."""
    call_command("collectstatic", interactive=False, verbosity=0)
    if fresh:
        _say("Making the database and the demo council")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_calendars", stdout=io.StringIO())
        call_command("load_demo", stdout=io.StringIO())
    limit.make_log()
    measured: list[dict[str, measuring.Figure]] = []
    sweeps: list[Swept] = []
    for size in (SMALL, full):
        count = seeding.grow(size)
        call_command("check_rollups", stdout=io.StringIO())  # the copies came in beside the trail
        _say(f"{count:,} commissions, {WorkItem.objects.count():,} work items")
        measured.append({name: measuring.measure(*asks, rounds) for name, asks in _pages().items()})
        sweeps.append(_sweep())
    broken = _report(*measured)
    return 1 if broken + _report_sweep(sweeps[-1]) else 0


def _pages() -> dict[str, tuple[Ask, Ask]]:
    """Each page and its limit, as one person asks for them."""
    officer = _person("Maria Okafor")
    ours, bare = Client(), Client()
    with override_settings(MIDDLEWARE=limit.MIDDLEWARE):
        bare.handler.load_middleware()
    for client in (ours, bare):
        client.force_login(officer)
    case = _busiest(officer)
    commission = Commission.objects.get(case_file=case)
    item = WorkItem.objects.filter(queue__key="ccps", organisation_id=officer.organisation_id, state="assigned").first()
    assert item is not None
    colleagues = cycle([_person("Lewis Grant").pk, _person("Dan Pryce").pk])

    def page(address: str) -> Ask:
        return lambda: _good(ours.get(address))

    def least(address: str) -> Ask:
        return lambda: _good(bare.get(address))

    def assign() -> Any:
        sent = {"act_id": str(uuid.uuid4()), "assignee": next(colleagues)}
        return _good(ours.post(f"/work/{item.pk}/do/assign/", sent), 302)

    return {
        "list of commissions": (page("/commissions/?show=50"), least("/list/")),
        "CCPS queue": (page("/queues/ccps/"), least("/list/")),
        "record": (page(f"/commissions/{commission.pk}/"), least(f"/record/{case.pk}/")),
        "dashboard": (page("/dashboard/"), least("/list/")),
        "transition": (assign, lambda: _good(bare.post(f"/act/{item.pk}/"), 302)),
    }


def _good(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, (answer.status_code, answer.headers.get("Location"), answer.content[:500])
    return answer


def _person(name: str) -> Person:
    return Person.objects.get(name=name)


def _busiest(person: Person) -> CaseFile:
    """The commission with the most work items that the demo made: the heaviest page of its kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM casework_casefile c JOIN casework_workitem w ON w.case_file_id = c.id"
            " WHERE c.kind = 'commission' AND c.organisation_id = %s AND c.id < %s GROUP BY c.id"
            " ORDER BY count(*) DESC, c.id LIMIT 1",
            [person.organisation_id, seeding.STEP],
        )
        (found,) = cursor.fetchone()
    return CaseFile.objects.get(pk=found)


def _report(small: dict[str, measuring.Figure], full: dict[str, measuring.Figure]) -> int:
    """Print the table; how many figures are outside their budget."""
    broken = 0
    print(f"\n{'page':<22}{'rate':>8}{'growth':>9}{'statements':>13}{'size':>9}   budget")
    for name, figure in full.items():
        budget, before = BUDGETS[name], small[name]
        growth = (figure.ours / figure.limit) / (before.ours / before.limit)
        faults = []
        if figure.rate < budget.rate:
            faults.append("rate")
        if figure.statements > budget.statements or figure.statements != before.statements:
            faults.append("statements")
        if budget.size and figure.size > budget.size:
            faults.append("size")
        if growth > budget.growth:
            faults.append("growth")
        counts = f"{before.statements} / {figure.statements}"
        size = f", {budget.size // 1000} KB" if budget.size else ""
        print(
            f"{name:<22}{figure.rate:>8.2f}{growth:>9.2f}{counts:>13}{figure.size:>9,}"
            f"   rate {budget.rate}, {budget.statements} statements{size}, growth {budget.growth}"
            + (f"   OUTSIDE: {', '.join(faults)}" if faults else "")
        )
        broken += bool(faults)
    return broken


@dataclass(frozen=True)
class Swept:
    """A sweep over so many deadlines: what it added, its time, the time of the raw rows, and that of a second run."""

    deadlines: int
    added: int
    ours: float
    raw: float
    again: float


def _sweep() -> Swept:
    """Sweep the next working day twice; then write as many reminders and messages raw. Nothing is kept."""
    # On other days nobody is reminded of anything.
    day = add_working_days(clock.today(), 1, holidays_of("england"))
    with transaction.atomic():
        start = time.perf_counter()
        made = reminders.sweep(day)
        ours = time.perf_counter() - start
        start = time.perf_counter()
        twice = reminders.sweep(day)
        again = time.perf_counter() - start
        assert twice == reminders.Swept(), twice
        transaction.set_rollback(True)
    with transaction.atomic(), connection.cursor() as cursor:
        start = time.perf_counter()
        for statement in limit.RAW_REMINDERS:
            cursor.execute(statement, {"day": day, "rows": made.reminders})
        raw = time.perf_counter() - start
        transaction.set_rollback(True)
    return Swept(Deadline.objects.count(), made.reminders, ours, raw, again)


def _report_sweep(sweep: Swept) -> int:
    ratio, again = sweep.ours / sweep.raw, sweep.again / sweep.raw
    print(
        f"\nreminder sweep over {sweep.deadlines:,} deadlines, {sweep.added:,} reminders and as many messages:"
        f" {ratio:.1f} × writing those rows raw (a second run, which adds nothing: {again:.1f} ×)   budget 3"
    )
    return int(ratio > 3)


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)
