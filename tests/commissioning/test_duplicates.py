"""Likely duplicates: found, settled, and no hint of what a person may not see."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import AuditEvent, CaseFile
from casework.refusals import Replayed
from casework.services.cases import open_case
from commissioning.models import Category, Commission
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


# --- while it is typed ------------------------------------------------------------------------------------------------


def test_what_is_alike_is_named_while_it_is_typed(alder: Alder, sign_in: SignIn) -> None:
    theirs = registered(alder, "Home care in the north")
    contract(alder, "Home care, block hours")
    hidden = registered(alder, "Home care for the walled")
    cases.wall(hidden.case_file, alder.priya)
    client = sign_in(alder.priya)

    said = client.get("/commissions/new/alike/", {"title": "home care rural"}).content.decode()

    assert theirs.case_file.reference in said
    assert "Home care, block hours" in said
    assert "walled" not in said
    assert "Is it one of these?" not in client.get("/commissions/new/alike/", {"title": "Bus stops"}).content.decode()
    assert sign_in(alder.tom).get("/commissions/new/alike/", {"title": "home"}).status_code == 403
    elsewhere = sign_in(alder.olive).get("/commissions/new/alike/", {"title": "home care"}).content.decode()
    assert theirs.case_file.reference not in elsewhere


def test_same_category_is_named_whatever_the_title_and_whose_ever_it_is(alder: Alder, sign_in: SignIn) -> None:
    theirs = registered(alder, "Help after hospital")
    asked = {"title": "Reablement", "category": theirs.category_id, "service_area": alder.area.pk}

    said = sign_in(alder.priya).get("/commissions/new/alike/", asked).content.decode()

    assert "same category and service area" in said
    elsewhere = asked | {"service_area": alder.other_area.pk}
    said = sign_in(alder.priya).get("/commissions/new/alike/", elsewhere).content.decode()
    assert theirs.case_file.reference in said
    assert "same category" in said
    other = Category.objects.filter(framework=alder.council.framework).exclude(pk=theirs.category_id)[0]
    said = sign_in(alder.priya).get("/commissions/new/alike/", asked | {"category": other.pk}).content.decode()
    assert theirs.case_file.reference not in said


def test_first_possible_day_is_said_for_the_value_and_a_nearer_one_is_too_soon(alder: Alder, sign_in: SignIn) -> None:
    client = sign_in(alder.priya)
    asked = {"service_area": alder.area.pk, "amount_ex_vat": "640,000", "needed_by": "2026-12-01"}

    large = client.get("/commissions/new/alike/", asked).content.decode()
    small = client.get("/commissions/new/alike/", asked | {"amount_ex_vat": "18,000"}).content.decode()

    assert "You need it by 1 December 2026, which is too soon." in large
    assert "can be in place on" in small
    assert "too soon" not in small
    assert client.get("/commissions/new/alike/", {"amount_ex_vat": "a lot", "category": "x"}).status_code == 200


# --- before it is registered ------------------------------------------------------------------------------------------

NEW = "/commissions/new/"


def typed(alder: Alder, title: str, **fields: object) -> dict[str, object]:
    """What somebody types to register a need."""
    return {
        "title": title,
        "service_area": alder.area.pk,
        "purpose": "People wait too long.",
        "amount_ex_vat": "640000",
        "amount_inc_vat": "640000",
        "act_id": str(uuid.uuid4()),
    } | fields


@pytest.mark.requirement("N-004")
def test_nothing_is_registered_until_one_is_linked_or_said_to_be_no_duplicate(alder: Alder, sign_in: SignIn) -> None:
    theirs = make.registered_commission(
        alder.olive, service_area=make.area_of(alder.olive), title="Home care in Westmere"
    )
    titled = registered(alder, "Home care in the north")
    rose = make.commissioner(alder.council, alder.other_area, name="Rose Hale")
    lunch = make.registered_commission(rose, service_area=alder.other_area, title="Lunch clubs")
    contract(alder, "Home care, block hours")
    client, sent = sign_in(alder.priya), typed(alder, "Home care, rural", category=lunch.category_id)
    before = Commission.objects.count()

    page = client.post(NEW, sent)

    words = page.content.decode()
    assert Commission.objects.count() == before
    for said in (
        "Home care in the north",
        "similar title: care, home",
        "Lunch clubs</a>, Rose Hale",
        "Found because of: same category",
        "Home care, block hours",
        "People wait too long.",
        "Say whether it is one of these records",
        "None of these is the same need",
    ):
        assert said in words, said
    assert theirs.case_file.title not in words, "another council's"
    shown = page.context["form"].data["alike_shown"]
    for choice in ({"same_as": "none"}, {"same_reason": "It is new."}, {"same_as": "999999", "same_reason": "Guess"}):
        client.post(NEW, sent | {"alike_shown": shown} | choice)
    client.post(NEW, sent | {"same_as": "none", "same_reason": "Nobody was shown any of them."})
    assert Commission.objects.count() == before

    given = {"alike_shown": shown, "same_as": str(titled.case_file_id), "same_reason": "One need, two places."}
    done = client.post(NEW, sent | given, follow=True)

    made = Commission.objects.get(case_file__title="Home care, rural")
    assert "registered." in done.content.decode()
    listed = client.get(f"/commissions/{made.pk}/duplicates/").content.decode()
    assert "Linked: they belong together" in listed
    assert "One need, two places." in listed
    assert f"Linked with {titled.case_file.reference} instead" in listed
    assert "Not settled" not in listed
    history = client.get(f"/commissions/{made.pk}/history/").content.decode()
    assert "One need, two places." in history
    again = client.post(NEW, sent | given, follow=True)
    assert "already registered" in again.content.decode()


@pytest.mark.requirement("N-004")
def test_saying_why_none_is_the_same_registers_it_and_what_is_new_meanwhile_is_asked_about(
    alder: Alder, sign_in: SignIn
) -> None:
    registered(alder, "Home care in the north")
    client, sent = sign_in(alder.priya), typed(alder, "Home care, rural")
    shown = client.post(NEW, sent).context["form"].data["alike_shown"]
    registered(alder, "Home care at night")
    given = {"alike_shown": shown, "same_as": "none", "same_reason": "Nights and towns are not in it."}

    page = client.post(NEW, sent | given)

    assert "Home care at night" in page.content.decode()
    assert "Nights and towns are not in it." in page.content.decode(), "what was typed stays"
    client.post(NEW, sent | given | {"alike_shown": page.context["form"].data["alike_shown"]})
    made = Commission.objects.get(case_file__title="Home care, rural")
    rows = made.likely_duplicates.values_list("finding", "reason")
    assert set(rows) == {("not_duplicate", "Nights and towns are not in it.")}
    assert len(rows) == 2


def test_category_chosen_later_is_looked_at_again_while_a_draft(alder: Alder) -> None:
    theirs = registered(alder, "Lunch clubs")
    mine = make.registered_commission(alder.priya, service_area=alder.area, title="Something new", category=None)

    commissions.edit_facts(mine, version=1, by=alder.priya, category=theirs.category)

    assert found_for(mine) == [("Lunch clubs", "same category and service area")]


def test_after_registering_it_is_said_what_cannot_be_met(alder: Alder, sign_in: SignIn) -> None:
    sent = typed(alder, "Home care, rural north", needed_by_0="1", needed_by_1="12", needed_by_2="2026")

    said = sign_in(alder.priya).post(NEW, sent, follow=True).content.decode()

    assert "1 December 2026 cannot be met. The earliest possible is" in said


def test_what_was_not_asked_about_is_said_and_settled_before_the_start(alder: Alder, sign_in: SignIn) -> None:
    registered(alder, "Home care in the north")
    mine = registered(alder, "Home care, rural north")

    said = sign_in(alder.priya).get(mine.get_absolute_url()).content.decode()

    assert "1 likely duplicate not settled" in said


def test_hints_cost_the_same_whatever_there_is(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    client = sign_in(alder.priya)
    registered(alder, "Home care in the north")
    asked = {"title": "home care", "service_area": alder.area.pk, "amount_ex_vat": "640000"}
    client.get("/commissions/new/alike/", asked)  # calendars and figures are read once by a process
    few = queries_of(lambda: client.get("/commissions/new/alike/", asked))
    for number in range(20):
        contract(alder, f"Home care {number}")
    many = queries_of(lambda: client.get("/commissions/new/alike/", asked))
    assert len(few) == len(many) <= 8, many
