"""The forward plan, the upcoming opportunities, and the page for suppliers: every number opens exactly its rows."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from casework import door
from casework.refusals import Refused
from commissioning.models import Commission, Level, LikelyDuplicate, PublicPipeline, WorkTime
from organisation import clock
from organisation.roles import Role
from reporting.selectors import forward
from tests.factories import commissioning as make
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.factories import requests as asking
from tests.reporting.conftest import contract

URL = "/commissions/forward/"


def line(priya, area, **fields):
    return make.registered_commission(priya, service_area=area, **fields)


def rows_at(client, address):
    return {row["title"] for row in client.get(address).context["rows"]}


def in_days(days):
    return clock.today() + timedelta(days=days)


def test_each_figure_of_a_quarter_opens_exactly_its_rows(priya, area, signed_in):
    clock.move_to(date(2026, 9, 7))
    near, far = line(priya, area, needed_by=date(2026, 11, 2)), line(priya, area, needed_by=date(2027, 5, 3))
    line(priya, area, needed_by=date(2029, 5, 3))
    late = make.started_commission(
        priya, service_area=area, needed_by=date(2026, 12, 1), further={"is_reactive": True}, title="Burst pipe"
    )
    client = signed_in(priya)

    context = client.get(URL).context

    quarters = {row["words"]: row for row in context["quarters"]}
    assert len(quarters) == 2
    first = context["quarters"][0]
    assert first["count"][0] == 2
    assert rows_at(client, first["count"][1]) == {near.case_file.title, "Burst pipe"}
    assert (first["planned"][0], first["reactive"][0]) == (0, 1)
    assert rows_at(client, first["reactive"][1]) == {late.case_file.title}
    assert first["directorates"][0][0] == 2
    assert rows_at(client, first["directorates"][0][1]) == {near.case_file.title, "Burst pipe"}
    assert rows_at(client, context["quarters"][1]["count"][1]) == {far.case_file.title}
    assert len(client.get(URL, {"months": "36"}).context["quarters"]) == 3
    for name, count, url in context["objectives"]:
        assert len(rows_at(client, url)) == count, name


@pytest.mark.requirement("N-003")
def test_effort_is_added_up_by_function_and_month_and_opens_its_commissions(priya, area, signed_in):
    clock.move_to(date(2026, 9, 7))
    one, two = line(priya, area), line(priya, area)
    for made, team, month, days in (
        (one, "CCPS", date(2026, 10, 1), "4.5"),
        (two, "CCPS team", date(2026, 10, 1), "3"),
        (two, "Legal", date(2026, 11, 1), "2"),
        (one, "Finance", date(2026, 10, 1), "1"),
        (one, "Highways", date(2026, 10, 1), "50"),
    ):
        WorkTime.objects.create(commission=made, team=team, month=month, days=Decimal(days))
    client = signed_in(priya)

    months = dict(client.get(URL).context["months"])

    assert [days for days, _ in months[date(2026, 10, 1)]] == [Decimal("7.5"), 0, 1]
    assert [days for days, _ in months[date(2026, 11, 1)]] == [0, 2, 0]
    behind = client.get(months[date(2026, 10, 1)][0][1]).context
    assert {row["title"]: row["days"] for row in behind["lines"]} == {
        one.case_file.title: Decimal("4.5"),
        two.case_file.title: Decimal(3),
    }
    assert behind["total"] == Decimal("7.5")
    for wrong in ("?function=hr&month=2026-10", "?function=ccps&month=soon", "?function=ccps&month=2050-01"):
        assert client.get(f"{URL}effort/{wrong}").status_code == 404


def test_days_are_spread_over_the_months_and_none_is_lost():
    spread = forward.spread(Decimal(25), date(2026, 7, 10), date(2026, 9, 21))
    assert [month for month, _ in spread] == [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)]
    assert sum(days for _, days in spread) == 25
    assert forward.spread(Decimal(3), date(2026, 7, 10), date(2026, 1, 1)) == [(date(2026, 7, 1), Decimal("3.0"))]


@pytest.mark.requirement("N-026")
def test_contract_that_ends_becomes_the_next_commission_with_one_click(priya, council, area, signed_in):
    clock.move_to(date(2026, 9, 7))
    supplier = people.supplier(council, name="Thornfield Care")
    ends = contract(council, supplier, date(2027, 3, 31), service_area=area, title="Home care in the north")
    contract(council, supplier, date(2030, 3, 31), service_area=area, title="Far away")
    client = signed_in(priya)
    page = client.get(URL)
    assert [row["title"] for row in page.context["contracts"]] == ["Home care in the north"]
    assert "Create the next commission" in page.content.decode()

    for _ in range(2):
        client.post(f"{URL}contracts/{ends.pk}/next/")

    made = Commission.objects.get()
    assert (made.case_file.title, made.needed_by) == ("Home care in the north", date(2027, 4, 1))
    assert made.case_file.value_ex_vat == ends.case_file.value_ex_vat
    assert LikelyDuplicate.objects.get().finding == "linked"
    assert client.get(URL).context["contracts"][0]["next_reference"] == made.case_file.reference
    far = client.get(URL, {"months": "36"}).context["contracts"]
    assert len(far) == 1
    reader = people.person(Role.FINANCE, at=council)
    other = contract(council, supplier, date(2027, 6, 30), service_area=area, title="Meals")
    reads = Client()
    reads.force_login(reader)
    assert "Create the next commission" not in reads.get(URL).content.decode()
    assert reads.post(f"{URL}contracts/{other.pk}/next/").status_code == 403


def test_page_costs_the_same_whatever_there_is(priya, council, area, signed_in, queries_of):
    client = signed_in(priya)
    line(priya, area, needed_by=in_days(60))
    supplier = people.supplier(council, name="Thornfield Care")
    contract(council, supplier, in_days(90), service_area=area)
    client.get(URL)
    few = queries_of(lambda: client.get(URL))
    for number in range(12):
        made = line(priya, area, needed_by=in_days(40 + number))
        WorkTime.objects.create(commission=made, team="CCPS", month=in_days(0).replace(day=1), days=2)
        contract(council, supplier, in_days(100 + number), service_area=area)
    many = queries_of(lambda: client.get(URL))
    assert len(few) == len(many) <= 8, many
    listed = queries_of(lambda: client.get("/commissions/upcoming/"))
    assert len(listed) <= 8


@pytest.mark.requirement("N-006")
def test_opportunities_are_listed_for_staff_and_only_marked_ones_for_the_public(priya, council, area, signed_in):
    clock.move_to(date(2026, 9, 7))
    shown = line(
        priya, area, title="Meals at home", value=640_000, needed_by=date(2028, 4, 3), further={"shown_to": "public"}
    )
    line(priya, area, title="Quiet talks", value=60_000, needed_by=date(2027, 11, 1))
    staff = signed_in(priya).get("/commissions/upcoming/").content.decode()
    assert "Meals at home" in staff
    assert "Quiet talks" in staff
    anybody = Client()
    address = f"/pipeline/{council.key}/"
    assert anybody.get(address).status_code == 404, "nothing is published unless the council says so"

    people.statutory_figures()
    PublicPipeline.objects.create(organisation=council, is_published=True, mailbox="tenders@alder.example")

    page = anybody.get(address)
    said = page.content.decode()
    assert page.status_code == 200
    assert "Meals at home" in said
    assert "tenders@alder.example" in said
    assert "Over £500,000" in said
    assert "£640,000" not in said, "the estimate itself is not told"
    asked = shown.planned_steps.get(key="publish").starts_on
    assert f"{asked:%-d %b %Y}" in said
    assert "Quiet talks" not in said
    assert "Priya" not in said
    assert "£100 million" in said
    assert "£2 million" in said
    sheet = anybody.get(f"/pipeline/{council.key}.csv")
    lines = list(csv.reader(b"".join(sheet.streaming_content).decode("utf-8-sig").splitlines()))
    assert [row[0] for row in lines] == ["Title", "Meals at home"]
    assert lines[1][-1] == "tenders@alder.example"
    assert "What the public sees" in signed_in(priya).get("/commissions/upcoming/").content.decode()


def test_what_buys_nothing_or_is_out_to_tender_is_no_opportunity(priya, council, area, signed_in):
    line(priya, area, title="Neighbours", further={"level": Level.objects.get(key="individual_community")})
    out = line(priya, area, title="Being bought")
    Commission.objects.filter(pk=out.pk).update(state="stopped")
    out.case_file.state, out.case_file.is_open = "stopped", False
    out.case_file.save()

    said = signed_in(priya).get("/commissions/upcoming/").content.decode()

    assert "Neighbours" not in said
    assert "Being bought" not in said


@pytest.mark.requirement("N-133")
def test_accepting_a_request_names_a_lead_and_effort_and_changes_the_view_by_function(db, client):
    clock.move_to(date(2026, 9, 7))
    people.calendars()
    where = buying.place()
    asking.form_template(where)
    lewis = asking.officer(where)
    request = asking.submitted(where)
    for missing in ("lead", "effort_days"):
        with pytest.raises((Refused, TypeError)):
            door.carry_out(request, "accept", by=lewis, **(asking.accepting(lewis) | {missing: None}))
    client.force_login(where.priya)
    assert all(days == 0 for _, cells in client.get(URL).context["months"] for days, _ in cells)

    asking.accepted(where, lewis, request, effort_days=6, target_on=date(2026, 11, 20))

    days = {month: cells[0][0] for month, cells in client.get(URL).context["months"]}
    assert [days[date(2026, month, 1)] for month in (9, 10, 11, 12)] == [2, 2, 2, 0]
