"""The audit trail, the history of a case and the outbox as pages and files."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.audit import audited, record
from casework.audit.sentences import history_of, register_sentence
from casework.models import AuditEvent, CaseFile, WorkItem
from casework.refusals import Refused
from casework.services import outbox
from organisation import clock
from organisation.actors import System
from organisation.models import Person
from organisation.roles import Role
from tests.casework.test_queues_pages import as_, text_of
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db

Queries = Callable[[Callable[[], Any]], list[str]]


@pytest.fixture
def auditor(alder: SimpleNamespace) -> Person:
    return people.person(Role.AUDITOR, at=alder.council, name="Olu Auditor")


@pytest.fixture
def story(alder: SimpleNamespace) -> SimpleNamespace:
    """One case on which something was asked, assigned, questioned, answered, and something refused."""
    clock.move_to(date(2026, 11, 16))
    case = make.case_file(holder=alder.priya, title="Home care")
    item = make.item(case, by=alder.priya, title="Advise on terms", because="£640,000 is over £500,000", rules_number=1)
    door.carry_out(item, "assign", by=alder.hal, assignee=alder.nina)
    door.carry_out(item, "ask", by=alder.nina, text="Which site?")
    door.carry_out(item, "reply", by=alder.priya, text="The north one")
    with pytest.raises(Refused):
        door.carry_out(item, "respond", by=alder.priya, answer="agreed")
    due = clock.today() + timedelta(days=40)
    door.carry_out(item, "more_time", by=alder.nina, new_due=due, note="Counsel is away")
    door.carry_out(item, "respond", by=alder.nina, answer="agreed_with_conditions", text="With a bond")
    return SimpleNamespace(case=case, item=item)


def sentences(page: Any) -> list[str]:
    return [f"{said.strong} {said.sentence}".strip() for said in page.context["events"]]


# --- Sentences --------------------------------------------------------------------------------------------------------


def test_history_tells_each_event_as_a_sentence(alder: SimpleNamespace, story: SimpleNamespace) -> None:
    page = as_(alder.lewis).get(f"/history/{story.case.pk}/")

    assert page.status_code == 200
    assert sentences(page) == [
        "Nina Rao answered “Advise on terms”: agreed with conditions.",
        "Nina Rao agreed more time for “Advise on terms”, until 26 December 2026. Counsel is away.",
        (
            "Priya Shah tried to answer “Advise on terms” and was refused: You cannot answer this item. "
            "Ask Nina Rao, Legal or Hal Whitby, Legal."
        ),
        "Priya Shah replied about “Advise on terms”.",
        "Nina Rao asked the requester a question about “Advise on terms”.",
        "Hal Whitby gave “Advise on terms” to Nina Rao.",
        "Priya Shah asked Legal: Advise on terms. £640,000 is over £500,000.",
    ]
    assert "16 November 2026, 9:30am" in text_of(page)


def test_system_and_deputies_are_named_for_what_they_are(alder: SimpleNamespace) -> None:
    people.cover(alder.lewis, alder.maria)
    case = make.case_file(holder=alder.priya)
    task = make.item(
        case, queue=None, assignee=alder.lewis, asks="do", title="Write it up", by=System(because="A rule")
    )
    door.carry_out(task, "respond", by=alder.maria, answer="done")

    told = [said.sentence for said in history_of(case)]

    assert told == [
        "Maria Okafor, for Lewis Grant, answered “Write it up”: done.",
        "Gatehouse set a task: Write it up. A rule. A test asked.",
    ]


def test_rooms_add_their_own_sentences(alder: SimpleNamespace) -> None:
    register_sentence("test.counted", "counted {apples} apples for {subject}")
    register_sentence("test.called", lambda event, fields: f"called {fields['subject']} {event.reason}")
    case = make.case_file(holder=alder.priya, title="Fruit")
    with audited(by=alder.priya):
        record(verb="test.counted", subject=case, changes={"apples": [1, 3]})
        record(verb="test.called", subject=case, reason="twice")
        record(
            verb="test.unknown_act", subject=case, changes={"needed_by": ["2026-11-16", None], "pears": [None, True]}
        )

    newest, called, counted = (said.sentence for said in history_of(case))

    assert counted == f"Priya Shah counted 3 apples for {case}."
    assert called == f"Priya Shah called {case} twice. Twice."
    assert newest == f"Priya Shah test unknown act: {case}. Needed by: 16 November 2026, now blank. Pears: True."


def test_erased_name_leaves_a_readable_history(alder: SimpleNamespace, story: SimpleNamespace) -> None:
    Person.objects.filter(pk=alder.nina.pk).update(name="")

    assert history_of(story.case)[0].sentence.startswith("Somebody whose name was erased answered")


def test_limit_and_statements_of_a_history(story: SimpleNamespace, django_assert_num_queries: Any) -> None:
    assert len(history_of(story.case, limit=2)) == 2
    with django_assert_num_queries(1):
        history_of(story.case, limit=3)
    with django_assert_num_queries(2):  # the item was given to somebody, whose name is looked up
        history_of(story.case, limit=100)


# --- History of a case and what is under it ---------------------------------------------------------------------------


@pytest.fixture
def family(alder: SimpleNamespace) -> SimpleNamespace:
    parent = make.case_file(holder=alder.priya, title="The commission")
    child = make.case_file(holder=alder.priya, kind="exercise", prefix="EXE", title="The exercise", root=parent)
    for case in (parent, child):
        with audited(by=alder.priya):
            record(verb="test.done", subject=case, reason=f"On {case.kind}")
    return SimpleNamespace(parent=parent, child=child)


def test_history_of_a_commission_holds_what_is_under_it_but_not_the_other_way(
    alder: SimpleNamespace, family: SimpleNamespace
) -> None:
    client = as_(alder.hal)

    whole = text_of(client.get(f"/history/{family.parent.pk}/"))
    part = text_of(client.get(f"/history/{family.child.pk}/"))

    assert "On commission." in whole
    assert "On exercise." in whole
    assert "On exercise." in part
    assert "On commission." not in part


def test_history_hides_what_the_reader_is_walled_off_from(alder: SimpleNamespace, family: SimpleNamespace) -> None:
    make.wall(family.child, alder.hal)
    client = as_(alder.hal)

    assert "On exercise" not in text_of(client.get(f"/history/{family.parent.pk}/"))
    assert client.get(f"/history/{family.child.pk}/").status_code == 404
    assert "On exercise" in text_of(as_(alder.nina).get(f"/history/{family.parent.pk}/"))


def write_many(case: CaseFile, number: int) -> None:
    with audited(by=System(because="Many")):
        for n in range(number):
            record(verb="test.many", subject=case, reason=f"Number {n}")


def test_history_is_paged_by_key(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    write_many(case, 120)
    client, url, seen = as_(alder.hal), f"/history/{case.pk}/", []
    while url:
        page = client.get(url)
        seen.append(len(page.context["events"]))
        back, url = page.context["previous_url"], page.context["next_url"]

    assert seen == [50, 50, 20]
    assert client.get(back).context["words"] == "Showing 51 to 100, newest first"
    for bad in ("after=x", "after=20261116T093000.000000_", "before=_1_2", "from=0x1"):
        assert client.get(f"/history/{case.pk}/?{bad}").status_code == 404


def test_history_asks_the_same_few_statements_however_long(alder: SimpleNamespace, queries_of: Queries) -> None:
    case = make.case_file(holder=alder.priya)
    client = as_(alder.hal)
    write_many(case, 3)
    client.get("/")
    few = queries_of(lambda: client.get(f"/history/{case.pk}/"))
    write_many(case, 60)
    lots = queries_of(lambda: client.get(f"/history/{case.pk}/"))

    assert len(few) == len(lots), (few, lots)
    assert len(lots) <= 5, repr(lots)


# --- The audit page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.AUDITOR, Role.ADMINISTRATOR)])
@pytest.mark.parametrize("path", ["/audit/", "/audit/export/"])
def test_trail_is_for_auditors_and_administrators(
    alder: SimpleNamespace, auditor: Person, role: Role, path: str
) -> None:
    page = as_(people.person(role, at=alder.council)).get(path)

    assert page.status_code == 403
    assert "You cannot read the audit trail. Ask Olu Auditor." in text_of(page)


def test_trail_cannot_be_posted_to(auditor: Person) -> None:
    assert as_(auditor).post("/audit/").status_code == 405
    assert as_(auditor).post("/audit/export/").status_code == 405


def rows(page: Any) -> list[str]:
    return [row.sentence for row in page.context["rows"]]


def test_trail_says_who_what_role_states_reason_and_rules(
    alder: SimpleNamespace, auditor: Person, story: SimpleNamespace
) -> None:
    page = as_(auditor).get("/audit/")

    answered, more, refused = [row for row in page.context["rows"] if row.reference][:3]
    assert answered.sentence == "Nina Rao answered “Advise on terms”: agreed with conditions."
    assert (answered.role, answered.from_state, answered.to_state) == ("Legal", "Assigned", "Answered")
    assert (answered.reference, answered.path) == (story.case.reference, story.case.path)
    assert (answered.rules_version, more.reason) == ("1", "Counsel is away.")
    assert refused.is_refusal
    assert (
        "Refused Priya Shah tried to answer “Advise on terms” and was refused: You cannot answer this item."
        in text_of(page)
    )
    assert "£640,000 is over £500,000." in text_of(page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("person=nina", ["answered", "agreed more time", "asked the requester"]),
        ("person=nina&act=workitem.ask", ["asked the requester"]),
        ("act=workitem.assign", ["gave"]),
        ("refused=1", ["tried to answer"]),
        ("person=nobody", []),
        ("person=%00nina%00&act=workitem.ask", ["asked the requester"]),
        ("since=2026-11-17&act=workitem.ask", []),
        ("until=2026-11-15&act=workitem.ask", []),
        ("since=2026-11-16&until=2026-11-16&act=workitem.ask", ["asked the requester"]),
        ("reference=COM-1999-0001", []),
        ("act=nonsense", []),
    ],
)
def test_trail_is_filtered_by_person_reference_act_and_date(
    auditor: Person, story: SimpleNamespace, query: str, expected: list[str]
) -> None:
    page = as_(auditor).get(f"/audit/?{query}")

    assert page.status_code == 200
    found = rows(page)
    assert len(found) == len(expected), found
    assert all(words in sentence for words, sentence in zip(expected, found, strict=True))


def test_trail_of_one_reference(auditor: Person, story: SimpleNamespace, family: SimpleNamespace) -> None:
    page = as_(auditor).get(f"/audit/?reference={story.case.reference.lower()}")
    assert {row.reference for row in page.context["rows"]} == {story.case.reference}

    whole = as_(auditor).get(f"/audit/?reference={family.parent.reference}")
    assert {row.reference for row in whole.context["rows"]} == {family.parent.reference, family.child.reference}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-02-30", "The first day must be a real date"),
        ("until=yesterday", "The last day must be a real date"),
        ("since=2026-11-16&until=2026-11-15", "The last day must be the same as or after the first day"),
    ],
)
def test_dates_that_make_no_sense_are_told_by_the_field(auditor: Person, query: str, words: str) -> None:
    page = as_(auditor).get(f"/audit/?{query}")

    assert page.status_code == 200
    assert words in text_of(page)
    assert "<title>Error: " in page.content.decode()


def test_trail_of_another_council_is_not_read(alder: SimpleNamespace, auditor: Person) -> None:
    case = make.case_file(alder.other, title="Westmere’s own")
    item = make.item(case, queue=alder.legal)
    door.carry_out(item, "respond", by=alder.olga, answer="agreed")
    stranger = people.person(at=None, name="Nobody’s Person")
    with audited(by=System(because="x")):
        record(verb="changed", subject=stranger, changes={"team": ["", "Secret team"]})

    page = text_of(as_(auditor).get("/audit/"))
    file = b"".join(as_(auditor).get("/audit/export/").streaming_content).decode()

    for text in (page, file):
        assert "Olga" not in text
        assert "Secret team" not in text
    assert rows(as_(auditor).get(f"/audit/?reference={case.reference}&person=olga")) == []


def test_trail_hides_what_the_auditor_is_walled_off_from(auditor: Person, story: SimpleNamespace) -> None:
    make.wall(story.case, auditor)

    assert "Advise on terms" not in text_of(as_(auditor).get("/audit/"))
    assert b"Advise on terms" not in b"".join(as_(auditor).get("/audit/export/").streaming_content)


def test_trail_is_paged_by_key_in_constant_statements(
    alder: SimpleNamespace, auditor: Person, queries_of: Queries
) -> None:
    case = make.case_file(holder=alder.priya)
    client = as_(auditor)
    write_many(case, 3)
    client.get("/audit/")
    few = queries_of(lambda: client.get("/audit/"))
    write_many(case, 130)
    lots = queries_of(lambda: client.get("/audit/"))
    assert len(few) == len(lots), (few, lots)
    assert len(lots) <= 5, repr(lots)

    url, seen = "/audit/?act=test.many", 0
    while url:
        page = client.get(url)
        seen += len(page.context["rows"])
        url = page.context["next_url"]
    assert seen == 133
    assert client.get("/audit/?after=x").status_code == 404


def test_trail_as_a_file_is_whole_safe_and_an_event_itself(
    alder: SimpleNamespace, auditor: Person, story: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with audited(by=alder.priya):
        record(verb="test.formula", subject=story.case, reason='=HYPERLINK("http://x")')
    before = AuditEvent.objects.count()

    answer = as_(auditor).get("/audit/export/?person=priya")
    read = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    formula = next(row for row in read if row["Act"] == "test.formula")
    assert formula["Reason and changes"].startswith("'=HYPERLINK")
    refused = next(row for row in read if row["Refused"] == "yes")
    assert (refused["Who"], refused["Reference"]) == ("Priya Shah", story.case.reference)
    event = AuditEvent.objects.get(chain=refused["Chain"], number=refused["Number"])
    assert event.hash == refused["Hash"]
    assert AuditEvent.objects.count() == before + 1
    export = AuditEvent.objects.order_by("-id")[0]
    assert (export.verb, export.actor_id) == ("export", auditor.pk)
    assert export.changes == {"list": "the audit trail", "rows": str(len(read)), "person": "priya"}
    assert "Olu Auditor downloaded" in text_of(as_(auditor).get("/audit/"))


def test_long_file_is_read_in_chunks(alder: SimpleNamespace, auditor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from casework.selectors import audit
    from casework.views import audit as views

    write_many(make.case_file(holder=alder.priya), 25)
    monkeypatch.setattr(views, "in_chunks", lambda rows, most: audit.in_chunks(rows, most, size=7))

    lines = b"".join(as_(auditor).get("/audit/export/?act=test.many").streaming_content).decode().splitlines()

    numbers = [int(line.split(",")[1]) for line in lines[1:]]
    assert len(numbers) == 25
    assert numbers == sorted(numbers, reverse=True)


# --- The outbox -------------------------------------------------------------------------------------------------------


def test_outbox_shows_mail_as_its_reader_sees_it(alder: SimpleNamespace, story: SimpleNamespace) -> None:
    outbox.send_waiting()

    page = as_(alder.lewis).get("/outbox/")

    words = text_of(page)
    assert f"Answered: {story.case.reference} Home care" in words
    assert "To Priya Shah, Commissioning, " in words
    assert "Sent 16 November 2026" in words


def test_outbox_is_there_in_a_demonstration_only(alder: SimpleNamespace, settings: Any) -> None:
    settings.DEMO = False

    assert as_(alder.lewis).get("/outbox/").status_code == 404


def test_outbox_asks_to_sign_in(client: Client) -> None:
    assert client.get("/outbox/").status_code == 302


def test_mail_with_markup_is_shown_as_text(alder: SimpleNamespace) -> None:
    outbox.post(alder.priya, subject="<b>Bold</b>", body="<script>alert(1)</script> http://127.0.0.1/x", kind="test")

    body = as_(alder.lewis).get("/outbox/").content.decode()

    assert "&lt;b&gt;Bold&lt;/b&gt;" in body
    assert "<script>alert(1)" not in body


def test_work_item_of_the_story_is_settled(story: SimpleNamespace) -> None:
    assert WorkItem.objects.get(pk=story.item.pk).state == "answered"
