"""The dates that gate 1 committed to become the baseline, and stand beside today's; due conditions are chased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from casework.models import AuditEvent, OutboxMessage, Reminder
from casework.services.reminders import sweep
from commissioning.models import BaselineMilestone, Commission
from commissioning.services.gate_rounds import Condition, meet_condition
from documents.models import Paper
from documents.services import papers
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
TENDER, START = date(2027, 1, 11), date(2027, 4, 1)


@pytest.fixture
def commission(alder: Alder) -> Commission:
    return steps.in_analyse(alder, value=640000, ticked=("strategic",))


def with_dates(alder: Alder, commission: Commission) -> None:
    gate = walk.begun(commission, 1, alder.priya)
    paper = Paper.objects.get(pk=gate.paper_id)
    for words, on in (("Service starts", START), ("Tender published", TENDER)):
        row = {"milestone": words, "on": on.isoformat(), "owner": "Priya Shah"}
        papers.save_row(paper, "timeline", "milestones", "", row, alder.priya)


def form(page: Client, address: str, **given: str) -> dict[str, str]:
    shown = page.get(address).context["form"]
    return {"version": shown["version"].value(), "act_id": str(shown["act_id"].value()), **given}


@pytest.mark.requirement("N-089")
def test_approval_of_gate_1_makes_its_dates_the_baseline(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    with_dates(alder, commission)
    page = sign_in(alder.priya)
    assert "There is no baseline yet." in page.get(f"/commissions/{commission.pk}/baseline/").content.decode()
    gate = walk.submitted(commission, 1, alder.priya)
    walk.decided(gate, "approve", alder.tom)
    assert not BaselineMilestone.objects.exists()
    walk.decided(gate, "approve", alder.by_role[Role.LEADERSHIP_APPROVER])

    rows = list(BaselineMilestone.objects.exclude(name__contains="As agreed").order_by("order"))
    assert [(row.name, row.baseline_on) for row in rows] == [("Tender published", TENDER), ("Service starts", START)]
    shown = page.get(f"/commissions/{commission.pk}/baseline/").content.decode()
    assert "As planned" in shown
    assert "People's time that was promised" in shown

    address = f"/commissions/{commission.pk}/baseline/{rows[0].pk}/"
    later = TENDER + timedelta(days=14)
    day = {"expected_on_0": str(later.day), "expected_on_1": str(later.month), "expected_on_2": str(later.year)}
    silent = page.post(address, form(page, address, **day, reason=""))
    assert (silent.status_code, "Say why the date moved." in silent.content.decode()) == (409, True)
    page.post(address, form(page, address, **day, reason="Legal needs longer."))
    rows[0].refresh_from_db()
    assert (rows[0].baseline_on, rows[0].expected_on, rows[0].days_moved) == (TENDER, later, 14)
    shown = page.get(f"/commissions/{commission.pk}/baseline/").content.decode()
    assert "14 days later" in shown
    assert "Legal needs longer." in shown
    assert AuditEvent.objects.get(verb="commission.baseline", is_refusal=False).reason == "Legal needs longer."
    assert sign_in(alder.tom).get(address).status_code == 403
    assert sign_in(alder.olive).get(address).status_code == 404


def test_reminders_of_due_conditions_go_out_until_they_are_met(alder: Alder, commission: Commission) -> None:
    gate = walk.submitted(commission, 1, alder.priya)
    due = date(2026, 9, 21)
    condition = Condition("Name the project manager.", alder.sam, due, 3)
    walk.decided(gate, "approve_with_conditions", alder.tom, conditions=[condition])
    walk.decided(gate, "approve", alder.by_role[Role.LEADERSHIP_APPROVER])

    told: dict[date, list[str]] = {}
    on = clock.today()
    while on <= due + timedelta(days=8):
        clock.move_to(on)
        before = set(Reminder.objects.values_list("pk", flat=True))
        sweep(on)
        made = Reminder.objects.exclude(pk__in=before).filter(deadline__kind="gate_condition")
        if names := sorted(made.values_list("person__name", flat=True)):
            told[on] = names
        on += timedelta(days=1)

    assert min(told) == date(2026, 9, 14), "five working days before"
    assert "Sam Birtles" in told[due]
    assert max(told) > due, "and after it"
    assert OutboxMessage.objects.filter(person=alder.sam, reminder__isnull=False).exists()
    meet_condition(walk.read(commission, 1).conditions.get(), how="Sam leads.", by=alder.sam)
    before = set(Reminder.objects.values_list("pk", flat=True))
    for more in range(9, 24):
        clock.move_to(due + timedelta(days=more))
        sweep(clock.today())
    assert not Reminder.objects.filter(deadline__kind="gate_condition").exclude(pk__in=before).exists()
