"""Likely duplicates: found, settled, and no hint of what a person may not see."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import AuditEvent, CaseFile
from casework.refusals import Replayed
from casework.services.cases import open_case
from commissioning.models import Commission
from commissioning.services import commissions, duplicates
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import casework as cases
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def registered(alder: Alder, title: str, by: Person | None = None) -> Commission:
    by = by or alder.priya
    area = alder.area if by == alder.priya else make.area_of(by)
    return make.registered_commission(by, service_area=area, title=title)


def contract(alder: Alder, title: str, **fields: object) -> CaseFile:
    case = open_case(
        kind="contract",
        prefix="CON",
        organisation=alder.council,
        service_area=alder.area,
        title=title,
        holder=alder.sam,
        state="live",
    )
    for name, value in fields.items():
        setattr(case, name, value)
    case.save()
    return case


def found_for(commission: Commission) -> list[tuple[str, str]]:
    return [(row.other.title, row.because) for row in commission.likely_duplicates.order_by("pk")]


@pytest.mark.parametrize(
    ("theirs", "mine", "because"),
    [
        ("Home care in the north", "Home care, rural north", "similar title: care, home, north"),
        ("Moving and handling course", "Courses in moving and handling", "similar title: course, handling, moving"),
        ("MEALS", "Community meals service", "similar title: meal"),
    ],
)
def test_open_commission_with_a_similar_title_is_found(alder: Alder, theirs: str, mine: str, because: str) -> None:
    registered(alder, theirs)

    assert found_for(registered(alder, mine)) == [(theirs, because)]


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ("Home care in the north", "Highway gritting"),
        ("Support services for the council", "Support services contract"),
        ("Home care for young adults leaving hospital", "Grass cutting and care of verges"),
    ],
)
def test_other_titles_are_not_found(alder: Alder, theirs: str, mine: str) -> None:
    registered(alder, theirs)

    assert found_for(registered(alder, mine)) == []


def test_running_contract_is_found_and_one_that_ended_is_not(alder: Alder) -> None:
    contract(alder, "Home care")
    contract(alder, "Home care, old", is_open=False)

    assert [title for title, _ in found_for(registered(alder, "Home care at night"))] == ["Home care"]


def test_stopped_commission_is_not_found(alder: Alder) -> None:
    steps.go(registered(alder, "Home care"), "stop", alder.tom, note="No money.")

    assert found_for(registered(alder, "Home care at night")) == []


def test_other_councils_and_walled_files_are_not_hinted_at(alder: Alder) -> None:
    registered(alder, "Home care", by=alder.olive)
    walled = registered(alder, "Home care for one family")
    colleague = make.commissioner(alder.council, alder.area)
    cases.wall(walled.case_file, colleague)

    mine = make.registered_commission(colleague, service_area=alder.area, title="Home care at night")

    assert CaseFile.objects.count() == 3
    assert found_for(mine) == []


def test_page_shows_only_what_the_reader_may_see(alder: Alder, sign_in: SignIn) -> None:
    other = registered(alder, "Home care for one family")
    mine = registered(alder, "Home care at night")
    likely = mine.likely_duplicates.get()
    colleague = make.commissioner(alder.council, alder.area)
    cases.wall(other.case_file, colleague)
    reader, walled = sign_in(alder.priya), sign_in(colleague)
    address = f"/commissions/{mine.pk}/duplicates/"

    assert "Home care for one family" in reader.get(address).content.decode()
    page = walled.get(address)
    assert (page.status_code, "one family" in page.content.decode()) == (200, False)
    assert walled.get(f"{address}{likely.pk}/").status_code == 404
    assert walled.post(f"{address}{likely.pk}/", {"finding": "linked", "reason": "Guess"}).status_code == 404
    likely.refresh_from_db()
    assert likely.finding == ""


def test_most_alike_come_first_and_no_more_than_five(alder: Alder) -> None:
    for title in ("Care", "Home care", "Home care north", "Home care south", "Home care east", "Home care west"):
        registered(alder, title)

    found = [title for title, _ in found_for(registered(alder, "Home care"))]

    assert found == ["Care", "Home care", "Home care north", "Home care south", "Home care east"]


def test_new_title_is_looked_at_again_while_a_draft(alder: Alder) -> None:
    registered(alder, "Home care")
    mine = registered(alder, "Something new")
    assert found_for(mine) == []

    commissions.edit_facts(mine, version=1, by=alder.priya, title="Home care at night")

    assert [title for title, _ in found_for(mine)] == ["Home care"]


def test_settling_is_kept_with_its_reason(alder: Alder) -> None:
    registered(alder, "Home care")
    mine = registered(alder, "Home care at night")
    likely = mine.likely_duplicates.get()

    duplicates.settle(likely, finding="not_duplicate", reason="Nights are not in it.", by=alder.priya)

    likely.refresh_from_db()
    assert (likely.finding, likely.reason, likely.settled_at is not None) == (
        "not_duplicate",
        "Nights are not in it.",
        True,
    )
    event = AuditEvent.objects.get(verb="commission.duplicate")
    assert (event.reason, event.changes) == (
        "Nights are not in it.",
        {"other": likely.other.reference, "finding": ["", "not_duplicate"]},
    )


def test_settling_twice_with_one_form_counts_once(alder: Alder) -> None:
    registered(alder, "Home care")
    likely = registered(alder, "Home care at night").likely_duplicates.get()
    act_id = uuid.uuid4()
    duplicates.settle(likely, finding="linked", reason="Same need.", by=alder.priya, act_id=act_id)

    with pytest.raises(Replayed):
        duplicates.settle(likely, finding="not_duplicate", reason="No.", by=alder.priya, act_id=act_id)

    likely.refresh_from_db()
    assert likely.finding == "linked"
