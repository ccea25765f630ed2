"""The end of a contract: asked about at each step, once, on the right day; and the choices on its page."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from casework import door
from casework.models import Reminder, WorkItem
from casework.services.reminders import sweep
from commissioning.models import Commission, EndDecision
from contracts.models import Contract, EndingNotice
from contracts.services.endings import raise_endings
from contracts.steps import step_of
from contracts.tasks import raise_endings as daily
from organisation import clock
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.procurement.filling import words_of

STEPS = [18, 12, 6, 3]


def asked(on: date) -> list[str]:
    clock.move_to(on)
    raise_endings(on)
    return list(WorkItem.objects.filter(kind="contract_ending").order_by("pk").values_list("key", flat=True))


@pytest.mark.parametrize(
    ("ends_on", "day", "step"),
    [
        (date(2029, 3, 31), date(2027, 9, 29), None),
        (date(2029, 3, 31), date(2027, 9, 30), 18),
        (date(2029, 3, 31), date(2028, 3, 30), 18),
        (date(2029, 3, 31), date(2028, 3, 31), 12),
        (date(2029, 3, 31), date(2028, 9, 29), 12),
        (date(2029, 3, 31), date(2028, 9, 30), 6),
        (date(2029, 3, 31), date(2028, 12, 31), 3),
        (date(2029, 3, 31), date(2029, 3, 31), 3),
        (date(2029, 3, 31), date(2029, 4, 1), None),
        (date(2028, 5, 31), date(2028, 2, 28), 6),
        (date(2028, 5, 31), date(2028, 2, 29), 3),
        (date(2027, 8, 31), date(2027, 2, 27), 12),
        (date(2027, 8, 31), date(2027, 2, 28), 6),
    ],
)
def test_step_of_a_day(ends_on, day, step) -> None:
    assert step_of(ends_on, STEPS, day) == step


@pytest.mark.requirement("N-197")
def test_ccps_is_asked_at_each_step_once(where) -> None:
    contract = make.in_register(where, ends_on=date(2029, 3, 31))
    assert asked(date(2027, 9, 29)) == []

    keys = [asked(day)[-1] for day in (date(2027, 9, 30), date(2028, 3, 31), date(2028, 9, 30), date(2028, 12, 31))]

    assert keys == [f"rule:contract_ending:ending:2029-03-31:{months}" for months in STEPS]
    item = WorkItem.objects.filter(kind="contract_ending").first()
    assert item is not None
    assert (item.case_file, item.queue.key, item.needed_by) == (contract.case_file, "ccps", date(2029, 3, 31))
    assert "ends on 31 March 2029; this is asked 18 months ahead" in item.question
    assert item.path == f"/contracts/{contract.pk}/#ending"


@pytest.mark.requirement("N-197")
def test_manager_and_ccps_are_warned_at_each_step(where) -> None:
    clock.move_to(date(2026, 4, 1))
    contract = make.awarded(where)
    Contract.objects.update(starts_on=date(2026, 4, 1), ends_on=date(2029, 3, 31))
    contract = Contract.objects.get()
    make.sign_for_council(contract, where)
    make.sign_for_supplier(contract, where)
    door.carry_out(contract, "enter_in_register", by=where.sam, review_on=date(2026, 10, 1))
    maria = people.person(Role.CCPS_MANAGER, at=where.organisation, name="Maria Okafor")

    told = {}
    # The last two fall on a Saturday and on a Sunday before New Year.
    for day in (date(2027, 9, 30), date(2028, 3, 31), date(2028, 10, 2), date(2029, 1, 2)):
        clock.move_to(day)
        sweep(day)
        rows = Reminder.objects.filter(policy__kind="contract_end").exclude(pk__in=told)
        told |= {row.pk: (row.policy.step, row.person) for row in rows.select_related("policy", "person")}

    assert set(told.values()) == {(f"before_{months}", person) for months in STEPS for person in (where.sam, maria)}


def test_twice_adds_nothing(where) -> None:
    make.in_register(where, ends_on=date(2029, 3, 31))
    clock.move_to(date(2028, 10, 5))

    first, again = daily(), daily()

    assert (first, again) == (1, 0)
    assert WorkItem.objects.filter(kind="contract_ending").count() == 1


def test_contract_that_came_late_is_asked_about_once(where) -> None:
    make.in_register(where, ends_on=date(2029, 3, 31))

    assert asked(date(2028, 10, 1)) == ["rule:contract_ending:ending:2029-03-31:6"]
    assert sorted(EndingNotice.objects.values_list("months", flat=True)) == [6, 12, 18]
    assert len(asked(date(2028, 12, 31))) == 2


def test_last_day_to_act_comes_first_and_another_end_is_asked_anew(where) -> None:
    contract = make.in_register(where, ends_on=date(2029, 3, 31))
    contract.options.create(number=1, months=12, notice_by=date(2028, 9, 30))
    asked(date(2028, 4, 1))
    assert WorkItem.objects.get(kind="contract_ending").needed_by == date(2028, 9, 30)

    Contract.objects.update(ends_on=date(2030, 3, 31))

    assert len(asked(date(2028, 4, 2))) == 1
    assert asked(date(2028, 9, 30))[-1] == "rule:contract_ending:ending:2030-03-31:18"


def test_what_is_over_or_not_signed_is_not_asked_about(where) -> None:
    for state in ("drafted", "awarded", "ended", "terminated"):
        make.in_register(where, state=state, ends_on=date(2029, 3, 31))

    assert asked(date(2028, 4, 1)) == []


def test_contract_of_a_commission_follows_its_pinned_rules(where) -> None:
    contract = make.live(where)
    Contract.objects.update(ends_on=date(2029, 3, 31))

    assert asked(date(2028, 4, 1)) == ["rule:contract_ending:ending:2029-03-31:12"]
    assert WorkItem.objects.get(kind="contract_ending").rules_number == contract.commission.rules_version.number


def in_review(where: Any) -> Contract:
    contract = make.live(where)
    Contract.objects.update(ends_on=clock.today() + timedelta(days=300))
    contract.options.create(number=1, months=12)
    Commission.objects.update(state="review")
    return Contract.objects.get(pk=contract.pk)


@pytest.mark.requirement("N-197")
def test_page_offers_what_can_follow(where, client) -> None:
    contract = in_review(where)
    client.force_login(where.priya)

    page = words_of(client.get(contract.get_absolute_url()))

    for words in ("Nobody has decided yet what follows.", "Use option 1", "Recommission", "Decommission", "Let it end"):
        assert words in page, words
    assert f'href="/commissions/{contract.commission_id}/end/' in page


def test_recommission_opens_the_next_one_while_this_runs_on(where, client) -> None:
    contract = in_review(where)
    EndDecision.objects.create(
        commission=contract.commission, choice="recommission", reasons="Still needed", decided_by=where.tom
    )
    client.force_login(where.priya)
    assert "Open the next commission" in words_of(client.get(contract.get_absolute_url()))

    client.post(f"/commissions/{contract.commission_id}/recommission/", {"act_id": str(uuid.uuid4())})

    page = words_of(client.get(contract.get_absolute_url()))
    assert Commission.objects.filter(follows=contract.commission).count() == 1
    assert "Open the next commission" not in page
    assert Contract.objects.get().state == "live"


def test_nothing_is_said_while_the_end_is_far(where, client) -> None:
    contract = make.live(where)
    Contract.objects.update(ends_on=clock.today() + timedelta(days=800))
    client.force_login(where.priya)

    assert "What follows when it ends" not in words_of(client.get(contract.get_absolute_url()))


def test_each_contract_costs_the_same(where, queries_of) -> None:
    clock.move_to(date(2028, 4, 1))
    make.in_register(where, ends_on=date(2029, 3, 31))
    raise_endings(clock.today())  # the rules are read once per process
    make.in_register(where, ends_on=date(2029, 3, 31))
    one = queries_of(lambda: raise_endings(clock.today()))
    for _ in range(3):
        make.in_register(where, ends_on=date(2029, 3, 31))
    three = queries_of(lambda: raise_endings(clock.today()))
    none = queries_of(lambda: raise_endings(clock.today()))

    assert EndingNotice.objects.count() == 10
    assert (len(three) - len(none)) == 3 * (len(one) - len(none))
    assert len(none) <= 6, none
