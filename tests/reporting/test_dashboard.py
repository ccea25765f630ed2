"""The dashboard: every figure opens exactly its rows, for whoever looks, folded or not; walls, files, budgets."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from casework.door import carry_out
from casework.models import AuditEvent, CaseFile
from commissioning.models import Category, Commission
from commissioning.services import commissions
from organisation import clock
from organisation.roles import Role
from reporting.counting import AGES, LEADS, age_of, lead_days, lead_of, opened_between
from reporting.models import Fact, RollUp
from reporting.periods import period_of
from reporting.services import rollups
from tests.factories import casework, commissioning
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db
URL = reverse("reporting:dashboard")


def figures_of(page):
    """Every figure of a page with its address: headlines that are counts, totals, parts and overdue notes."""
    found = {}
    for head in page.context["headlines"]:
        if head.number.replace(",", "").isdecimal():
            found[f"headline {head.words}"] = (int(head.number.replace(",", "")), head.url)
    for shown in page.context["panels"]:
        panel = shown["panel"]
        for row in panel.rows:
            parts = [row.total, *row.parts, *([row.note_part] if row.note_part else [])]
            for part in parts:
                found[f"{panel.key}: {row.label}: {part.label}"] = (part.count, part.url)
    return found


def rows_behind(client, url):
    """How many rows the list at an address has."""
    page = client.get(url)
    assert page.status_code == 200, url
    if url.startswith(reverse("reporting:workplan")):
        return page.context["total"].count
    if url.startswith(reverse("reporting:asked")):
        return page.context["count"]
    return len(page.context["page"].rows)


def wrong_figures(client, query=""):
    """The figures of the page that differ from the rows behind them."""
    found = figures_of(client.get(f"{URL}{query}"))
    assert len(found) > 20
    differing = {name: (count, rows_behind(client, url)) for name, (count, url) in found.items()}
    return {name: pair for name, pair in differing.items() if pair[0] != pair[1]}


# --- number == rows ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-324")
def test_every_figure_opens_exactly_its_rows(work, manager, signed_in):
    client = signed_in(manager)

    assert wrong_figures(client) == {}
    page = client.get(URL).content.decode()
    assert '<a class="gh-bars__late"' in page
    assert "Gate 1 holds 1 of 1 decision that waits" in page
    assert "1 of 2 commissions started were reactive" in page
    assert "Analyse holds £790,000 of the £850,000 in hand" in page
    assert "50% of 2 requests answered in time" in page


def test_figures_are_the_same_once_folded_and_after_a_day_has_passed(work, manager, council, signed_in):
    client = signed_in(manager)
    before = figures_of(client.get(URL))

    assert rollups.fold(council) > 0
    assert rollups.fold(council) == 0
    assert figures_of(client.get(URL)) == before
    assert wrong_figures(client) == {}

    clock.move_to(clock.now() + timedelta(days=30))
    client.force_login(manager)
    assert wrong_figures(client) == {}
    rollups.fold(council)
    assert wrong_figures(client) == {}


def test_an_act_moves_the_figures_at_once(work, manager, council, priya, signed_in):
    rollups.fold(council)
    client = signed_in(manager)
    before = figures_of(client.get(URL))

    carry_out(work["held"], "respond", by=work["hal"], answer="agreed", text="Yes.")
    home = Commission.objects.get(pk=work["home"].pk)
    it = Category.objects.get(framework=council.framework, key="ict")
    commissions.edit_facts(home, version=home.version, by=priya, category=it)

    after = figures_of(client.get(URL))
    assert after["waiting: Legal: Legal"][0] == before["waiting: Legal: Legal"][0] - 1
    assert wrong_figures(client) == {}
    assert wrong_figures(client, "?category=ict") == {}


def test_filters_narrow_figures_and_rows_alike(work, manager, council, signed_in):
    rollups.fold(council)
    highways, category = work["highways"].directorate_id, work["home"].category.key
    client = signed_in(manager)
    every = figures_of(client.get(URL))
    branch = work["home"].category.parent.key
    for query in (
        f"directorate={highways}",
        f"category={category}",
        f"category={branch}",
        "period=last_year",
        "period=1&category=ict",
    ):
        found = figures_of(client.get(f"{URL}?{query}"))

        assert found != every, query
        assert {name: pair for name, pair in found.items() if pair[0] != rows_behind(client, pair[1])} == {}, query


def test_a_value_that_cannot_be_chosen_is_told_and_left_out(work, manager, signed_in):
    page = signed_in(manager).get(f"{URL}?directorate=999999999999999999999&period=never&category=%00")

    assert page.status_code == 200
    assert "Directorate: choose one from the list" in page.content.decode()


# --- whose ------------------------------------------------------------------------------------------------------------


def test_walled_cases_are_taken_off_and_nothing_hints_at_them(work, council, signed_in):
    leader = people.person(Role.SERVICE_LEADER, at=council, name="Tom Hesketh")
    rollups.fold(council)
    everything = figures_of(signed_in(leader).get(URL))
    casework.wall(work["home"].case_file, leader)

    client = signed_in(leader)
    found = figures_of(client.get(URL))

    assert found["headline open commissions"][0] == everything["headline open commissions"][0] - 1
    assert "waiting: Legal: Legal" not in found
    assert wrong_figures(client) == {}
    listed = client.get(reverse("reporting:asked")).content.decode()
    assert "Home care" not in listed + client.get(URL).content.decode()
    told = b"".join(client.get(reverse("reporting:dashboard_csv", args=["stages"]))).decode()
    assert "640000" not in told


def test_somebody_who_leads_in_one_council_and_works_in_another(work, council, outsider, signed_in):
    commissioning.started_commission(outsider, title="Benches", value=150000, needed_by=clock.today())
    people.membership(outsider, Role.CCPS_MANAGER, at=council)
    rollups.fold_all()

    client = signed_in(outsider)

    assert wrong_figures(client) == {}
    assert "Benches" not in client.get(reverse("reporting:asked")).content.decode()


@pytest.mark.parametrize(
    "address", [URL, reverse("reporting:asked"), reverse("reporting:dashboard_csv", args=["people"])]
)
def test_only_those_who_look_after_the_work_may_open_it(work, priya, manager, client, signed_in, address):
    answer = signed_in(priya).get(address)

    assert answer.status_code == 403
    assert "You cannot open the dashboard. Ask Maria Okafor" in answer.content.decode()
    client.logout()
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("role", [Role.SERVICE_LEADER, Role.LEADERSHIP_APPROVER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_the_navigation_offers_it_to_those_who_may(council, priya, signed_in, role):
    link = f'href="{URL}"'

    assert link in signed_in(people.person(role, at=council)).get("/").content.decode()
    assert link not in signed_in(priya).get("/").content.decode()


# --- files, tables ----------------------------------------------------------------------------------------------------


def test_a_panel_is_shown_as_table_and_taken_as_file(work, manager, signed_in):
    client = signed_in(manager)
    page = client.get(f"{URL}?table=stages").content.decode()
    answer = client.get(reverse("reporting:dashboard_csv", args=["stages"]))
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert 'id="panel-stages"' in page
    assert "Show as chart" in page
    assert lines[0] == ["Stage", "Commissions", "Value"]
    assert ["Analyse", "2", "790000.00"] in lines
    event = AuditEvent.objects.filter(verb="export").latest("number")
    assert event.changes["list"].startswith("the dashboard: Analyse holds")
    assert client.get(reverse("reporting:dashboard_csv", args=["pies"])).status_code == 404


def test_a_new_council_says_that_there_is_nothing_yet(manager, signed_in):
    page = signed_in(manager).get(URL).content.decode()

    for words in ("No commission is open", "Nothing waits in any queue", "No contract ends in two years"):
        assert words in page


# --- the list behind --------------------------------------------------------------------------------------------------


def test_the_list_says_each_filter_and_takes_it_off(work, manager, signed_in):
    client = signed_in(manager)
    page = client.get(reverse("reporting:asked"), {"queue": "legal", "standing": "late"})

    assert [words for words, _ in page.context["chips"]] == ["Overdue", "Queue: Legal"]
    assert [row["case_title"] for row in page.context["rows"]] == ["Home care"]
    assert "working days overdue" in page.content.decode()
    for bad in ("after=x", "after=1&before=2", "person=99999999999999999999999", "asked_from=2026-13-45", "lead=zz"):
        assert client.get(f"{reverse('reporting:asked')}?{bad}").status_code in (200, 404)


# --- roll-ups ---------------------------------------------------------------------------------------------------------


def test_check_finds_and_mends_what_came_in_beside_the_trail(work, council, manager, signed_in, capsys):
    rollups.fold(council)
    CaseFile.objects.filter(pk=work["home"].case_file_id).update(state="plan", value_ex_vat=Decimal(1000))
    RollUp.objects.filter(cube="risk").update(count=99)
    Fact.objects.filter(cube="person").delete()

    call_command("check_rollups")
    assert "figures differed and were mended" in capsys.readouterr().out
    call_command("check_rollups")
    assert f"{council}: every figure holds" in capsys.readouterr().out
    assert wrong_figures(signed_in(manager)) == {}


def test_folding_writes_only_what_changed(work, council, queries_of):
    rollups.fold(council)
    carry_out(work["held"], "respond", by=work["hal"], answer="agreed", text="Yes.")

    assert len(queries_of(lambda: rollups.fold(council))) <= 16
    assert RollUp.objects.filter(count=0).count() == 0


def test_an_act_costs_nothing_more_for_the_figures(work, council, queries_of):
    """Roll-ups follow the trail: no act writes to them, so its budget is all its own."""
    hal = work["hal"]

    sent = queries_of(lambda: carry_out(work["held"], "respond", by=hal, answer="agreed", text="Yes."))

    assert not [sql for sql in sent if "reporting_" in sql]


# --- budgets ----------------------------------------------------------------------------------------------------------


def test_statements_stay_the_same_whatever_the_rows(work, council, manager, priya, signed_in, queries_of):
    client = signed_in(manager)
    client.get(URL)
    few = queries_of(lambda: client.get(URL))
    for number in range(50):
        case = casework.case_file(council, holder=priya, service_area=work["highways"])
        Commission.objects.create(case_file=case, purpose=f"Need {number}")
        casework.item(case, by=priya)
    many = queries_of(lambda: client.get(URL))
    rollups.fold(council)
    folded = queries_of(lambda: client.get(URL))

    assert len(few) == len(many) <= 8
    assert len(folded) <= len(many)
    listed = queries_of(lambda: client.get(reverse("reporting:asked")))
    assert len(listed) <= 8


# --- rules ------------------------------------------------------------------------------------------------------------


def test_a_step_of_age_names_just_the_days_on_which_its_items_were_opened():
    holidays = frozenset([date(2026, 12, 25), date(2026, 12, 28)])
    for today in (date(2026, 12, 24), date(2026, 12, 29), date(2027, 1, 3), date(2027, 1, 6)):
        for back in range(30):
            opened = today - timedelta(days=back)
            key, changes_on = age_of(opened, today, holidays)
            within = [name for name in AGES if _is_between(opened, *opened_between(name, today, holidays))]
            assert within == [key], (today, opened)
            if changes_on is not None:
                assert age_of(opened, changes_on, holidays)[0] != key
                assert age_of(opened, changes_on - timedelta(days=1), holidays)[0] == key


def _is_between(day, first, last):
    return (first is None or first <= day) and day <= last


def test_every_notice_is_in_one_step():
    for days in range(-40, 300):
        key = lead_of(date(2027, 1, 1), date(2027, 1, 1) + timedelta(days=days))
        fitting = [name for name in LEADS if _fits(days, *lead_days(name))]
        assert fitting == [key], days


def _fits(days, least, end):
    return (least is None or days >= least) and (end is None or days < end)


def test_periods_are_whole_months():
    today = date(2026, 2, 14)

    spans = {key: period_of(key, today) for key in ("year", "last_year", "12", "3", "1")}

    assert {key: (span.first, span.ends_on) for key, span in spans.items()} == {
        "year": (date(2025, 4, 1), date(2026, 2, 28)),
        "last_year": (date(2024, 4, 1), date(2025, 3, 31)),
        "12": (date(2025, 3, 1), date(2026, 2, 28)),
        "3": (date(2025, 12, 1), date(2026, 2, 28)),
        "1": (date(2026, 2, 1), date(2026, 2, 28)),
    }
