"""The pages of queues and of the items in them, through the HTTP client."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework import door
from casework.models import Act, AuditEvent, Look, OutboxMessage, WorkItem, WorkItemEvent
from casework.selectors import queues as queue_selectors
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from organisation.working_days import holidays_of
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db

Queries = Callable[[Callable[[], Any]], list[str]]


@pytest.fixture
def known_holidays(db: None) -> None:
    people.calendars()
    holidays_of("england")


@pytest.fixture
def item(alder: SimpleNamespace) -> WorkItem:
    return make.item(make.case_file(holder=alder.priya, title="Home care in the north"), by=alder.priya)


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(response: Any) -> str:
    """What a person reads: the page without its tags."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def references(response: Any) -> list[str]:
    return [row.reference for row in response.context["rows"]]


def verb(item: WorkItem, name: str, query: str = "") -> str:
    return reverse("casework:workitem_verb", args=[item.pk, name]) + query


def links_of(response: Any, words: str) -> list[str]:
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', response.content.decode())
    return [unescape(url) for url, label in found if label.strip() == words]


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_queues_page_lists_the_queues_a_person_works(alder: SimpleNamespace, item: WorkItem) -> None:
    page = as_(alder.hal).get("/requests/")

    assert page.status_code == 200
    assert [card["queue"].key for card in page.context["cards"]] == ["legal"]
    assert [(label, count) for label, count, _, _ in page.context["cards"][0]["views"]] == [
        ("Unassigned", "1"),
        ("Mine", "0"),
        ("Waiting for requester", "0"),
        ("Overdue", "0"),
        ("All open", "1"),
    ]


def test_queues_page_is_friendly_to_those_who_work_none(alder: SimpleNamespace) -> None:
    page = as_(alder.priya).get("/requests/")

    assert page.status_code == 200
    assert "You work no queue" in text_of(page)
    assert 'href="/queues/' not in page.content.decode()


def test_queue_is_for_those_who_work_it_and_says_who_they_are(alder: SimpleNamespace) -> None:
    page = as_(alder.priya).get("/queues/legal/")

    assert page.status_code == 403
    assert (
        "You cannot open the Legal queue: it is for the people who work it. "
        "Ask Hal Whitby, Legal or Nina Rao, Legal." in text_of(page)
    )


@pytest.mark.parametrize("path", ["/queues/catering/", "/queues/catering/export/"])
def test_queue_that_does_not_exist(alder: SimpleNamespace, path: str) -> None:
    assert as_(alder.hal).get(path).status_code == 404


def test_somebody_of_no_organisation_finds_no_queue(alder: SimpleNamespace) -> None:
    stranger = people.person()

    assert as_(stranger).get("/queues/legal/").status_code == 404
    assert as_(stranger).get("/requests/").status_code == 200


def test_another_councils_lawyer_sees_their_own_queue_and_nothing_of_ours(
    alder: SimpleNamespace, item: WorkItem
) -> None:
    """Both councils follow one framework, so both have the same queue row."""
    theirs = make.item(make.case_file(alder.other), queue=alder.legal)
    client = as_(alder.olga)

    page = client.get("/queues/legal/")

    assert references(page) == [theirs.case_file.reference]
    assert "Home care" not in text_of(page)
    assert client.get(f"/queues/legal/?directorate={item.case_file.service_area.directorate_id}").context["rows"] == []


OUTSIDE = ["item", "history", "assign", "ask", "respond", "more_time", "close", "reply", "nonsense"]


@pytest.mark.parametrize("where", OUTSIDE)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["olga", "walled"])
def test_outside_their_scope_everything_is_404(
    alder: SimpleNamespace, item: WorkItem, where: str, method: str, who: str
) -> None:
    person = alder.olga
    if who == "walled":
        person = alder.nina
        make.wall(item.case_file, alder.nina)
    url = {
        "item": f"/work/{item.pk}/",
        "history": f"/history/{item.case_file_id}/",
    }.get(where) or verb(item, where)

    answer = getattr(as_(person), method)(url, {"answer": "agreed"} if method == "post" else {})

    assert answer.status_code == (405 if (method, where) == ("post", "history") else 404)
    item.refresh_from_db()
    assert item.state == "open"


def test_walled_item_is_in_no_list_count_or_file(alder: SimpleNamespace, item: WorkItem) -> None:
    other = make.item(make.case_file(holder=alder.priya), by=alder.priya)
    make.wall(item.case_file, alder.hal)
    client = as_(alder.hal)

    page = client.get("/queues/legal/")

    assert references(page) == [other.case_file.reference]
    assert [count for _, count, *_ in page.context["views"]][:5] == ["1", "0", "0", "0", "1"]
    file = b"".join(client.get("/queues/legal/export/").streaming_content).decode()
    assert item.case_file.reference not in file
    assert other.case_file.reference in file
    neighbour = client.get(f"/work/{other.pk}/?queue=legal")
    assert (neighbour.context["previous_url"], neighbour.context["next_url"]) == ("", "")


def test_auditor_reads_the_queue_and_changes_nothing(alder: SimpleNamespace, item: WorkItem) -> None:
    auditor = people.person(Role.AUDITOR, at=alder.council)
    client = as_(auditor)

    page = client.get("/queues/legal/")
    assert references(page) == [item.case_file.reference]
    assert page.context["form"] is None
    assert 'type="checkbox"' not in page.content.decode()
    assert client.post("/queues/legal/", {"item": [item.pk], "me": "1"}).status_code == 403
    read = client.get(f"/work/{item.pk}/?queue=legal")
    assert (read.context["form"], read.context["actions"], read.context["take_url"]) == (None, [], "")
    assert not Look.objects.exists()


# --- Views, filters, pages --------------------------------------------------------------------------------------------


@pytest.fixture
def busy(alder: SimpleNamespace) -> dict[str, WorkItem]:
    """One item in each state, with different clocks."""
    now = clock.today()
    found = {}
    for name in ("late", "open", "mine", "nina's", "waiting", "answered", "closed"):
        days = 1 if name == "late" else 20
        case = make.case_file(holder=alder.priya, title=f"The {name} one")
        found[name] = make.item(case, by=alder.priya, allowance=days)
    clock.move_to(now + timedelta(days=3))
    door.carry_out(found["mine"], "assign", by=alder.hal, assignee=alder.hal)
    door.carry_out(found["nina's"], "assign", by=alder.hal, assignee=alder.nina)
    door.carry_out(found["waiting"], "ask", by=alder.nina, text="Why?")
    door.carry_out(found["answered"], "respond", by=alder.nina, answer="agreed")
    door.carry_out(found["closed"], "close", by=alder.priya, note="Gone")
    return found


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("unassigned", ["late", "open"]),
        ("mine", ["mine"]),
        ("waiting", ["waiting"]),
        ("overdue", ["late"]),
        ("all", ["late", "open", "mine", "nina's", "waiting"]),
        ("", ["late", "open", "mine", "nina's", "waiting"]),
        ("nonsense", ["late", "open", "mine", "nina's", "waiting"]),
        ("settled", ["closed", "answered"]),
    ],
)
def test_each_view_shows_what_it_counts(
    alder: SimpleNamespace, busy: dict[str, WorkItem], view: str, expected: list[str]
) -> None:
    page = as_(alder.hal).get(f"/queues/legal/?view={view}")

    assert references(page) == [busy[name].case_file.reference for name in expected]
    counts = {label: count for label, count, *_ in page.context["views"]}
    assert counts == {
        "Unassigned": "2",
        "Mine": "1",
        "Waiting for requester": "1",
        "Overdue": "1",
        "All open": "5",
        "Settled": "2",
    }
    (current,) = [label for label, _, _, is_current, _ in page.context["views"] if is_current]
    assert counts[current] == str(len(expected))


def test_row_says_clock_reason_and_holder_in_words(alder: SimpleNamespace, busy: dict[str, WorkItem]) -> None:
    page = as_(alder.hal).get("/queues/legal/")
    rows = {row.reference: row for row in page.context["rows"]}

    late, waiting, mine = (rows[busy[name].case_file.reference] for name in ("late", "waiting", "mine"))
    assert (late.clock.words, late.clock.tone) == ("2 calendar days overdue", "overdue")
    assert (waiting.clock.words, waiting.clock.tone, waiting.clock.spoken) == (
        "Paused since",
        "paused",
        "17 calendar days left when it was paused",
    )
    assert (mine.clock.words, mine.assignee) == ("17 of 20 calendar days left", "Hal Whitby")
    assert (late.because, late.requester, late.value) == ("A test asked", "Priya Shah", "£18,000")
    assert "2 calendar days overdue" in text_of(page)


@pytest.fixture
def mixed(alder: SimpleNamespace) -> dict[str, WorkItem]:
    """Items that differ in all that can be filtered by."""
    adults, roads = people.service_area(alder.council), people.service_area(alder.council)
    mine = {"holder": alder.priya}
    cases = {
        "small": make.case_file(
            title="Meeting-room screens", value_ex_vat=Decimal("24999.99"), service_area=adults, **mine
        ),
        "edge": make.case_file(title="Minibus leasing", value_ex_vat=Decimal("25000"), service_area=roads, **mine),
        "large": make.case_file(
            title="Home care", value_ex_vat=Decimal("640000"), service_area=adults, is_high_risk=True, **mine
        ),
        "blank": make.case_file(title="Grounds", value_ex_vat=None, value_inc_vat=None, service_area=roads, **mine),
    }
    return {
        name: make.item(
            case,
            by=alder.priya,
            kind="tender_involvement" if name == "large" else "legal_query",
            is_late_ask=name == "edge",
        )
        for name, case in cases.items()
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=minibus", ["edge"]),
        ("q=MEETING-ROOM", ["small"]),
        ("q=%00minibus%00", ["edge"]),
        ("q=Priya", ["small", "edge", "large", "blank"]),
        ("q=100%25", []),
        ("flag=high_risk", ["large"]),
        ("flag=late_ask", ["edge"]),
        ("flag=nonsense", ["small", "edge", "large", "blank"]),
        ("kind=tender_involvement", ["large"]),
        ("kind=nonsense", []),
        ("value=service_buys", ["small"]),
        ("value=quotation", ["edge"]),
        ("value=sourcing_legal", ["large"]),
        ("value=nonsense", ["small", "edge", "large", "blank"]),
        ("directorate=999999999", []),
        ("directorate=99999999999999999999999", ["small", "edge", "large", "blank"]),
        ("directorate=nonsense", ["small", "edge", "large", "blank"]),
        ("flag=high_risk&q=minibus", []),
    ],
)
def test_filters_in_the_address(
    alder: SimpleNamespace, mixed: dict[str, WorkItem], query: str, expected: list[str]
) -> None:
    page = as_(alder.hal).get(f"/queues/legal/?{query}")

    assert page.status_code == 200
    assert references(page) == [mixed[name].case_file.reference for name in expected]
    counts = {label: count for label, count, *_ in page.context["views"]}
    assert counts["All open"] == str(len(expected)), "a count opens the rows behind it"


def test_filter_by_directorate(alder: SimpleNamespace, mixed: dict[str, WorkItem]) -> None:
    directorate = mixed["edge"].case_file.service_area.directorate_id  # type: ignore[union-attr]

    page = as_(alder.hal).get(f"/queues/legal/?directorate={directorate}")

    assert references(page) == [mixed[name].case_file.reference for name in ("edge", "blank")]


def test_views_and_rows_keep_the_filter(alder: SimpleNamespace, mixed: dict[str, WorkItem]) -> None:
    page = as_(alder.hal).get("/queues/legal/?view=unassigned&flag=high_risk&q=home")

    views = {label: url for label, _, url, _, _ in page.context["views"]}
    assert views["Mine"] == "/queues/legal/?view=mine&q=home&flag=high_risk"
    (row,) = page.context["rows"]
    assert row.url == f"/work/{mixed['large'].pk}/?view=unassigned&q=home&flag=high_risk&queue=legal"
    assert page.context["export_url"] == "/queues/legal/export/?view=unassigned&q=home&flag=high_risk"


def test_nothing_fits_differs_from_nothing_waits_and_all_done(alder: SimpleNamespace) -> None:
    client = as_(alder.hal)
    assert "No requests waiting" in text_of(client.get("/queues/legal/"))
    assert "No request fits these filters" in text_of(client.get("/queues/legal/?q=zzz"))
    assert "All done" in text_of(client.get("/queues/legal/?view=mine"))
    assert "Nothing settled yet" in text_of(client.get("/queues/legal/?view=settled"))


def many(alder: SimpleNamespace, number: int, **fields: Any) -> list[WorkItem]:
    """Make many items quickly: one through its service, the rest as its copies."""
    case = make.case_file(holder=alder.priya)
    first = make.item(case, by=alder.priya, **fields)
    rows = []
    for n in range(number - 1):
        row = WorkItem.objects.get(pk=first.pk)
        row.pk, row.key = None, f"copy:{n}"
        row._state.adding = True
        # Three to a day, some without a date: the order has equals and blanks.
        row.due_on = None if n % 7 == 0 else clock.today() + timedelta(days=n // 3)
        rows.append(row)
    WorkItem.objects.bulk_create(rows)
    return [first, *rows]


def test_pages_walk_through_the_list_and_back_without_loss(alder: SimpleNamespace) -> None:
    items = many(alder, 130)
    client = as_(alder.hal)
    url, seen, pages = "/queues/legal/", [], []
    while url:
        page = client.get(url)
        pages.append([row.pk for row in page.context["rows"]])
        seen += pages[-1]
        words, back = page.context["words"], page.context["previous_url"]
        url = page.context["next_url"]

    assert [len(page) for page in pages] == [50, 50, 30]
    assert sorted(seen) == sorted(item.pk for item in items)
    assert words.startswith("Showing 101 to 130 of 130 items")
    found = WorkItem.objects.in_bulk(seen)
    dues = [found[pk].due_on for pk in seen]
    running = [due for due in dues if due is not None]
    assert running == sorted(running)
    assert dues[: len(running)] == running, "items without a date come last"
    back_once = client.get(back)
    assert [row.pk for row in back_once.context["rows"]] == pages[1]
    back_twice = client.get(back_once.context["previous_url"])
    assert [row.pk for row in back_twice.context["rows"]] == pages[0]
    assert back_twice.context["previous_url"] == ""
    assert back_twice.context["words"].startswith("Showing 1 to 50 of 130 items")


@pytest.mark.parametrize(
    "query",
    [
        "after=nonsense",
        "after=2026-13-45_1",
        "after=_99999999999999999999999",
        "after=2026-01-01_-1",
        "after=2026-01-01_1&before=2026-01-01_1",
        "after=2026-01-01_1&from=x",
        "after=%00_1",
        "before=2026-01-01",
        "after=2026-01-01_١",
    ],
)
def test_place_that_no_list_has_is_404(alder: SimpleNamespace, item: WorkItem, query: str) -> None:
    assert as_(alder.hal).get(f"/queues/legal/?{query}").status_code == 404
    assert as_(alder.hal).get(f"/queues/legal/?view=settled&{query}").status_code == 404


def test_counts_stop_at_a_thousand(alder: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_selectors, "MOST_COUNTED", 5)
    many(alder, 7)

    page = as_(alder.hal).get("/queues/legal/")

    counts = {label: count for label, count, *_ in page.context["views"]}
    assert (counts["All open"], counts["Mine"]) == ("5+", "0")
    assert page.context["words"].startswith("Showing 1 to 7 of 5+ items")


# --- Statements -------------------------------------------------------------------------------------------------------


def test_queue_asks_the_same_few_statements_however_many_rows(
    alder: SimpleNamespace, known_holidays: None, queries_of: Queries
) -> None:
    client = as_(alder.hal)
    many(alder, 3)
    client.get("/queues/legal/")  # a process reads a version of the rules once
    few = queries_of(lambda: client.get("/queues/legal/"))
    many(alder, 57)
    lots = queries_of(lambda: client.get("/queues/legal/"))

    assert len(few) == len(lots), (few, lots)
    assert len(lots) <= 5, repr(lots)


def test_settled_view_asks_no_more(alder: SimpleNamespace, known_holidays: None, queries_of: Queries) -> None:
    client = as_(alder.hal)
    for row in many(alder, 3):
        door.carry_out(row, "respond", by=alder.hal, answer="agreed")
    client.get("/queues/legal/")

    assert len(queries_of(lambda: client.get("/queues/legal/?view=settled&q=case&value=quotation"))) <= 6


@pytest.mark.parametrize("who", ["hal", "priya"])
def test_item_page_asks_the_same_few_statements_however_long_its_thread(
    alder: SimpleNamespace, item: WorkItem, known_holidays: None, queries_of: Queries, who: str
) -> None:
    client = as_(getattr(alder, who))
    url = f"/work/{item.pk}/?queue=legal&view=unassigned"
    client.get(url)
    few = queries_of(lambda: client.get(url))
    for n in range(30):
        WorkItemEvent.objects.create(item=item, kind="asked", at=clock.now(), by=alder.hal, to=alder.nina, text=str(n))
    many(alder, 30)
    lots = queries_of(lambda: client.get(url))

    assert len(few) == len(lots), (few, lots)
    assert len(lots) <= 8, repr(lots)


def test_page_of_fifty_rows_is_light(alder: SimpleNamespace) -> None:
    many(alder, 60)

    page = as_(alder.hal).get("/queues/legal/")

    assert len(page.context["rows"]) == 50
    assert len(page.content) < 75_000


# --- Giving several to somebody ---------------------------------------------------------------------------------------


def bulk(client: Client, items: list[Any], **more: Any) -> Any:
    return client.post("/queues/legal/?view=unassigned", {"item": items, "act_id": str(uuid.uuid4())} | more)


def test_bulk_assignment(alder: SimpleNamespace, busy: dict[str, WorkItem]) -> None:
    client = as_(alder.hal)
    chosen = [busy["late"].pk, busy["open"].pk]

    done = bulk(client, chosen, assignee=alder.nina.pk)

    assert (done.status_code, done["Location"]) == (302, "/queues/legal/?view=unassigned")
    assert set(WorkItem.objects.filter(pk__in=chosen).values_list("assignee", flat=True)) == {alder.nina.pk}
    assert "2 requests assigned to Nina Rao." in text_of(client.get(done["Location"]))


def test_assign_to_me_needs_no_choice(alder: SimpleNamespace, item: WorkItem) -> None:
    client = as_(alder.hal)

    done = bulk(client, [item.pk], me="1", assignee="")

    assert done.status_code == 302
    item.refresh_from_db()
    assert item.assignee == alder.hal
    assert "1 request assigned to you." in text_of(client.get("/queues/legal/"))


def test_nothing_chosen_says_so(alder: SimpleNamespace, item: WorkItem) -> None:
    page = bulk(as_(alder.hal), [], me="1")

    assert page.status_code == 400
    assert page.content.decode().count("Select at least one request") == 1
    assert '<a href="#id_item">Select at least one request</a>' in page.content.decode()
    assert 'id="id_item"' in page.content.decode()
    assert "<title>Error: " in page.content.decode()


def test_no_colleague_says_so_and_keeps_what_was_ticked(alder: SimpleNamespace, item: WorkItem) -> None:
    page = bulk(as_(alder.hal), [item.pk], assignee="")

    assert page.status_code == 400
    assert "Choose a colleague to assign to" in text_of(page)
    assert re.search(rf'name="item" value="{item.pk}"[^>]* checked', page.content.decode())


@pytest.mark.parametrize("who", ["priya", "lewis", "olga", "nobody", "nonsense"])
def test_bulk_assignment_to_somebody_outside_the_queue(alder: SimpleNamespace, item: WorkItem, who: str) -> None:
    chosen = {"nobody": "999999", "nonsense": "x'--"}.get(who) or getattr(alder, who).pk

    page = bulk(as_(alder.hal), [item.pk], assignee=chosen)

    assert page.status_code == 400
    assert "Choose a colleague from the list" in text_of(page)
    item.refresh_from_db()
    assert item.assignee is None


def test_bulk_assignment_of_items_outside_the_queue_takes_none_of_them(alder: SimpleNamespace, item: WorkItem) -> None:
    theirs = make.item(make.case_file(alder.other), queue=alder.legal)
    other_queue = make.item(item.case_file, queue_key="ccps")
    walled = make.item(make.case_file(holder=alder.priya), by=alder.priya)
    make.wall(walled.case_file, alder.hal)

    for stranger in (theirs, other_queue, walled):
        page = bulk(as_(alder.hal), [item.pk, stranger.pk], me="1")
        assert page.status_code == 400
        assert "A request you selected is no longer in this list" in text_of(page)

    assert not WorkItem.objects.filter(assignee__isnull=False).exists()


def test_bulk_assignment_sent_twice_gives_once(alder: SimpleNamespace, item: WorkItem) -> None:
    client, act_id = as_(alder.hal), str(uuid.uuid4())

    for _ in range(2):
        assert bulk(client, [item.pk], me="1", act_id=act_id).status_code == 302

    item.refresh_from_db()
    assert item.assignee == alder.hal
    assert WorkItemEvent.objects.filter(item=item, kind="assigned").count() == 1


def test_bulk_assignment_says_which_was_settled_meanwhile(alder: SimpleNamespace, busy: dict[str, WorkItem]) -> None:
    client = as_(alder.hal)

    done = bulk(client, [busy["open"].pk, busy["answered"].pk], me="1")

    words = text_of(client.get(done["Location"]))
    assert "1 request assigned to you." in words
    assert f"{busy['answered'].case_file.reference}: Already answered: Nina Rao did this on" in words


# --- One item ---------------------------------------------------------------------------------------------------------


def test_item_page_says_what_why_and_by_when(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya, title="Home care in the north", is_high_risk=True)
    item = make.item(
        case,
        by=alder.priya,
        title="Advise on the tender",
        because="£640,000 is over £500,000",
        rule_key="tender_involvement",
        rule_name="Legal joins the tender",
        rules_number=1,
        question="Are the TUPE terms right?",
    )

    page = as_(alder.hal).get(f"/work/{item.pk}/")
    words = text_of(page)

    assert "Advise on the tender" in words
    assert "£640,000 is over £500,000" in words
    assert "Rule: Legal joins the tender , version 1" in words
    assert "Are the TUPE terms right?" in words
    assert f"{case.reference}" in words
    assert "High risk" in words
    assert "14 of 14 calendar days left" in words
    assert page.content.decode().count("<h1") == 1
    assert f"<title>Advise on the tender – {case.reference} – Gatehouse</title>" in page.content.decode()
    (rules_url,) = links_of(page, "Legal joins the tender")
    assert as_(alder.hal).get(rules_url.partition("#")[0]).status_code == 200


@pytest.mark.parametrize(
    ("asks", "words", "button"),
    [
        ("advise", ["agreed", "agreed_with_conditions", "cannot_agree", "not_needed"], "Send Legal’s answer"),
        ("acknowledge", ["acknowledged"], "Acknowledge"),
        ("be_informed", ["acknowledged"], "Acknowledge"),
        ("do", ["done"], "Mark as done"),
    ],
)
def test_answer_form_fits_what_is_asked(alder: SimpleNamespace, asks: str, words: list[str], button: str) -> None:
    item = make.item(make.case_file(holder=alder.priya), by=alder.priya, asks=asks)
    client = as_(alder.hal)

    page = client.get(f"/work/{item.pk}/")

    form = page.context["form"]
    assert [value for value, _ in form.fields["answer"].choices] == words
    assert form.submit_label == button
    sent = {"act_id": str(form["act_id"].value()), "answer": words[0], "text": ""}
    assert client.post(form.helper.form_action, sent).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.answer) == ("answered", words[0])


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Select your answer"),
        ({"answer": "nonsense"}, "Select your answer from the list"),
        ({"answer": "acknowledged"}, "Select your answer from the list"),
        ({"answer": "cannot_agree", "text": "  "}, "Enter the reason why you cannot agree yet"),
        ({"answer": "agreed_with_conditions"}, "Enter the conditions"),
        ({"answer": "agreed", "text": "x" * 8001}, "What you want to say must be 8000 characters or fewer"),
    ],
)
def test_wrong_answer_is_told_by_the_field_and_nothing_typed_is_lost(
    alder: SimpleNamespace, item: WorkItem, sent: dict[str, str], message: str
) -> None:
    page = as_(alder.hal).post(verb(item, "respond"), sent)

    assert page.status_code == 200
    assert message in text_of(page)
    if sent.get("text", "").strip():
        assert sent["text"] in page.content.decode()
    item.refresh_from_db()
    assert item.state == "open"


def test_null_bytes_and_awkward_text_come_through(alder: SimpleNamespace, item: WorkItem) -> None:
    awkward = "Tom & “Jo” <script>alert(1)</script> 🌳 \u202eabc\u202c"
    client = as_(alder.hal)

    client.post(verb(item, "respond"), {"answer": "agreed", "text": f"\x00{awkward}"})

    item.refresh_from_db()
    assert item.answer_text == awkward
    page = client.get(f"/work/{item.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_replayed_answer_does_nothing_more(alder: SimpleNamespace, item: WorkItem) -> None:
    client = as_(alder.hal)
    sent = {"act_id": str(uuid.uuid4()), "answer": "agreed", "text": "Fine."}
    first = client.post(verb(item, "respond"), sent)
    events, mail, acts = AuditEvent.objects.count(), OutboxMessage.objects.count(), Act.objects.count()

    again = client.post(verb(item, "respond"), sent)

    assert (first.status_code, again.status_code) == (302, 302)
    assert again["Location"] == first["Location"]
    assert (AuditEvent.objects.count(), OutboxMessage.objects.count(), Act.objects.count()) == (events, mail, acts)


@pytest.mark.parametrize("name", ["delete", "save", "_settle", "state", "respond-x", "2"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_verb_that_is_not_declared_is_404(alder: SimpleNamespace, item: WorkItem, name: str, method: str) -> None:
    assert getattr(as_(alder.hal), method)(verb(item, name)).status_code == 404


@pytest.mark.parametrize(
    ("who", "name", "words"),
    [
        ("priya", "respond", "You cannot answer this item. Ask Hal Whitby, Legal or Nina Rao, Legal."),
        ("lewis", "assign", "You cannot assign this item. Ask Hal Whitby, Legal or Nina Rao, Legal."),
        ("lewis", "close", "You cannot withdraw this item. Ask Priya Shah, Commissioning."),
        ("hal", "reply", "You cannot reply for the requester. Ask Priya Shah, Commissioning."),
    ],
)
def test_forged_post_of_a_verb_not_offered_is_refused_and_written_down(
    alder: SimpleNamespace, item: WorkItem, who: str, name: str, words: str
) -> None:
    client = as_(getattr(alder, who))
    assert client.get(verb(item, name)).status_code == 403

    page = client.post(verb(item, name), {"answer": "agreed", "text": "x", "assignee": alder.hal.pk, "note": "x"})

    assert page.status_code == 403
    assert words in text_of(page)
    item.refresh_from_db()
    assert item.state == "open"
    event = AuditEvent.objects.order_by("-id")[0]
    assert (event.is_refusal, event.verb, event.actor_id) == (True, f"workitem.{name}", getattr(alder, who).pk)


def test_verb_that_does_not_start_here_says_so(alder: SimpleNamespace, item: WorkItem) -> None:
    """Priya may reply, but nobody has asked her anything."""
    page = as_(alder.priya).post(verb(item, "reply"), {"text": "Hello"})

    assert page.status_code == 302
    item.refresh_from_db()
    assert item.state == "open"


def test_second_person_is_told_who_was_first_and_keeps_their_text(alder: SimpleNamespace, item: WorkItem) -> None:
    as_(alder.hal).post(verb(item, "respond"), {"answer": "agreed", "text": "Fine."})
    typed = "No: the budget of the north was spent in May."

    page = as_(alder.nina).post(verb(item, "respond"), {"answer": "cannot_agree", "text": typed})

    assert page.status_code == 409
    assert "Already answered: Hal Whitby did this on" in text_of(page)
    assert typed in text_of(page)
    item.refresh_from_db()
    assert item.answer == "agreed"


def test_page_of_a_verb_that_is_past_says_so(alder: SimpleNamespace, item: WorkItem) -> None:
    door.carry_out(item, "respond", by=alder.hal, answer="agreed")

    page = as_(alder.nina).get(verb(item, "respond"))

    assert page.status_code == 200
    assert "Already answered: Hal Whitby did this on" in text_of(page)
    assert "<form" not in page.content.decode().split("<main", 1)[1].split("</main>")[0]


def test_get_changes_nothing_but_who_has_it_open(alder: SimpleNamespace, item: WorkItem) -> None:
    before = WorkItem.objects.filter(pk=item.pk).values().get()
    client = as_(alder.hal)
    for url in ("/queues/legal/", f"/work/{item.pk}/", verb(item, "respond"), verb(item, "ask"), verb(item, "assign")):
        assert client.get(url).status_code == 200
    assert WorkItem.objects.filter(pk=item.pk).values().get() == before
    assert not AuditEvent.objects.filter(actor_id=alder.hal.pk).exists()

    row = as_(alder.nina).get("/queues/legal/").context["rows"][0]
    assert row.opened_by == "Hal Whitby opened this just now"
    assert client.get("/queues/legal/").context["rows"][0].opened_by == "", "one's own look is no news"


def test_look_of_whoever_cannot_answer_is_not_told(alder: SimpleNamespace, item: WorkItem) -> None:
    as_(alder.priya).get(f"/work/{item.pk}/")

    assert as_(alder.nina).get("/queues/legal/").context["rows"][0].opened_by == ""


# --- Next, previous, look back ----------------------------------------------------------------------------------------


def test_next_and_previous_keep_the_filter(alder: SimpleNamespace) -> None:
    cases = [make.case_file(holder=alder.priya, title=title) for title in ("Care A", "Roads", "Care B", "Care C")]
    first, roads, second, third = (make.item(case, by=alder.priya, allowance=10 + n) for n, case in enumerate(cases))
    query = "?q=care&queue=legal"

    page = as_(alder.hal).get(f"/work/{second.pk}/{query}")

    assert page.context["previous_url"] == f"/work/{first.pk}/{query}"
    assert page.context["next_url"] == f"/work/{third.pk}/{query}"
    assert page.context["list_url"] == "/queues/legal/?q=care"
    assert as_(alder.hal).get(f"/work/{third.pk}/{query}").context["next_url"] == ""
    assert as_(alder.hal).get(f"/work/{roads.pk}/?queue=legal").context["next_url"] == f"/work/{second.pk}/?queue=legal"


def test_after_an_act_the_next_one_opens_with_a_way_to_look_back(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    first, second = (make.item(case, by=alder.priya, allowance=10 + n) for n in range(2))
    client = as_(alder.hal)
    query = "?view=unassigned&queue=legal"

    done = client.post(verb(first, "respond", query), {"answer": "agreed", "text": ""})

    assert done["Location"] == f"/work/{second.pk}/{query}"
    page = client.get(done["Location"])
    assert f"{first.title}: agreed. Priya Shah can see it." in text_of(page)
    assert links_of(page, f"Look back at {case.reference}") == [f"/work/{first.pk}/{query}"]
    last = client.post(verb(second, "respond", query), {"answer": "agreed", "text": ""})
    assert last["Location"] == "/queues/legal/?view=unassigned"


def test_list_of_another_queue_in_the_address_is_not_taken_up(alder: SimpleNamespace, item: WorkItem) -> None:
    for query in ("?queue=ccps", "?queue=nonsense", "?queue="):
        page = as_(alder.hal).get(f"/work/{item.pk}/{query}")
        assert (page.status_code, page.context["next_url"], page.context["list_url"]) == (200, "", "")
    # Somebody who does not work the queue gets no list, whatever the address says.
    page = as_(alder.priya).get(f"/work/{item.pk}/?queue=legal")
    assert (page.context["next_url"], page.context["list_url"]) == ("", "")


# --- Questions, time, privilege ---------------------------------------------------------------------------------------


def test_question_and_reply_through_the_pages(alder: SimpleNamespace, item: WorkItem) -> None:
    hal, priya = as_(alder.hal), as_(alder.priya)
    asking = hal.get(verb(item, "ask"))
    assert "Priya Shah is told by email. The clock stands still until the reply." in text_of(asking)
    assert "Enter your question" in text_of(hal.post(verb(item, "ask"), {"text": " "}))

    hal.post(verb(item, "ask"), {"text": "Which site is it?"})

    waiting = priya.get(f"/work/{item.pk}/")
    assert "Hal Whitby, Legal asks: Which site is it?" in text_of(waiting)
    assert waiting.context["form"].submit_label == "Reply"
    done = priya.post(waiting.context["form"].helper.form_action, {"text": "The north one."})
    assert "Reply sent. Hal Whitby goes on from here." in text_of(priya.get(done["Location"]))
    page = text_of(hal.get(f"/work/{item.pk}/"))
    assert "Priya Shah replied. The north one." in page


def test_requester_reads_whose_turn_it_is(alder: SimpleNamespace, item: WorkItem) -> None:
    client = as_(alder.priya)
    assert "This is in the Legal queue and nobody has taken it yet" in text_of(client.get(f"/work/{item.pk}/"))
    door.carry_out(item, "assign", by=alder.hal, assignee=alder.nina)
    assert "This is with Nina Rao, Legal" in text_of(client.get(f"/work/{item.pk}/"))


def test_more_time_through_the_page(alder: SimpleNamespace, item: WorkItem) -> None:
    client = as_(alder.hal)
    assert item.due_on is not None
    later = item.due_on + timedelta(days=5)
    sent = {"new_due_0": later.day, "new_due_1": later.month, "new_due_2": later.year}

    early = client.post(verb(item, "more_time"), {"new_due_0": 1, "new_due_1": 1, "new_due_2": 2020, "note": "Away"})
    assert early.status_code == 409
    assert "New date: it must be after today" in text_of(early)
    done = client.post(verb(item, "more_time"), sent | {"note": "Counsel is away"})

    assert done.status_code == 302
    item.refresh_from_db()
    assert item.due_on == later


def test_privileged_text_is_for_the_queue_alone(alder: SimpleNamespace, item: WorkItem) -> None:
    auditor = people.person(Role.AUDITOR, Role.ADMINISTRATOR, at=alder.council)
    as_(alder.hal).post(
        verb(item, "respond"), {"answer": "cannot_agree", "text": "SECRET: we would lose in court", "privileged": "on"}
    )
    item.refresh_from_db()
    assert (item.is_privileged, item.answer_text) == (True, "SECRET: we would lose in court")

    assert "SECRET" in text_of(as_(alder.nina).get(f"/work/{item.pk}/"))
    for person in (alder.priya, alder.lewis, auditor):
        client = as_(person)
        for url in (f"/work/{item.pk}/", f"/history/{item.case_file_id}/", "/outbox/"):
            page = client.get(url)
            assert page.status_code == 200
            assert "SECRET" not in page.content.decode(), (person, url)
        page = client.get(f"/work/{item.pk}/")
        assert "Cannot agree yet" in text_of(page)
        assert "What was said is privileged, so only the people who work this queue can read it." in text_of(page)
    for url in ("/audit/", "/audit/export/", "/queues/legal/export/?view=settled", "/queues/legal/?view=settled"):
        answer = as_(auditor).get(url)
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"SECRET" not in body, url
        assert b"annot agree yet" in body or b"cannot agree" in body, url
    assert b"SECRET" not in b"".join(as_(alder.hal).get("/queues/legal/export/?view=settled").streaming_content)


def test_answer_that_is_not_privileged_is_read_by_whoever_asked(alder: SimpleNamespace, item: WorkItem) -> None:
    as_(alder.hal).post(verb(item, "respond"), {"answer": "agreed_with_conditions", "text": "Only with a bond."})

    page = text_of(as_(alder.priya).get(f"/work/{item.pk}/"))

    assert "Agreed with conditions Hal Whitby, Legal" in page
    assert "Only with a bond." in page


def test_withdrawing_asks_for_a_reason(alder: SimpleNamespace, item: WorkItem) -> None:
    client = as_(alder.priya)
    assert "Enter the reason" in text_of(client.post(verb(item, "close"), {"note": ""}))

    client.post(verb(item, "close"), {"note": "We found the answer ourselves"})

    page = text_of(as_(alder.hal).get(f"/work/{item.pk}/"))
    assert "Priya Shah closed this as no longer needed. We found the answer ourselves" in page


# --- Tasks on people --------------------------------------------------------------------------------------------------


def test_task_has_a_plain_page_with_one_button(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    task = make.item(case, queue=None, assignee=alder.priya, asks="do", kind="task", title="Write the outcomes")
    client = as_(alder.priya)

    page = client.get(f"/work/{task.pk}/")

    assert page.context["form"].submit_label == "Mark as done"
    assert "privileged" not in page.context["form"].fields
    done = client.post(page.context["form"].helper.form_action, {"answer": "done", "text": ""})
    assert done.status_code == 302
    task.refresh_from_db()
    assert (task.state, task.answer) == ("answered", "done")
    assert as_(alder.hal).post(verb(task, "respond"), {"answer": "done"}).status_code == 403


# --- The file ---------------------------------------------------------------------------------------------------------


def test_export_holds_what_is_shown_and_runs_no_formula(alder: SimpleNamespace) -> None:
    bad = make.item(make.case_file(holder=alder.priya, title='=HYPERLINK("http://x","y")'), by=alder.priya)
    make.item(make.case_file(holder=alder.priya, title="Roads"), by=alder.priya)
    client = as_(alder.hal)

    answer = client.get("/queues/legal/export/?q=hyperlink")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="legal-')
    assert len(lines) == 2
    assert lines[1].startswith(f'{bad.case_file.reference},"\'=HYPERLINK(""http://x"",""y"")",')
    event = AuditEvent.objects.order_by("-id")[0]
    assert (event.verb, event.actor_id, event.changes) == (
        "export",
        alder.hal.pk,
        {"list": "the Legal queue", "rows": "1"},
    )


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(alder: SimpleNamespace, item: WorkItem, method: str) -> None:
    client = as_(alder.hal)
    for url in ("/requests/", "/queues/legal/", f"/work/{item.pk}/", verb(item, "respond"), "/outbox/"):
        assert getattr(client, method)(url).status_code == 405
