"""Every activity of an agreed plan is led by a function, owned by a person and planned; a gate waits for an owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from commissioning.models import Commission, CommissionActivity
from commissioning.services import commissions
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates, steps
from tests.commissioning.conftest import TODAY, Alder
from tests.commissioning.test_collaboration import on
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]
Queries = Callable[[Callable[[], object]], list[str]]


def planned(alder: Alder, **fields: object) -> Commission:
    return steps.read(make.planned_as_suggested(steps.in_analyse(alder, value=640_000, **fields)))


def first(commission: Commission, kind: str, stage: str = "analyse") -> CommissionActivity:
    rows = commission.activities.filter(activity__kind=kind, activity__stage=stage, state="relevant")
    row = rows.order_by("activity__order").select_related("activity").first()
    assert row is not None
    return row


@pytest.mark.requirement("N-018")
@pytest.mark.parametrize("needed_by", [None, date(2027, 12, 1)])
def test_agreed_plan_has_leads_owners_and_dates_beforehand(
    alder: Alder, sign_in: SignIn, needed_by: date | None
) -> None:
    commission = planned(alder, needed_by=needed_by)

    rows = list(commission.activities.filter(state="relevant").select_related("activity", "lead"))
    assert len(rows) > 20
    for row in rows:
        expected = {"service": alder.priya, "ccps": alder.maria, "contract_manager": alder.sam}[row.leader]
        assert row.lead == expected, row
        if row.activity.kind == "procurement":
            assert row.leader == "ccps"
        assert row.starts_on is not None
        assert row.due_on is not None
        assert row.starts_on <= row.due_on
    begins = {stage: min(r.starts_on for r in rows if r.activity.stage == stage) for stage in ("analyse", "secure")}
    assert begins["analyse"] < begins["secure"]
    page = sign_in(alder.by_role[Role.FINANCE]).get(f"/commissions/{commission.pk}/owners/").content.decode()
    assert "Maria Okafor" in page
    assert "CCPS</td>" in page
    assert "Name one owner" not in page


@pytest.mark.requirement("N-018")
def test_plan_that_is_agreed_too_late_for_the_day_of_need_begins_today_and_is_not_overdue_at_once(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = planned(alder, needed_by=TODAY + timedelta(days=20))

    rows = list(commission.activities.filter(state="relevant").select_related("activity"))
    assert min(row.due_on for row in rows if row.due_on) >= TODAY
    assert {row.starts_on for row in rows if row.activity.stage == "analyse"} == {TODAY}
    page = sign_in(alder.priya).get(commission.get_absolute_url()).content.decode()
    assert "overdue" not in page.split("tasks and documents")[1].split("What this tier asks")[0]


@pytest.mark.requirement("N-018")
def test_days_of_activities_move_with_the_day_of_need_but_not_those_that_somebody_chose(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = planned(alder, needed_by=date(2028, 4, 3))
    owned = commission.activities.filter(state="relevant").select_related("activity")
    was = {row.pk: (row.activity.stage, row.due_on) for row in owned}
    chosen, begun = (row for row in owned.filter(activity__stage="plan")[:2])
    chosen.due_on = date(2027, 1, 15)
    chosen.save()
    CommissionActivity.objects.filter(pk=begun.pk).update(state="in_progress")

    commissions.edit_facts(
        steps.read(commission), version=commission.version, by=alder.priya, needed_by=date(2028, 10, 2)
    )

    now = {row.pk: row.due_on for row in commission.activities.all()}
    for pk, (stage, before) in was.items():
        if pk == chosen.pk:
            assert now[pk] == date(2027, 1, 15)
        elif pk == begun.pk:
            assert now[pk] == before
        else:
            assert now[pk] > before, stage


@pytest.mark.requirement("N-018")
def test_what_ccps_leads_follows_whoever_leads_the_sourcing_unless_it_was_given_by_name(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = planned(alder)
    maria, lewis = sign_in(alder.maria), alder.by_role[Role.CCPS_OFFICER]
    dan = people.person(Role.CCPS_OFFICER, at=alder.council, name="Dan Pryce")
    owned = commission.activities.filter(state="relevant")
    given = first(commission, "procurement")
    of_others = {row.pk: row.lead_id for row in owned.select_related("activity") if row.leader != "ccps"}
    by_hand = {
        "led_by": "ccps",
        "lead": alder.sam.pk,
        "reason": "Sam knows it.",
        "version": given.version,
        **on("starts_on", given.starts_on),
        **on("due_on", given.due_on),
    }
    sign_in(alder.priya).post(f"/commissions/{commission.pk}/owners/{given.pk}/", by_hand)

    for lead in (lewis, dan):
        sent = {"lead": lead.pk, **on("strategy_by", date(2026, 11, 30))}
        assert maria.post(f"/commissions/{commission.pk}/sourcing/", sent).status_code == 302
        by_ccps = [row for row in owned.select_related("activity") if row.leader == "ccps"]
        assert len(by_ccps) > 1
        assert {row.lead_id for row in by_ccps if row.pk != given.pk} == {lead.pk}
    assert owned.get(pk=given.pk).lead == alder.sam
    assert {row.pk: row.lead_id for row in owned if row.pk in of_others} == of_others
    assert "activities" in maria.get(f"/commissions/{commission.pk}/history/").content.decode()


@pytest.mark.requirement("N-018")
def test_change_of_lead_is_recorded_with_what_it_was(alder: Alder, sign_in: SignIn) -> None:
    commission = planned(alder)
    row = first(commission, "procurement")
    client, address = sign_in(alder.priya), f"/commissions/{commission.pk}/owners/{row.pk}/"
    sent = {
        "led_by": "service",
        "lead": alder.tom.pk,
        "reason": "He knows the market.",
        "version": row.version,
        **on("starts_on", date(2026, 10, 1)),
        **on("due_on", date(2026, 9, 1)),
    }
    page = client.post(address, sent)
    assert "The planned end must be on or after the planned start" in page.content.decode()
    assert "He knows the market." in page.content.decode()

    client.post(address, sent | on("due_on", date(2026, 11, 1)))

    row.refresh_from_db()
    assert (row.leader, row.lead, row.due_on) == ("service", alder.tom, date(2026, 11, 1))
    page = client.get(f"/commissions/{commission.pk}/owners/").content.decode()
    assert "Tom Hesketh" in page
    assert "1 Oct 2026 to 1 Nov 2026" in page
    history = client.get(f"/commissions/{commission.pk}/history/").content.decode()
    assert "led by Service area, before by CCPS; owned by Tom Hesketh" in history
    assert "He knows the market." in history
    late = client.post(address, sent | on("due_on", date(2026, 12, 1)) | {"version": "1"})
    assert late.status_code == 409
    assert sign_in(alder.tom).post(address, sent).status_code == 403


@pytest.mark.requirement("N-018")
def test_gate_is_refused_while_an_activity_has_no_owner_and_says_the_way_out(alder: Alder, sign_in: SignIn) -> None:
    Person.objects.filter(pk__in=[alder.maria.pk, alder.by_role[Role.CCPS_OFFICER].pk]).update(is_active=False)
    commission = planned(alder)
    assert first(commission, "procurement").lead is None
    gate = gates.begun(commission, 1, alder.priya)
    client, check = sign_in(alder.priya), f"/papers/{gate.paper_id}/check/"
    words = f"Activities without an owner: {first(commission, 'procurement').activity.name}"

    blocked = client.get(check).content.decode()

    assert words in blocked
    assert f"/commissions/{commission.pk}/owners/" in blocked
    with pytest.raises(Exception, match="owner"):
        gates.submitted(commission, 1, alder.priya)
    owners = f"/commissions/{commission.pk}/owners/"
    assert "have no owner." in client.get(owners).content.decode()
    answer = client.post(owners, {"led_by": "ccps", "owner": alder.tom.pk, "which": "blank"}, follow=True)
    assert "Tom Hesketh now owns" in answer.content.decode()
    assert first(commission, "procurement").lead == alder.tom
    assert words not in client.get(check).content.decode()
    assert "named Tom Hesketh as the owner of" in client.get(f"/commissions/{commission.pk}/history/").content.decode()
    gates.submitted(commission, 1, alder.priya)
    assert gates.read(commission, 1).state == "submitted"


def test_plan_agreed_anew_keeps_the_owners_that_were_named(alder: Alder, sign_in: SignIn) -> None:
    commission = planned(alder)
    owners = {"led_by": "ccps", "owner": alder.tom.pk, "which": "every"}
    sign_in(alder.priya).post(f"/commissions/{commission.pk}/owners/", owners)

    make.planned_as_suggested(commission)

    assert first(commission, "procurement").lead == alder.tom
    assert first(commission, "commissioning").lead == alder.priya


def test_page_costs_the_same_however_many_activities(alder: Alder, sign_in: SignIn, queries_of: Queries) -> None:
    commission, client = planned(alder), sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/owners/"
    many = queries_of(lambda: client.get(address))
    left = commission.activities.order_by("pk").values_list("pk", flat=True)[:3]
    commission.activities.exclude(pk__in=list(left)).update(state="not_relevant")
    assert len(queries_of(lambda: client.get(address))) == len(many) <= 8, many
