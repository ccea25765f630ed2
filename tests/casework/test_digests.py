"""Mail as people chose it: straight away, in one email at eight, or not at all; several reminders are one email."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from casework.models import Deadline, MailPreference, OutboxMessage
from casework.services import deadlines, outbox
from casework.services.reminders import sweep
from organisation import clock
from organisation.models import Person
from organisation.services.reference_data import load_calendars
from tests.factories import casework as make

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def _monday(db: None) -> None:
    load_calendars()
    clock.move_to(date(2026, 3, 2))


def at(day: date, hour: int, minute: int = 0) -> None:
    clock.move_to(datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.LONDON))


def lesson(holder: Person, key: str = "1", on: date = THURSDAY, kind: str = "lesson") -> Deadline:
    case = make.case_file(holder=holder, title=f"Home care {key}")
    deadlines.set_deadline(case, kind, key, due_on=on, holder=holder, title="Share the lesson", path=f"/lessons/{key}/")
    return Deadline.objects.get(case_file=case)


def prefer(person: Person, **ways: str) -> None:
    for topic, way in ways.items():
        MailPreference.objects.update_or_create(person=person, topic=topic, defaults={"way": way})


def sweep_and_send(day: date = THURSDAY, hour: int = 7) -> list[str]:
    """The subjects of the mail that left."""
    at(day, hour)
    sweep(day)
    mail.outbox.clear()
    outbox.send_waiting()
    return [message.subject for message in mail.outbox]


def test_one_reminder_is_one_email_that_says_everything(alder: SimpleNamespace) -> None:
    row = lesson(alder.priya)
    reference = row.case_file.reference

    assert sweep_and_send() == [f"Share the lesson by 5 March 2026: {reference} Home care 1"]

    body = mail.outbox[0].body
    assert body.splitlines()[0] == "This is yours to do."
    assert f"Due 5 March 2026, today\n\n{'http://127.0.0.1:8000'}/lessons/1/\n" in body
    assert "If you do nothing: what was learnt is not shared." in body
    assert body.count("http") == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == OutboxMessage.objects.get().message_id
    outbox.send_waiting()
    assert len(mail.outbox) == 1


def test_several_reminders_are_one_email(alder: SimpleNamespace) -> None:
    first, second = lesson(alder.priya, "1"), lesson(alder.priya, "2")
    lesson(alder.hal, "3")

    subjects = sweep_and_send()

    references = f"{first.case_file.reference} and {second.case_file.reference}"
    assert min(subjects) == f"2 things to do or watch, next 5 March 2026: {references}"
    assert len(subjects) == 2
    (joint,) = [message for message in mail.outbox if message.to == [alder.priya.email]]
    body = joint.body
    assert body.count("* Share the lesson") == 2
    assert body.count("http") == 1
    carried = OutboxMessage.objects.filter(person=alder.priya, is_notice=True)
    assert {message.handling for message in carried} == {"carried"}
    assert {message.digest.message_id for message in carried} == {joint.extra_headers["Message-ID"]}


def test_daily_email_comes_at_eight_on_a_working_day(alder: SimpleNamespace) -> None:
    prefer(alder.priya, due="daily", other="daily")
    friday = date(2026, 4, 2)  # the Thursday before Good Friday
    lesson(alder.priya, "1", on=friday)

    assert sweep_and_send(friday, hour=9) == []
    outbox.post(alder.priya, subject="Read the plan", body="Why.", kind="test")
    outbox.send_waiting()
    for closed in (date(2026, 4, 3), date(2026, 4, 6)):
        at(closed, 9)
        outbox.send_waiting()
    at(date(2026, 4, 7), 7, 59)
    outbox.send_waiting()
    assert mail.outbox == []

    at(date(2026, 4, 7), 8, 1)
    outbox.send_waiting()
    (sent,) = mail.outbox
    assert sent.subject.startswith("2 messages from Gatehouse: COM-")
    assert "Was due 2 April 2026: 1 working day overdue" in sent.body
    assert "* Read the plan" in sent.body


def test_what_was_done_before_the_daily_email_is_left_out(alder: SimpleNamespace) -> None:
    prefer(alder.priya, due="daily")
    done, left = lesson(alder.priya, "1"), lesson(alder.priya, "2")
    assert sweep_and_send(hour=9) == []

    deadlines.finish_deadline(done.case_file, "lesson", "1")
    at(date(2026, 3, 6), 8)
    outbox.send_waiting()

    assert [sent.subject for sent in mail.outbox] == [f"Share the lesson, was due 5 March 2026: {left.case_file}"]
    assert OutboxMessage.objects.get(case_id=done.case_file_id).handling == "not_mailed"


def test_mail_can_be_off_but_decisions_cannot(alder: SimpleNamespace) -> None:
    prefer(alder.priya, due="off", decide="off")
    lesson(alder.priya, "1")
    decision = lesson(alder.priya, "2", on=date(2026, 3, 6), kind="gate_decision")

    assert sweep_and_send() == [f"Share the lesson by 6 March 2026: {decision.case_file}"]
    assert OutboxMessage.objects.notices_of(alder.priya).count() == 2


def test_nobody_is_mailed_about_a_case_they_may_no_longer_see(alder: SimpleNamespace) -> None:
    walled, left = lesson(alder.priya, "1"), lesson(alder.hal, "2")
    at(THURSDAY, 7)
    sweep(THURSDAY)
    make.wall(walled.case_file, alder.priya)
    left.case_file.organisation.memberships.filter(person=alder.hal).update(ends_on=THURSDAY)

    assert outbox.send_waiting() == 0
    assert {message.handling for message in OutboxMessage.objects.all()} == {"not_mailed"}
    assert not OutboxMessage.objects.notices_of(alder.priya).exists()


def test_two_workers_make_one_email(alder: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the marks of the first and lets its own email go."""
    lesson(alder.priya, "1")
    lesson(alder.priya, "2")
    at(THURSDAY, 7)
    sweep(THURSDAY)
    from casework.services import digests

    real, seen = digests._join, []

    def twice(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        real(*args, **kwargs)
        seen.append(True)

    monkeypatch.setattr(digests, "_join", twice)
    assert outbox.send_waiting() == 1
    assert seen
    assert OutboxMessage.objects.filter(kind="digest").count() == 1
