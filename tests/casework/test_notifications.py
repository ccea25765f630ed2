"""The notifications page, the count beside its name, the choices of mail, and the calendar address."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework import door
from casework.models import AuditEvent, CalendarFeed, MailPreference, OutboxMessage
from casework.services import deadlines, outbox
from casework.services.preferences import choose_mail
from casework.services.reminders import sweep
from organisation import clock
from organisation.backends import PersonBackend
from organisation.models import Person
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db
PAGE = "/notifications/"


@pytest.fixture(autouse=True)
def _monday(db: None) -> None:
    people.calendars()
    clock.move_to(date(2026, 3, 2))


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(answer: Any) -> str:
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def tell(person: Person, subject: str, **more: Any) -> OutboxMessage:
    return outbox.post(person, subject=subject, body="You asked for this.\n\nMore.", kind="test", **more)


def test_page_shows_what_somebody_was_told_newest_first(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya, title="Home care")
    deadlines.set_deadline(case, "lesson", "1", due_on=date(2026, 3, 5), holder=alder.priya, title="Share the lesson")
    tell(alder.priya, "Read the reply", case_file=case)
    clock.move_to(date(2026, 3, 5))
    sweep(date(2026, 3, 5))
    tell(alder.hal, "For Hal only")

    shown = text(as_(alder.priya).get(PAGE))

    assert "Notifications (2 unread)" in shown
    assert shown.index(f"Unread Share the lesson: {case.reference} Home care") < shown.index("Unread Read the reply")
    assert "Due 5 March 2026, today" in shown
    assert "This is yours to do. Told 5 March 2026, 9:30am." in shown
    assert "You asked for this. Told 2 March 2026, 9:30am." in shown
    assert "For Hal only" not in shown
    deadlines.finish_deadline(case, "lesson", "1")
    assert "Done since" in text(as_(alder.priya).get(PAGE))


def test_one_or_all_are_marked_as_read(alder: SimpleNamespace) -> None:
    messages = [tell(alder.priya, f"Message {n}") for n in range(4)]
    client = as_(alder.priya)

    client.post(f"{PAGE}{messages[0].pk}/read/")
    assert "3 unread" in text(client.get(PAGE))
    # A message that came after the page was opened stays unread.
    answer = client.post(f"{PAGE}read/", {"newest": messages[2].pk}, follow=True)
    assert "2 notifications marked as read." in text(answer)
    shown = text(client.get(PAGE, {"show": "unread"}))
    assert "Message 3" in shown
    assert "Message 2" not in shown
    assert as_(alder.hal).post(f"{PAGE}{messages[3].pk}/read/").status_code == 404
    assert client.post(f"{PAGE}read/", {"newest": "x"}).status_code == 404


def test_count_is_bounded_and_leaves_out_what_may_not_be_seen(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    for n in range(101):
        tell(alder.priya, f"Message {n}")
    for n in range(2):
        tell(alder.hal, f"Message {n}", case_file=case)
    make.wall(case, alder.hal)

    assert "Notifications (99+ unread)" in text(as_(alder.priya).get("/help/"))
    shown = text(as_(alder.hal).get(PAGE))
    assert "Notifications (" not in shown
    assert "Nothing yet." in shown
    assert case.reference not in shown


def test_count_is_that_of_the_page(alder: SimpleNamespace) -> None:
    """The count is written out for speed: it must know the same scope as the list."""
    case = make.case_file(holder=alder.priya)
    below = make.case_file(holder=alder.priya, root=case)
    lifted = make.case_file(holder=alder.priya)
    elsewhere = make.case_file(alder.other)
    for about in (None, case, below, lifted, elsewhere):
        for reader in (alder.hal, alder.nina, alder.olga):
            tell(reader, "Something", case_file=about)
    OutboxMessage.objects.filter(person=alder.nina, case_id=None).update(read_at=clock.now())
    make.wall(case, alder.hal)
    wall = make.wall(lifted, alder.hal)
    wall.lifted_at = clock.now()
    wall.save()
    alder.nina.memberships.update(ends_on=clock.today())

    for reader, count in ((alder.hal, 2), (alder.nina, 0), (alder.olga, 2)):
        loaded: Any = PersonBackend().get_user(reader.pk)
        assert loaded.unread_notices == count
        assert OutboxMessage.objects.notices_of(loaded).filter(read_at=None).count() == count


def test_count_costs_no_statement_and_the_page_the_same_few(alder: SimpleNamespace, queries_of: Any) -> None:
    client = as_(alder.priya)
    client.get("/help/")
    assert queries_of(lambda: client.get("/help/")) == []
    case = make.case_file(holder=alder.priya)
    tell(alder.priya, "One", case_file=case)
    few = queries_of(lambda: client.get(PAGE))
    for n in range(30):
        tell(alder.priya, f"Message {n}", case_file=case)
    many = queries_of(lambda: client.get(PAGE))

    assert len(few) == len(many) <= 3, many
    assert "Message 29" in text(client.get(PAGE))


def test_choices_of_mail_are_kept(alder: SimpleNamespace) -> None:
    client = as_(alder.priya)
    form = {"decide": "daily", "asked": "at_once", "answers": "off", "due": "daily", "watch": "off", "other": "off"}

    assert client.post(f"{PAGE}preferences/", form | {"decide": "off"}).status_code == 200
    assert not MailPreference.objects.exists()
    assert "Your choices are saved." in text(client.post(f"{PAGE}preferences/", form, follow=True))
    client.post(f"{PAGE}preferences/", form)
    assert dict(MailPreference.objects.values_list("topic", "way")) == form
    with pytest.raises(ValueError, match="cannot be switched off"):
        choose_mail(alder.priya, {"decide": "off"})


def test_calendar_holds_ones_own_deadlines_until_its_address_ends(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya, title="Home care, rural north; phase 1")
    item = make.item(make.case_file(holder=alder.priya), allowance=14)
    door.carry_out(item, "assign", by=alder.hal, assignee=alder.hal)
    deadlines.set_deadline(case, "lesson", "1", due_on=date(2026, 3, 5), holder=alder.priya, title="Share the lesson")
    walled = make.case_file(holder=alder.priya)
    deadlines.set_deadline(walled, "lesson", "1", due_on=date(2026, 3, 6), holder=alder.priya, title="Not for Priya")
    make.wall(walled, alder.priya)
    client = as_(alder.priya)
    assert "Make a calendar address" in text(client.get(f"{PAGE}preferences/"))

    client.post(f"{PAGE}calendar/", {"make": "1"})
    address = re.search(r"http://127.0.0.1:8000(/calendar/\S+\.ics)", text(client.get(f"{PAGE}preferences/")))
    assert address
    answer = Client().get(address[1])

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    told = answer.content.decode().replace("\r\n ", "")
    assert told.count("BEGIN:VEVENT") == 1
    assert f"SUMMARY:Share the lesson: {case.reference} Home care\\, rural north\\; phase 1\r\n" in told
    assert "DTSTART;VALUE=DATE:20260305\r\nDTEND;VALUE=DATE:20260306" in told
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75

    client.post(f"{PAGE}calendar/", {"make": "1"})
    assert Client().get(address[1]).status_code == 404
    client.post(f"{PAGE}calendar/", {"end": "1"})
    assert not CalendarFeed.objects.filter(ended_at=None).exists()
    verbs = AuditEvent.objects.filter(subject_kind="organisation.person").order_by("id")
    assert [event.verb for event in verbs] == ["calendar.make", "calendar.make", "calendar.end"]


def test_calendar_of_a_guessed_address_or_a_closed_account_is_not_there(alder: SimpleNamespace) -> None:
    as_(alder.priya).post(f"{PAGE}calendar/", {"make": "1"})
    feed = CalendarFeed.objects.get()
    from casework.views.calendar import address_of

    path = address_of(alder.priya).removeprefix("http://127.0.0.1:8000")
    guessed = reverse("casework:calendar", args=[feed.number, "x" * 43])
    assert Client().get(guessed).status_code == 404
    assert Client().get(path).status_code == 200
    Person.objects.filter(pk=alder.priya.pk).update(is_active=False)
    assert Client().get(path).status_code == 404
