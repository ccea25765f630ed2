"""Saved views: one's own, those that colleagues share, and nobody else's. And what the workplan marks and exports."""

import io
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from casework.models import AuditEvent, WorkItem
from commissioning.models import Gate
from organisation import clock
from organisation.roles import Role
from reporting.models import SavedView
from tests.factories import casework, commissioning
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db
URL = reverse("reporting:workplan")
SAVE = reverse("reporting:save_view")


def titles(answer):
    return sorted(row["title"] for row in answer.context["rows"])


def save(client, query, name, shared_with=""):
    return client.post(f"{SAVE}?{query}", {"name": name, "shared_with": shared_with, "act_id": str(uuid4())})


def test_a_view_is_saved_under_a_name_opened_and_deleted(priya, signed_in):
    client = signed_in(priya)

    answer = save(client, "risk=high&sort=-value&after=5_5", "High risk")

    assert answer["Location"] == f"{URL}?risk=high&sort=-value"
    page = client.get(URL)
    (view,) = page.context["saved"]
    assert (view.name, parse_qs(urlsplit(view.url).query)) == ("High risk", {"risk": ["high"], "sort": ["-value"]})
    assert client.get(view.url).context["saved"][0].is_current
    assert client.post(reverse("reporting:delete_view", args=[view.pk])).status_code == 302
    assert client.get(URL).context["saved"] == []


def test_a_shared_view_is_seen_by_colleagues_and_by_nobody_else(priya, council, outsider, signed_in):
    save(signed_in(priya), "stage=plan", "In Plan", council.pk)
    save(signed_in(priya), "stage=draft", "My drafts")
    colleague = people.person(Role.FINANCE, at=council)

    (seen,) = signed_in(colleague).get(URL).context["saved"]

    assert (seen.name, seen.note, seen.is_mine) == ("In Plan", "from Priya Shah", False)
    assert signed_in(outsider).get(URL).context["saved"] == []
    assert AuditEvent.objects.get(verb="view.share").changes["view"] == "In Plan"
    for person in (colleague, outsider):
        assert signed_in(person).post(reverse("reporting:delete_view", args=[seen.pk])).status_code == 404
    assert SavedView.objects.count() == 2
    answer = save(signed_in(outsider), "stage=plan", "Theirs", council.pk)
    assert answer.status_code == 200
    assert SavedView.objects.count() == 2


def test_the_same_name_takes_the_new_address_and_a_name_is_needed(priya, signed_in):
    client = signed_in(priya)
    save(client, "stage=plan", "Mine")
    save(client, "stage=review", "Mine")

    assert SavedView.objects.get().query == "stage=review"
    answer = save(client, "stage=plan", " ")
    assert answer.status_code == 200
    assert "Enter" in answer.content.decode()


# --- marks, filters and the workbook ----------------------------------------------------------------------------------


def test_filters_by_gate_by_way_and_by_neglect(priya, signed_in):
    held = commissioning.started_commission(priya, title="Home care", value=640000, needed_by=clock.today())
    calm = commissioning.started_commission(priya, title="Benches", value=150000)
    Gate(commission=held, number=1, state="submitted").save()
    Gate(commission=calm, number=1, state="drafting").save()
    late = casework.item(held.case_file, by=priya)
    WorkItem.objects.filter(pk=late.pk).update(is_late_ask=True)
    client = signed_in(priya)

    assert titles(client.get(URL, {"gate": "any-waiting"})) == ["Home care"]
    assert titles(client.get(URL, {"gate": "1-preparing"})) == ["Benches"]
    assert titles(client.get(URL, {"gate": "1-any"})) == ["Benches", "Home care"]
    assert titles(client.get(URL, {"gate": "3-any"})) == []
    assert titles(client.get(URL, {"way": "reactive"})) == ["Home care"]
    assert titles(client.get(URL, {"way": "planned"})) == ["Benches"]
    page = client.get(URL).content.decode()
    assert page.count(">Reactive</strong>") == 1
    assert titles(client.get(URL, {"stale": "1"})) == []

    clock.move_to(clock.now() + timedelta(days=31))
    client.force_login(priya)
    assert titles(client.get(URL, {"stale": "1"})) == ["Benches", "Home care"]
    assert client.get(URL).content.decode().count(">Stale</span>") == 2
    for bad in ("gate=9-any", "gate=1", "started=2026Q9", "way=x", "started=1-1"):
        assert client.get(f"{URL}?{bad}").status_code == 200


def test_the_workbook_holds_the_list_and_runs_no_formula(priya, signed_in):
    commissioning.registered_commission(priya, title="=1+1", value=18000)
    commissioning.registered_commission(priya, title="Benches\x0b", value=60000)

    answer = signed_in(priya).get(reverse("reporting:workplan_xlsx"), {"sort": "value"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active

    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("Reference", "Title", "Stage", "Value excluding VAT")
    assert [row[1] for row in rows[1:]] == ["=1+1", "Benches"]
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    assert AuditEvent.objects.get(verb="export").changes["list"] == "the list of commissions"


def test_the_page_keeps_its_budget_with_views_and_marks(priya, signed_in, queries_of):
    client = signed_in(priya)
    save(client, "stage=plan", "In Plan")
    commissioning.registered_commission(priya)
    client.get(URL)
    few = queries_of(lambda: client.get(URL))
    for number in range(30):
        save(client, f"stage=plan&q=word{number}", f"View {number}")
        commissioning.registered_commission(priya, complete=False)

    assert len(queries_of(lambda: client.get(URL))) == len(few) <= 8
