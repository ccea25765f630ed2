"""Sheets: rows are added, changed and taken away through the browser, told in the history, and lost to nobody."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client

from casework.models import AuditEvent
from commissioning.models import CommissionActivity, Need
from commissioning.services import sheets as service
from commissioning.sheets import all_sheets, sheet_of
from commissioning.states import ActivityState
from documents.facts import load_facts
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
NEED = {
    "nature": "Help to get up and dressed",
    "extent": "210 people",
    "group": "People over 75",
    "place": "Upper Alder",
    "is_statutory": "on",
    "priority": "1",
    "met": "partly",
    "met_by": "The present contract",
    "source": "Adult social care returns",
    "source_on_0": 1,
    "source_on_1": 3,
    "source_on_2": 2026,
}


def in_analyse(alder: Alder) -> CommissionActivity:
    """The needs assessment of a commission whose plan is agreed."""
    commission = steps.in_analyse(alder, ticked=("strategic",))
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    return CommissionActivity.objects.get(commission=commission, activity__key="needs_assessment")


def test_row_is_added_from_the_activity_changed_and_taken_away(alder: Alder, sign_in: SignIn) -> None:
    activity = in_analyse(alder)
    priya, address = sign_in(alder.priya), f"/commissions/{activity.commission_id}/sheets/needs/"
    assert f"{address}add/" in priya.get(activity.get_absolute_url()).content.decode()

    said = priya.post(f"{address}add/", NEED, follow=True).content.decode()
    assert "“Help to get up and dressed” saved." in said
    assert "High, the law asks for it" in said
    row = Need.objects.get()
    activity.refresh_from_db()
    assert activity.state == ActivityState.IN_PROGRESS

    priya.post(f"{address}{row.pk}/", NEED | {"extent": "230 people", "version": "1"})
    row.refresh_from_db()
    assert (row.extent, row.version) == ("230 people", 2)
    late = priya.post(f"{address}{row.pk}/", NEED | {"extent": "250 people", "version": "1"})
    assert late.status_code == 409
    assert "230 people" in late.content.decode()
    assert "250 people" in late.content.decode()

    priya.post(f"{address}{row.pk}/remove/", {})
    assert not sheet_of("needs").rows(activity.commission).exists()
    assert Need.objects.get().removed_at is not None
    history = priya.get(f"/commissions/{activity.commission_id}/history/").content.decode()
    assert "added “Help to get up and dressed” to the needs" in history
    assert "took “Help to get up and dressed” out of the needs" in history


def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(alder: Alder, sign_in: SignIn) -> None:
    activity = in_analyse(alder)
    page = (
        sign_in(alder.priya)
        .post(
            f"/commissions/{activity.commission_id}/sheets/needs/add/",
            NEED | {"priority": "3", "met_by": "", "source_on_2": "2031"},
        )
        .content.decode()
    )

    assert "A need that the law says must be met cannot be of low priority" in page
    assert "Say what meets it" in page
    assert "must be on or before 7 September 2026" in page
    assert "Upper Alder" in page
    assert not Need.objects.exists()


def test_rows_are_written_only_by_whoever_writes_the_activity_and_only_while_the_commission_is_open(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = in_analyse(alder)
    address = f"/commissions/{activity.commission_id}/sheets/needs/"
    olive = sign_in(alder.olive)
    assert sign_in(alder.tom).get(address).status_code == 200
    assert "add/" not in sign_in(alder.tom).get(address).content.decode()
    assert sign_in(alder.tom).post(f"{address}add/", NEED).status_code == 403
    assert olive.get(address).status_code == olive.post(f"{address}add/", NEED).status_code == 404
    assert sign_in(alder.priya).get(f"/commissions/{activity.commission_id}/sheets/nonsense/").status_code == 404

    steps.put_in(activity.commission, "stopped")
    late = sign_in(alder.priya).post(f"{address}add/", NEED)
    assert late.status_code == 409
    assert "This commission is stopped, so what was entered stands." in late.content.decode()
    assert not Need.objects.exists()
    assert AuditEvent.objects.filter(verb="sheet.saved", is_refusal=True).count() == 1


def test_row_of_another_commission_is_not_found_and_a_sent_form_counts_once(alder: Alder, sign_in: SignIn) -> None:
    activity = in_analyse(alder)
    other = steps.in_analyse(alder, ticked=("strategic",))
    service.save_row(other, sheet_of("needs"), _fields(), by=alder.priya)
    row = Need.objects.get()
    priya, address = sign_in(alder.priya), f"/commissions/{activity.commission_id}/sheets/needs/"
    assert priya.post(f"{address}{row.pk}/", NEED | {"version": "1"}).status_code == 404
    assert priya.post(f"{address}{row.pk}/remove/", {}).status_code == 404

    sent = NEED | {"act_id": "11111111-2222-4333-8444-555555555555"}
    priya.post(f"{address}add/", sent)
    again = priya.post(f"{address}add/", sent, follow=True)
    assert "This was already saved." in again.content.decode()
    assert Need.objects.filter(commission=activity.commission).count() == 1


def test_papers_can_show_every_sheet_as_a_fact(alder: Alder) -> None:
    activity = in_analyse(alder)
    case = activity.commission.case_file
    service.save_row(activity.commission, sheet_of("needs"), _fields(), by=alder.priya)

    found = load_facts([case], [f"sheet_{sheet.key}" for sheet in all_sheets()])[case.pk]

    assert found["sheet_needs"].value == ["Help with meals"]
    assert found["sheet_needs"].shown.startswith("Help with meals. How much: 40 people.")
    assert "sheet_assets" not in found


@pytest.mark.parametrize("rows", [1, 30])
def test_page_of_a_sheet_asks_the_same_whatever_the_rows(alder, sign_in, queries_of, rows) -> None:
    activity = in_analyse(alder)
    for number in range(rows):
        service.save_row(
            activity.commission, sheet_of("needs"), _fields() | {"nature": f"Need {number}"}, by=alder.priya
        )
    priya = sign_in(alder.priya)
    priya.get("/")

    of_sheet = queries_of(lambda: priya.get(f"/commissions/{activity.commission_id}/sheets/needs/"))
    of_activity = queries_of(lambda: priya.get(activity.get_absolute_url()))

    assert (len(of_sheet), len(of_activity)) == (3, 6), (of_sheet, of_activity)


def _fields() -> dict[str, object]:
    sent = {"nature": "Help with meals", "extent": "40 people", "group": "", "place": "", "is_statutory": False}
    return sent | {"priority": 2, "met": "unmet", "met_by": "", "source": "Survey", "source_on": "2026-03-01"}


def test_row_opened_from_an_activity_leads_back_to_it_after_save_and_cancel(alder: Alder, sign_in: SignIn) -> None:
    activity = in_analyse(alder)
    priya, home = sign_in(alder.priya), f"/commissions/{activity.commission_id}/sheets/needs/"
    here = activity.get_absolute_url()
    add = f"{home}add/?back={quote(here, safe='')}"
    assert f'href="{add}"' in priya.get(here).content.decode()

    form = priya.get(add)
    assert f'href="{here}">Cancel' in form.content.decode()
    assert (activity.activity.name, here) in form.context["crumbs"]
    assert priya.post(add, NEED)["Location"] == here

    # The list says where it belongs; a row opened there leads back there.
    rows = priya.get(home).content.decode()
    assert f'href="{here}"' in rows
    row = Need.objects.get()
    assert f'href="{home}{row.pk}/?back={quote(home, safe="")}"' in rows
    changed = priya.post(f"{home}{row.pk}/?back={quote(home, safe='')}", NEED | {"version": "1"})
    assert changed["Location"] == home


@pytest.mark.parametrize(
    "asked",
    ["https://evil.example/", "//evil.example/", "/account/", "/commissions/999999/", "nowhere", "/activities/999999/"],
)
def test_no_link_leads_out_of_the_commission(alder: Alder, sign_in: SignIn, asked: str) -> None:
    activity = in_analyse(alder)
    add = f"/commissions/{activity.commission_id}/sheets/needs/add/?back={quote(asked, safe='')}"

    assert sign_in(alder.priya).post(add, NEED)["Location"] == activity.get_absolute_url()


def test_activity_of_another_commission_is_no_way_back(alder: Alder, sign_in: SignIn) -> None:
    activity, other = in_analyse(alder), in_analyse(alder)
    add = f"/commissions/{activity.commission_id}/sheets/needs/add/?back={other.get_absolute_url()}"

    assert sign_in(alder.priya).post(add, NEED)["Location"] == activity.get_absolute_url()


def test_activity_says_what_is_enough_and_is_completed_in_one_press(alder: Alder, sign_in: SignIn) -> None:
    activity = in_analyse(alder)
    priya, here = sign_in(alder.priya), activity.get_absolute_url()
    before = priya.get(here).content.decode()
    assert "One of these is enough to complete it:" in before
    assert "a line in “Needs”" in before
    assert "Output: nothing written, attached or linked" in before
    assert f'action="{here}do/complete/"' not in before

    priya.post(f"/commissions/{activity.commission_id}/sheets/needs/add/", NEED)
    ready = priya.get(here)
    assert f'action="{here}do/complete/"' in ready.content.decode()
    said = priya.post(f"{here}do/complete/", {"act_id": ready.context["act_id"]}, follow=True).content.decode()

    assert f"{activity.activity.name} is completed." in said
    activity.refresh_from_db()
    assert activity.state == ActivityState.DONE


def test_words_are_kept_when_they_complete_an_activity_and_when_something_is_still_open(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = in_analyse(alder)
    priya, here = sign_in(alder.priya), activity.get_absolute_url()

    empty = priya.post(here, {"output": "", "version": activity.version, "later": "1"}, follow=True).content.decode()
    assert "Output: nothing written, attached or linked" in empty
    activity.refresh_from_db()
    assert activity.state != ActivityState.DONE

    words = {"output": "210 people need help in the evening.", "version": activity.version, "later": "1"}
    assert f"{activity.activity.name} is completed." in priya.post(here, words, follow=True).content.decode()
    activity.refresh_from_db()
    assert (activity.state, activity.output) == (ActivityState.DONE, "210 people need help in the evening.")
