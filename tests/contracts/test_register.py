"""The register: what is in it for whom, found, sorted and paged at a constant cost."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from casework.models import Wall
from commissioning.models import Category
from contracts.models import Contract
from contracts.selectors.register import COUNTED_UP_TO, PER_PAGE, Filters
from organisation import clock
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.procurement.filling import words_of

TODAY = date(2026, 7, 22)


@pytest.fixture
def reader(where, client):
    clock.move_to(TODAY)
    client.force_login(people.person(Role.AUDITOR, at=where.organisation))
    return client


def titles(page: Any) -> list[str]:
    return [row["title"] for row in page.context["page"].rows]


def shown(page: Any) -> str:
    return page.context["page"].words


def test_everyone_of_the_organisation_reads_every_contract(where, client) -> None:
    contract = make.live(where)
    for role in Role:
        client.force_login(people.person(role, at=where.organisation))
        page = client.get("/contracts/")
        assert titles(page) == [contract.case_file.title], role
    text = words_of(page)
    for words in (contract.case_file.reference, str(contract.supplier), "£18,000", "Sam Birtles", "Live"):
        assert words in text


def test_other_organisations_and_walled_contracts_are_not_there_nor_counted(where, client) -> None:
    mine, walled = make.in_register(where, amount=1000), make.in_register(where, amount=500)
    foreign = make.in_register(buying.place(), amount=700)
    person = people.person(Role.COMMISSIONER, at=where.organisation)
    Wall.objects.create(case_file=walled.case_file, person=person, reason="Interest", raised_at=clock.now())
    client.force_login(person)

    page = client.get("/contracts/")

    assert (titles(page), shown(page)) == (
        [mine.case_file.title],
        "Showing 1 to 1 of 1 contract, £1,000 excluding VAT",
    )
    assert foreign.case_file.title not in words_of(page)
    for contract in (walled, foreign):
        assert client.get(contract.get_absolute_url()).status_code == 404


def test_withdrawn_drafts_are_shown_only_when_asked_for(where, reader) -> None:
    make.in_register(where, title="Stands")
    make.in_register(where, title="Withdrawn draft", state="terminated")

    assert titles(reader.get("/contracts/")) == ["Stands"]
    assert titles(reader.get("/contracts/?state=terminated")) == ["Withdrawn draft"]


@pytest.mark.parametrize(
    "text",
    ["home care", "HOME", "con-2026-0001", "2026-0001", "larkfield%20%26%20sons", "Larkfield%20and%20Sons%20Ltd."],
)
def test_text_finds_reference_title_and_supplier(where, reader, text) -> None:
    supplier = people.supplier(where.organisation, name="Larkfield & Sons Limited")
    make.in_register(where, title="Home care in the north", supplier=supplier)
    make.in_register(where, title="Screens")

    assert titles(reader.get(f"/contracts/?q={text}")) == ["Home care in the north"]


def test_filters_narrow_together_and_can_be_taken_off(where, reader) -> None:
    other = people.service_area(where.organisation)
    make.in_register(where, title="Live here")
    make.in_register(where, title="Ended here", state="ended")
    make.in_register(where, title="Live there", service_area=other)

    page = reader.get(f"/contracts/?state=live&directorate={where.area.directorate_id}&q=here")

    assert titles(page) == ["Live here"]
    assert [words for words, _ in page.context["chips"]] == [
        "Text: here",
        "State: Live",
        f"Directorate: {where.area.directorate.name}",
    ]
    without_state = page.context["chips"][1][1]
    assert titles(reader.get(without_state)) == ["Ended here", "Live here"]


def test_ending_within_some_months_comes_soonest_first(where, reader) -> None:
    for title, days in (("Later", 300), ("Sooner", 30), ("Beyond", 400), ("Over", -1)):
        make.in_register(where, title=title, ends_on=TODAY + timedelta(days=days))
    make.in_register(where, title="No term", ends_on=None)

    assert titles(reader.get("/contracts/?ending=12")) == ["Sooner", "Later"]
    assert titles(reader.get("/contracts/?sort=ending"))[:2] == ["Over", "Sooner"]


@pytest.mark.parametrize("sort", ["recent", "ending"])
def test_pages_follow_each_other_forwards_and_back_without_a_gap_or_a_double(where, reader, sort) -> None:
    count = 2 * PER_PAGE + 7
    for number in range(count):
        # Many end on the same day: the row number tells them apart.
        make.in_register(where, title=f"T{number:03}", ends_on=TODAY + timedelta(days=number // 10))
    address, seen, addresses, words = f"/contracts/?sort={sort}", [], [], []

    while address:
        page = reader.get(address)
        seen += titles(page)
        addresses.append(address)
        words.append(shown(page))
        address = page.context["next_url"]

    assert sorted(seen) == [f"T{number:03}" for number in range(count)]
    assert words[0].startswith(f"Showing 1 to {PER_PAGE} of {count} contracts")
    assert words[-1].startswith(f"Showing {2 * PER_PAGE + 1} to {count} of {count} contracts")
    back, address = [], page.context["previous_url"]
    while address:
        page = reader.get(address)
        back = titles(page) + back
        address = page.context["previous_url"]
    assert back == seen[: 2 * PER_PAGE]
    assert shown(page) == words[0]


@pytest.mark.parametrize(
    "query",
    [
        "after=rubbish",
        "after=_-1",
        "before=20260722T093000.000000_99999999999999999999999",
        "after=20260722T093000.000000_1&before=20260722T093000.000000_1",
        "from=-5",
        "after=%00_1",
    ],
)
def test_pages_this_list_never_offered_are_not_found(where, reader, query) -> None:
    make.in_register(where)

    assert reader.get(f"/contracts/?{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "directorate=abc",
        "directorate=99999999999999",
        "ending=7",
        "sort=drop",
        "q=%00",
        "q=" + "x" * 9000,
    ],
)
def test_nonsense_filters_break_nothing(where, reader, query) -> None:
    make.in_register(where, title="Stands")

    assert reader.get(f"/contracts/?{query}").status_code == 200


def test_nothing_found_and_nothing_yet_are_said_differently(where, reader) -> None:
    assert "No contracts yet" in words_of(reader.get("/contracts/"))
    make.in_register(where)

    page = words_of(reader.get("/contracts/?q=zebra"))

    assert "No contract fits these filters" in page
    assert "Text: zebra" in page


def test_what_was_typed_comes_back_harmless(where, reader) -> None:
    page = words_of(reader.get("/contracts/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"))

    assert "<script>alert" not in page


def test_blank_value_and_manager_are_said_in_words(where, reader) -> None:
    make.in_register(where, amount=None, holder=None, ends_on=None)

    text = words_of(reader.get("/contracts/"))

    assert text.count("Not recorded") >= 3
    assert "Nobody yet" in text
    assert "£0" not in text


def test_costs_the_same_for_one_contract_and_for_many(where, reader, queries_of) -> None:
    make.in_register(where)
    reader.get("/contracts/")
    few = queries_of(lambda: reader.get("/contracts/"))
    for _ in range(PER_PAGE + 5):
        make.in_register(where)

    lots = queries_of(lambda: reader.get("/contracts/"))

    assert len(few) == len(lots) <= 5, lots


def test_count_stops_at_a_thousand(where, reader) -> None:
    first = make.in_register(where)
    template = {name: value for name, value in vars(first.case_file).items() if name not in ("_state", "id")}
    from casework.models import CaseFile

    files = CaseFile.objects.bulk_create(
        CaseFile(**template | {"reference": f"CON-2020-{number}"}) for number in range(COUNTED_UP_TO + 2)
    )
    Contract.objects.bulk_create(
        Contract(
            case_file=file,
            organisation=where.organisation,
            supplier=first.supplier,
            state="live",
            ends_on=first.ends_on,
            starts_on=first.starts_on,
        )
        for file in files
    )

    page = reader.get("/contracts/")

    assert shown(page) == f"Showing 1 to {PER_PAGE} of 1,000+ contracts"
    # Fifty rows fit in 45 KB; half as many in half of that, with the frame.
    assert len(page.content) < 45_000
    assert re.search(r"<title>Contracts – Gatehouse</title>", words_of(page))


def test_filters_are_read_from_the_address_and_written_back() -> None:
    query = {"q": "care", "state": "live", "directorate": "4", "ending": "12", "sort": "recent"}

    filters = Filters.read(query)

    assert filters == Filters("care", "live", 4, 12, "recent")
    assert Filters.read(filters.as_query()) == filters


# --- Ready views ------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-187")
def test_ready_views(where, reader) -> None:
    clock.move_to(date(2026, 7, 22))
    complete = {"review_on": date(2027, 1, 1), "category": Category.objects.first()}
    make.in_register(where, title="Ends before long", ends_on=date(2027, 3, 31), **complete)
    make.in_register(where, title="Ends far off", ends_on=date(2029, 3, 31), **complete)
    make.in_register(where, title="Nobody manages it", holder=None, ends_on=date(2029, 3, 31), **complete)
    make.in_register(where, title="No review date", category=complete["category"], ends_on=date(2029, 3, 31))
    make.in_register(where, title="Over", state="ended", holder=None, ends_on=date(2027, 1, 31))

    found = {view: set(titles(reader.get(f"/contracts/?view={view}"))) for view in ("ending", "no_manager", "missing")}

    assert found == {
        "ending": {"Ends before long"},
        "no_manager": {"Nobody manages it"},
        "missing": {"Nobody manages it", "No review date"},
    }
    page = words_of(reader.get("/contracts/?view=missing"))
    assert "Missing: review date" in page
    assert "Missing: manager" in page
    assert "Remove filter: </span>Missing data" in page


@pytest.mark.requirement("N-173", "N-184")
def test_row_tells_the_next_decision_what_options_are_left_and_the_tier(where, reader) -> None:
    clock.move_to(date(2026, 7, 22))
    contract = make.in_register(where, title="Home care", ends_on=date(2027, 3, 31), tier="ccps_supported")
    contract.options.create(number=1, months=12, notice_by=date(2026, 9, 30))
    contract.options.create(number=2, months=12)
    make.in_register(where, title="Day care", ends_on=date(2027, 3, 31))

    rows = {row["title"]: row for row in reader.get("/contracts/").context["page"].rows}

    assert (rows["Home care"]["decide"], rows["Home care"]["options"]) == ("30 Sep 2026", "2 years of options left")
    assert rows["Home care"]["tier"] == "CCPS-supported"
    assert (rows["Day care"]["decide"], rows["Day care"]["options"]) == ("31 Mar 2027", "No option left")


@pytest.mark.requirement("N-012")
def test_register_is_filtered_by_a_branch_of_the_categories(where, reader) -> None:
    framework = where.organisation.framework
    care, bus = make.in_register(where, amount=1000), make.in_register(where, amount=500)
    for made, key in ((care, "adult_social_care"), (bus, "passenger_transport")):
        Contract.objects.filter(pk=made.pk).update(category=Category.objects.get(framework=framework, key=key))

    page = reader.get("/contracts/?category=care_and_health")

    assert titles(page) == [care.case_file.title]
    assert shown(page) == "Showing 1 to 1 of 1 contract, £1,000 excluding VAT"
    assert "Adult social care" in words_of(page)
    assert '<option value="care_and_health" selected>Care and health</option>' in page.content.decode()
    assert titles(reader.get("/contracts/?category=adult_social_care")) == [care.case_file.title]
    assert titles(reader.get("/contracts/?category=childrens_social_care")) == []
