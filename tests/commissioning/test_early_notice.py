"""Early notice to CCPS, and lines of the workplan that nobody touches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from casework import door
from casework.models import Deadline, OutboxMessage, WorkItem
from casework.services import proof, reminders
from commissioning.models import SourcingPlan
from commissioning.services import values
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


@pytest.mark.requirement("N-007")
def test_ccps_is_told_at_the_start_and_a_later_notice_is_marked_late(alder: Alder, sign_in: SignIn) -> None:
    early = steps.in_analyse(alder, value=160_000, title="Large")
    small = steps.in_analyse(alder, value=60_000, title="Small")
    assert [item.case_file_id for item in WorkItem.objects.filter(kind="early_notice")] == [early.case_file_id]
    page = sign_in(alder.priya).get(early.get_absolute_url()).content.decode()
    assert "CCPS told" in page
    assert "7 September 2026" in page
    assert ">Late</strong>" not in page

    clock.move_to(TODAY + timedelta(days=20))
    values.record_value(
        small, amount_ex_vat=Decimal(160_000), amount_inc_vat=Decimal(160_000), reason="Quotes.", by=alder.priya
    )

    said = sign_in(alder.priya).get(small.get_absolute_url()).content.decode()
    assert "27 September 2026" in said
    assert ">Late</strong>" in said


@pytest.mark.requirement("N-008")
def test_notice_of_a_later_change_is_raised_at_once_listed_by_age_and_says_who_took_it_up(
    alder: Alder, sign_in: SignIn
) -> None:
    older = steps.in_analyse(alder, value=160_000, title="Bus shelters")
    changed = steps.in_analyse(alder, value=18_000, title="Reading groups")
    clock.move_to(TODAY + timedelta(days=2))
    make.answered_risk(changed, "strategic")
    lewis = alder.by_role[Role.CCPS_OFFICER]

    queue = sign_in(lewis).get("/queues/ccps/?kind=early_notice&sort=clock").content.decode()
    assert queue.index("Bus shelters") < queue.index("Reading groups")
    item = WorkItem.objects.get(kind="early_notice", case_file=older.case_file)
    door.carry_out(item, "respond", by=lewis, answer="acknowledged", text="We have it.")

    page = sign_in(alder.priya).get(older.get_absolute_url()).content.decode()
    assert "Lewis Grant on 9 September 2026" in page


@pytest.mark.requirement("N-010")
def test_ccps_sees_what_to_plan_by_and_names_a_lead_and_the_day_of_the_strategy(alder: Alder, sign_in: SignIn) -> None:
    made = steps.in_analyse(alder, value=640_000, needed_by=date(2028, 4, 3))
    maria, lewis = sign_in(alder.maria), alder.by_role[Role.CCPS_OFFICER]
    address = f"/commissions/{made.pk}/sourcing/"
    page = maria.get(address).content.decode()
    asked = made.planned_steps.get(key="publish").starts_on
    for words in (f"{asked:%-d %B %Y}", "3 April 2028", "A tender", "£640,000"):
        assert words in page
    sent = {"lead": lewis.pk, "strategy_by_0": "30", "strategy_by_1": "11", "strategy_by_2": "2026"}
    assert sign_in(alder.priya).post(address, sent).status_code == 403
    assert maria.post(address, sent | {"lead": alder.tom.pk}).status_code == 200, "only people of CCPS lead for it"

    maria.post(address, sent)

    plan = SourcingPlan.objects.get()
    assert (plan.lead, plan.strategy_by) == (lewis, date(2026, 11, 30))
    assert Deadline.objects.get(kind="sourcing_strategy").holder == lewis
    assert proof.prove(mend=False, kinds=["sourcing_strategy"]) == []
    overview = sign_in(alder.priya).get(made.get_absolute_url()).content.decode()
    assert "Lewis Grant" in overview
    assert "30 November 2026" in overview
    history = maria.get(f"/commissions/{made.pk}/history/").content.decode()
    assert "named Lewis Grant to lead for CCPS" in history


@pytest.mark.requirement("N-002")
def test_untouched_line_is_stale_and_its_commissioner_is_reminded(alder: Alder, sign_in: SignIn) -> None:
    made = make.registered_commission(alder.priya, service_area=alder.area, title="Forgotten parks")
    touched = make.registered_commission(alder.priya, service_area=alder.area, title="Busy kitchens")
    proof.prove(mend=True, kinds=["workplan_line"])
    assert "Stale" not in sign_in(alder.priya).get("/commissions/").content.decode()
    assert Deadline.objects.get(case_file=made.case_file, kind="workplan_line").due_on == TODAY + timedelta(days=30)
    clock.move_to(TODAY + timedelta(days=25))
    values.record_value(touched, amount_ex_vat=Decimal(1), amount_inc_vat=Decimal(1), reason="Less.", by=alder.priya)
    OutboxMessage.objects.all().delete()

    clock.move_to(TODAY + timedelta(days=31))
    proof.prove(mend=True, kinds=["workplan_line"])
    reminders.sweep_now()

    sent = list(OutboxMessage.objects.values_list("to_address", "subject", "body"))
    assert any("Forgotten parks" in subject + body for _, subject, body in sent), sent
    assert not any("Busy kitchens" in subject + body for _, subject, body in sent)
    page = sign_in(alder.priya).get("/commissions/?stale=1").content.decode()
    assert "Forgotten parks" in page
    assert "Busy kitchens" not in page
    assert "7 Sep 2026" in page
