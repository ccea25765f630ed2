"""Search: a reference goes to its page, words find what one may see, and nothing hints at the rest."""

from html import unescape

import pytest
from django.urls import reverse

from organisation.roles import Role
from reporting.selectors import search
from tests.factories import casework, commissioning
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db
URL = reverse("reporting:search")


@pytest.fixture
def home_care(priya):
    return commissioning.registered_commission(priya, title="Home care in the rural north", value=640000)


def found(answer):
    """What the page lists, by kind."""
    groups = answer.context["found"].groups
    return {group.name: ["".join(text for text, _ in hit.title) for hit in group.hits] for group in groups}


# --- references -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [str, str.lower, lambda text: f"  {text} ", lambda text: text.replace("-", " ")])
def test_a_reference_goes_straight_to_its_page(home_care, priya, signed_in, change):
    answer = signed_in(priya).get(URL, {"q": change(home_care.case_file.reference)})

    assert answer.status_code == 302
    assert answer["Location"] == home_care.get_absolute_url()


def test_figures_of_a_reference_may_lack_their_noughts(home_care, priya, signed_in):
    prefix, year, number = home_care.case_file.reference.split("-")

    assert signed_in(priya).get(URL, {"q": f"{prefix}-{year}-{int(number)}"}).status_code == 302


def test_part_of_a_reference_is_looked_for(home_care, priya, signed_in):
    answer = signed_in(priya).get(URL, {"q": home_care.case_file.reference[:8]})

    assert found(answer) == {"Commissions": ["Home care in the rural north"]}


def test_two_councils_with_the_same_reference_are_both_listed(home_care, priya, outsider, signed_in):
    theirs = commissioning.registered_commission(outsider, title="Benches")
    people.membership(priya, Role.AUDITOR, at=outsider.organisation)
    assert theirs.case_file.reference == home_care.case_file.reference

    answer = signed_in(priya).get(URL, {"q": theirs.case_file.reference})

    assert sorted(found(answer)["Commissions"]) == ["Benches", "Home care in the rural north"]


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["home care", "CARE home", "rural, north!", "the care of the north", "hom"])
def test_words_are_found_in_any_order_and_case(home_care, priya, signed_in, text):
    assert found(signed_in(priya).get(URL, {"q": text})) == {"Commissions": ["Home care in the rural north"]}


def test_words_found_are_marked_and_nothing_typed_is_run(priya, signed_in):
    commissioning.registered_commission(priya, title="<b>Home</b> & care")

    page = signed_in(priya).get(URL, {"q": "home"}).content.decode()

    assert "&lt;b&gt;<mark>Home</mark>&lt;/b&gt; &amp; care" in page
    assert "<b>Home" not in page


def test_results_are_grouped_by_kind_with_their_counts(home_care, priya, council, signed_in):
    commissioning.registered_commission(priya, title="Care technology")
    casework.case_file(council, kind="contract", prefix="CON", title="Care line", state="live")
    people.supplier(council, name="Ember Care Ltd")
    people.person(Role.FINANCE, at=council, name="Carey Lund")

    answer = signed_in(priya).get(URL, {"q": "care"})

    groups = {group.name: group.count_words for group in answer.context["found"].groups}
    assert groups == {"Commissions": "2", "Contracts": "1", "Suppliers": "1", "People": "1"}
    assert "5 things found for “care”" in answer.content.decode()


def test_more_than_are_shown_lead_to_the_list(priya, signed_in):
    for number in range(12):
        commissioning.registered_commission(priya, title=f"Widget{number} service{number}")

    answer = signed_in(priya).get(URL, {"q": "widget"})

    (group,) = answer.context["found"].groups
    assert (group.count, len(group.hits)) == (12, 10)
    assert f'href="{reverse("reporting:workplan")}?q=widget"' in answer.content.decode()


def test_counts_never_go_beyond_a_thousand(priya, monkeypatch):
    for number in range(4):
        commissioning.registered_commission(priya, title=f"Widget{number} service{number}")
    monkeypatch.setattr(search, "MOST_COUNTED", 3)

    (group,) = search.find(priya, "widget").groups

    assert (group.count, group.count_words) == (4, "3+")
    assert search.find(priya, "widget").words == "3+ things found"


def test_a_person_leads_to_their_commissions(home_care, priya, signed_in):
    answer = signed_in(priya).get(URL, {"q": "priya"})

    (group,) = answer.context["found"].groups
    assert group.hits[0].url == f"{reverse('reporting:workplan')}?person={priya.pk}"


# --- suppliers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Harle & Wick",
        "harle and wick limited",
        "HARLE WICK LTD",
        "wick harle",
        "Harle & Wick Tree Care Ltd",
        "99000104",
    ],
)
def test_suppliers_are_found_however_their_name_is_written(priya, council, signed_in, text):
    people.supplier(council, name="Harle & Wick Tree Care Ltd", company_number="99000104")

    assert found(signed_in(priya).get(URL, {"q": text})) == {"Suppliers": ["Harle & Wick Tree Care Ltd"]}


@pytest.mark.parametrize("text", ["Kestral Safe Lifting", "kestrl safe liftng", "Kesterl"])
def test_a_slip_in_a_suppliers_name_still_finds_it_and_says_so(priya, council, signed_in, text):
    people.supplier(council, name="Kestrel Safe Lifting Ltd")
    people.supplier(council, name="Northfell Arboriculture LLP")

    answer = signed_in(priya).get(URL, {"q": text})

    assert found(answer) == {"Suppliers": ["Kestrel Safe Lifting Ltd"]}
    assert "These are spelled much like it" in answer.content.decode()


def test_the_legal_form_alone_finds_nobody(priya, council, signed_in):
    people.supplier(council, name="Kestrel Safe Lifting Ltd")

    assert found(signed_in(priya).get(URL, {"q": "ltd"})) == {}


# --- scope ------------------------------------------------------------------------------------------------------------


def test_what_one_may_not_see_looks_like_what_is_not_there(home_care, priya, council, outsider, signed_in):
    people.supplier(council, name="Zephyr Works")
    client = signed_in(outsider)

    def page(text):
        body = client.get(URL, {"q": text}).content.decode()
        return body.replace(text, "WORDS").partition("<main")[2].partition("</main>")[0]

    nothing = page("Qqqq99")
    assert "Nothing found" in nothing
    assert page("rural") == nothing
    assert page("Zephyr") == nothing
    assert page("Priya") == nothing
    # The outsider's council has given no such reference.
    assert page(home_care.case_file.reference) == page("COM-2026-9999") == nothing


def test_a_wall_hides_a_case_from_words_and_from_its_reference(home_care, council, signed_in):
    colleague = people.person(Role.FINANCE, at=council)
    casework.wall(home_care.case_file, colleague)
    client = signed_in(colleague)

    assert found(client.get(URL, {"q": "rural"})) == {}
    assert client.get(URL, {"q": home_care.case_file.reference}).status_code == 200


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "a", "'", "!!"])
def test_too_little_to_look_for_asks_for_more(priya, signed_in, queries_of, text):
    client = signed_in(priya)

    answer = client.get(URL, {"q": text})

    assert answer.context["found"] is None
    assert len(queries_of(lambda: client.get(URL, {"q": text}))) == 0


@pytest.mark.parametrize("text", ["care\x00home", "x" * 5000, "%_%", "‮evil", "care " * 200, "'; DROP TABLE"])
def test_odd_input_breaks_nothing(home_care, priya, signed_in, text):
    assert signed_in(priya).get(URL, {"q": text}).status_code == 200


def test_nothing_found_repeats_the_words_and_leads_on(priya, signed_in):
    page = unescape(signed_in(priya).get(URL, {"q": "<i>zebra</i>"}).content.decode())

    assert "Nothing found for “<i>zebra</i>”" in page
    assert f'href="{reverse("reporting:workplan")}"' in page


def test_query_count_is_the_same_for_3_and_60_rows(priya, council, signed_in, queries_of):
    def fill(count):
        for _ in range(count):
            case = casework.case_file(council)
            case.title = f"Widget {case.pk}"
            case.save()
            people.supplier(council, name=f"Widget supplier {case.pk}")

    fill(3)
    client = signed_in(priya)
    few = queries_of(lambda: client.get(URL, {"q": "widget"}))
    fill(57)
    many = queries_of(lambda: client.get(URL, {"q": "widget"}))

    assert len(few) == len(many) <= 5


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reads(priya, signed_in, method):
    assert getattr(signed_in(priya), method)(URL).status_code == 405


def test_the_box_in_the_header_asks_this_page(priya, signed_in):
    page = signed_in(priya).get(reverse("reporting:workplan")).content.decode()

    assert f'action="{URL}"' in page
