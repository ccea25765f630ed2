"""The workplan: whose commissions it lists, how it is narrowed, ordered, paged and taken away."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from casework.models import AuditEvent
from commissioning.models import Category, Commission
from organisation import clock
from organisation.roles import Role
from reporting.selectors import workplan
from tests.factories import casework, commissioning
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db
URL = reverse("reporting:workplan")


def titles(answer):
    return [row["title"] for row in answer.context["rows"]]


def many(priya, count):
    """Commissions as rows only: enough to count and page through."""
    first = commissioning.registered_commission(priya)
    for number in range(count - 1):
        case = casework.case_file(priya.organisation, holder=priya, service_area=first.case_file.service_area)
        Commission.objects.create(case_file=case, purpose=f"Need {number}", needed_by=date(2027, 1, 1 + number % 28))


# --- whose ------------------------------------------------------------------------------------------------------------


def test_lists_the_commissions_of_ones_own_organisations_only(priya, outsider, signed_in):
    commissioning.registered_commission(priya, title="Alder need")
    commissioning.registered_commission(outsider, title="Westmere need")

    assert titles(signed_in(priya).get(URL)) == ["Alder need"]
    assert titles(signed_in(outsider).get(URL)) == ["Westmere need"]


def test_leaves_out_what_somebody_is_walled_off_from(priya, council, signed_in):
    walled = commissioning.registered_commission(priya, title="Sealed need")
    commissioning.registered_commission(priya, title="Open need")
    colleague = people.person(Role.FINANCE, at=council)
    casework.wall(walled.case_file, colleague)

    answer = signed_in(colleague).get(URL)

    assert titles(answer) == ["Open need"]
    assert "1 commission," in answer.context["words"]
    assert "Sealed" not in answer.content.decode()
    assert "Sealed" not in b"".join(signed_in(colleague).get(reverse("reporting:workplan_export"))).decode()


def test_somebody_without_any_role_sees_nothing(priya, signed_in):
    commissioning.registered_commission(priya)

    answer = signed_in(people.person()).get(URL)

    assert titles(answer) == []
    assert "No commissions yet" in answer.content.decode()


def test_contracts_and_exercises_are_not_commissions(priya, council, signed_in):
    casework.case_file(council, kind="contract", prefix="CON", holder=priya)

    assert titles(signed_in(priya).get(URL)) == []


# --- filters ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(priya, council, area):
    """Three commissions that differ in everything that is filtered."""
    other = people.service_area(council, name="Highways")
    nadia = commissioning.commissioner(council, other, name="Nadia Iqbal")
    it = Category.objects.get(framework=council.framework, key="ict")
    home = commissioning.started_commission(
        priya, title="Home care, north", value=640000, ticked=("strategic",), needed_by=date(2027, 6, 1)
    )
    screens = commissioning.registered_commission(
        nadia, title="Meeting-room screens", value=60000, category=it, needed_by=date(2027, 1, 31)
    )
    bare = commissioning.registered_commission(priya, title="Bare need", value=None, complete=False)
    return {"home": home, "screens": screens, "bare": bare, "other": other, "nadia": nadia}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=home", ["Home care, north"]),
        ("q=NORTH+care", ["Home care, north"]),
        ("q=care+and+north", ["Home care, north"]),
        ("q=screens+north", []),
        ("stage=analyse", ["Home care, north"]),
        ("stage=draft", ["Bare need", "Meeting-room screens"]),
        ("stage=open", ["Bare need", "Home care, north", "Meeting-room screens"]),
        ("category=ict", ["Meeting-room screens"]),
        ("tier=quotation", ["Meeting-room screens"]),
        ("tier=sourcing_legal", ["Home care, north"]),
        ("risk=high", ["Home care, north"]),
        ("risk=low", ["Bare need", "Meeting-room screens"]),
        ("whose=mine", ["Bare need", "Home care, north"]),
        ("needed_from=2027-02-01", ["Home care, north"]),
        ("needed_to=2027-02-01", ["Meeting-room screens"]),
        ("needed_from=2027-01-31&needed_to=2027-06-01", ["Home care, north", "Meeting-room screens"]),
        ("risk=high&whose=mine&stage=analyse&q=care", ["Home care, north"]),
        ("risk=high&stage=draft", []),
    ],
)
def test_filters_narrow_the_list(three, priya, signed_in, query, expected):
    assert sorted(titles(signed_in(priya).get(f"{URL}?{query}"))) == expected


def test_filters_by_area_directorate_and_person(three, priya, signed_in):
    client, other = signed_in(priya), three["other"]

    assert titles(client.get(URL, {"area": other.pk})) == ["Meeting-room screens"]
    assert titles(client.get(URL, {"directorate": other.directorate_id})) == ["Meeting-room screens"]
    assert titles(client.get(URL, {"person": three["nadia"].pk})) == ["Meeting-room screens"]


def test_finds_by_reference(three, priya, signed_in):
    reference = three["home"].case_file.reference

    assert titles(signed_in(priya).get(URL, {"q": reference.lower()})) == ["Home care, north"]


def test_each_filter_in_force_is_a_chip_that_takes_only_itself_away(three, priya, signed_in):
    sent = {"q": "care", "risk": "high", "needed_to": "2027-12-31", "sort": "-value", "show": "50"}

    chips = dict(signed_in(priya).get(URL, sent).context["chips"])

    assert list(chips) == ["Contains: “care”", "Risk: High risk", "Needed to: 31 December 2027"]
    left = parse_qs(urlsplit(chips["Risk: High risk"]).query)
    assert left == {"q": ["care"], "needed_to": ["2027-12-31"], "sort": ["-value"], "show": ["50"]}


def test_chip_names_a_colleague_and_nobody_elses(three, priya, outsider, signed_in):
    client = signed_in(priya)

    assert [words for words, _ in client.get(URL, {"person": three["nadia"].pk}).context["chips"]] == [
        "Commissioner: Nadia Iqbal"
    ]
    assert [words for words, _ in client.get(URL, {"person": outsider.pk}).context["chips"]] == [
        "Commissioner: Somebody else"
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("stage=nonsense", "Stage: choose one from the list"),
        ("area=999999", "Service area: choose one from the list"),
        ("needed_from=soon", "Needed from: enter a date, like 2027-03-31"),
        ("needed_from=0001-01-01", "Needed from: enter a date, like 2027-03-31"),
        ("needed_from=2027-05-01&needed_to=2027-01-01", "Needed to: enter a date after"),
        (f"q={'x' * 201}", "200 characters"),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_the_others_still_count(three, priya, signed_in, query, words):
    answer = signed_in(priya).get(f"{URL}?{query}&risk=high")

    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert words in page
    assert "<title>Error: Commissions" in page
    assert titles(answer) == ["Home care, north"]


def test_another_councils_area_is_not_offered_and_not_accepted(three, priya, outsider, signed_in):
    theirs = commissioning.area_of(outsider)

    answer = signed_in(priya).get(URL, {"area": theirs.pk})

    assert "area" in answer.context["form"].errors
    assert theirs.name not in answer.content.decode()


def test_null_bytes_and_percent_signs_find_nothing_and_break_nothing(three, priya, signed_in):
    client = signed_in(priya)

    assert titles(client.get(URL, {"q": "ca\x00re"})) == ["Home care, north"]
    assert titles(client.get(URL, {"q": "%"})) == []
    assert client.get(URL, {"person": "9" * 40}).status_code == 200


# --- order and pages --------------------------------------------------------------------------------------------------


def test_newest_change_comes_first_by_itself(three, priya, signed_in):
    assert titles(signed_in(priya).get(URL))[0] == "Bare need"


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-value", ["Home care, north", "Meeting-room screens", "Bare need"]),
        ("value", ["Meeting-room screens", "Home care, north", "Bare need"]),
        ("needed_by", ["Meeting-room screens", "Home care, north", "Bare need"]),
        ("-needed_by", ["Home care, north", "Meeting-room screens", "Bare need"]),
        ("-stage", ["Home care, north", "Bare need", "Meeting-room screens"]),
        ("commissioner", ["Meeting-room screens", "Home care, north", "Bare need"]),
    ],
)
def test_sorts(three, priya, signed_in, sort, expected):
    assert titles(signed_in(priya).get(URL, {"sort": sort})) == expected


def test_heading_says_how_it_is_sorted_and_leads_to_the_other_way(three, priya, signed_in):
    answer = signed_in(priya).get(URL, {"sort": "-value", "q": "e"})

    columns = {column["name"]: column for column in answer.context["columns"]}
    assert [column["aria"] for column in columns.values() if column["aria"]] == ["descending"]
    assert columns["value"]["aria"] == "descending"
    assert parse_qs(urlsplit(columns["value"]["url"]).query) == {"sort": ["value"], "q": ["e"]}
    assert 'aria-sort="descending"' in answer.content.decode()


def test_pages_show_every_row_once_and_say_where_they_are(priya, signed_in):
    many(priya, 60)
    client, url, seen, words = signed_in(priya), URL, [], []
    while url:
        answer = client.get(url)
        seen += [row["pk"] for row in answer.context["rows"]]
        words.append(answer.context["words"])
        url = answer.context["next_url"]

    assert len(seen) == len(set(seen)) == 60
    assert [line.split(",")[0] for line in words] == [
        "Showing 1 to 25 of 60 commissions",
        "Showing 26 to 50 of 60 commissions",
        "Showing 51 to 60 of 60 commissions",
    ]
    back = client.get(answer.context["previous_url"])
    assert back.context["words"].startswith("Showing 26 to 50")


def test_a_place_in_the_list_that_cannot_be_is_not_found(priya, signed_in):
    client = signed_in(priya)

    assert client.get(URL, {"after": "nonsense"}).status_code == 404
    assert client.get(URL, {"from": "-3"}).status_code == 404


def test_count_and_sum_are_exact_up_to_a_limit_and_open_beyond(priya, monkeypatch):
    many(priya, 4)
    rows = workplan.commissions(priya, workplan.Filters())

    assert workplan.total_of(rows).words(1, 4) == "Showing 1 to 4 of 4 commissions, £72,000 excluding VAT"
    monkeypatch.setattr(workplan, "MOST_COUNTED", 3)
    total = workplan.total_of(rows)
    assert not total.is_exact
    assert total.words(1, 3) == "Showing 1 to 3 of 3+ commissions"


def test_query_count_is_the_same_for_3_and_60_rows(priya, council, signed_in, queries_of):
    many(priya, 3)
    client = signed_in(priya)
    client.get(URL)
    few = queries_of(lambda: client.get(URL, {"show": "100"}))
    many(priya, 57)
    lots = queries_of(lambda: client.get(URL, {"show": "100"}))

    assert len(lots) == len(few) <= 5
    with_person = queries_of(lambda: client.get(URL, {"person": priya.pk, "q": "case"}))
    assert len(with_person) <= 5


def test_fifty_rows_are_light(priya, signed_in):
    many(priya, 50)

    page = signed_in(priya).get(URL, {"show": "50"})

    assert len(page.context["rows"]) == 50
    assert len(page.content) <= 45_000


# --- what is offered --------------------------------------------------------------------------------------------------


def test_only_those_who_may_register_are_offered_it(priya, council, signed_in):
    assert "New commission" in signed_in(priya).get(URL).content.decode()
    assert "New commission" not in signed_in(people.person(Role.FINANCE, at=council)).get(URL).content.decode()


def test_nothing_yet_differs_from_nothing_found(priya, signed_in):
    client = signed_in(priya)
    assert "Register the first one" in client.get(URL).content.decode()

    commissioning.registered_commission(priya)

    assert "No commission matches these filters" in client.get(URL, {"q": "zzz"}).content.decode()


def test_an_ended_commission_is_never_shown_as_overdue(priya, signed_in):
    made = commissioning.registered_commission(priya, needed_by=clock.today() - timedelta(days=30))
    assert signed_in(priya).get(URL).context["rows"][0]["needed_tone"] == "late"

    casework_file = made.case_file
    casework_file.state = "closed"
    casework_file.save()

    assert signed_in(priya).get(URL).context["rows"][0]["needed_note"] == ""


# --- the file ---------------------------------------------------------------------------------------------------------


def exported(answer):
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_export_holds_the_filtered_list_in_plain_values(three, priya, signed_in):
    answer = signed_in(priya).get(reverse("reporting:workplan_export"), {"risk": "high"})

    rows = exported(answer)
    assert answer["Content-Disposition"].startswith('attachment; filename="commissions-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert [row["Title"] for row in rows] == ["Home care, north"]
    assert Decimal(rows[0]["Value excluding VAT"]) == Decimal(640000)
    assert rows[0]["Needed by"] == "2027-06-01"
    assert (rows[0]["Stage"], rows[0]["High risk"]) == ("Analyse", "Yes")


@pytest.mark.parametrize("typed", ["=2+5", "+1", "-1", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0"])
def test_export_neutralises_formulas(priya, signed_in, typed):
    commissioning.registered_commission(priya, title=typed)

    (row,) = exported(signed_in(priya).get(reverse("reporting:workplan_export")))

    assert row["Title"].startswith("'")
    assert row["Title"].endswith(typed)


def test_export_is_written_into_the_trail(three, priya, council, signed_in):
    b"".join(signed_in(priya).get(reverse("reporting:workplan_export"), {"risk": "high"}))

    event = AuditEvent.objects.get(verb="export")
    assert (event.actor_id, event.chain) == (priya.pk, f"organisation:{council.pk}")
    assert event.changes == {"list": "the list of commissions", "rows": "1", "risk": "high"}


def test_export_costs_the_same_for_3_and_60_rows(priya, signed_in, queries_of):
    url = reverse("reporting:workplan_export")
    many(priya, 3)
    client = signed_in(priya)
    b"".join(client.get(url))
    few = queries_of(lambda: b"".join(client.get(url)))
    many(priya, 57)

    assert len(queries_of(lambda: b"".join(client.get(url)))) == len(few)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reads(priya, signed_in, method):
    client = signed_in(priya)

    assert getattr(client, method)(URL).status_code == 405
    assert getattr(client, method)(reverse("reporting:workplan_export")).status_code == 405


@pytest.mark.parametrize("sort", ["reference", "stage", "value", "-value", "commissioner", "needed_by", "changed"])
def test_a_place_beyond_every_column_is_no_page_or_an_empty_one(priya, signed_in, sort):
    commissioning.registered_commission(priya)
    client = signed_in(priya)
    for place in (
        f"{'9' * 40}_1",
        f"1_{'9' * 40}",
        "-1e999_1",
        "NaN_1",
        "_",
        "__",
        "9999-12-31_1",
        "x" * 5000,
        "\x00_1",
    ):
        for way in ("after", "before"):
            assert client.get(URL, {"sort": sort, way: place}).status_code in (200, 404), (way, place[:40])
